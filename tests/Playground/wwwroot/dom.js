// Small tools for making and updating elements. Text only ever becomes text nodes.

const SVG = 'http://www.w3.org/2000/svg';
const PROPERTIES = new Set(['checked', 'disabled', 'selected']);

/** Makes an element: `h('p', {class: 'x', onclick: f}, 'text', child)`. Null and false children are left out. */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  return build(document.createElement(name), classes, props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return build(document.createElementNS(SVG, tag), [], props, children);
}

function build(node, classes, props, children) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) listen(node, key.slice(2), value);
    else if (key === 'class') classes.push(...value.split(' ').filter(Boolean));
    else node.setAttribute(key, value === true ? '' : value);
  }
  if (classes.length) node.setAttribute('class', classes.join(' '));
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    node.append(child);
  }
  return node;
}

// Handlers live beside the node, so that an update can exchange them without adding listeners again.
function listen(node, type, handler) {
  node.handlers ??= {};
  if (!(type in node.handlers)) node.addEventListener(type, dispatch);
  node.handlers[type] = handler;
}

function dispatch(event) {
  this.handlers?.[event.type]?.call(this, event);
}

/** Makes the children of `parent` look like `children`, touching only what differs: no flicker, nothing typed or scrolled is lost. */
export function update(parent, ...children) {
  const wanted = append(document.createDocumentFragment(), children);
  morphChildren(parent, [...wanted.childNodes]);
}

function morphChildren(parent, wanted) {
  const keyed = new Map();
  for (const child of parent.childNodes) if (keyOf(child)) keyed.set(keyOf(child), child);
  let cursor = parent.firstChild;
  for (const next of wanted) {
    const key = keyOf(next);
    const match = key ? keyed.get(key) : unkeyedMatch(cursor, next);
    if (!match || !alike(match, next)) {
      parent.insertBefore(next, cursor);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(match, cursor);
    morph(match, next);
  }
  while (cursor) {
    const rest = cursor.nextSibling;
    cursor.remove();
    cursor = rest;
  }
}

function unkeyedMatch(cursor, next) {
  return cursor && !keyOf(cursor) && alike(cursor, next) ? cursor : null;
}

function keyOf(node) {
  return node.dataset?.key;
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function morph(node, next) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.data !== next.data) node.data = next.data;
    return;
  }
  for (const { name, value } of next.attributes) if (node.getAttribute(name) !== value && !isOwn(node, name)) node.setAttribute(name, value);
  for (const { name } of [...node.attributes]) if (!next.hasAttribute(name) && !isOwn(node, name)) node.removeAttribute(name);
  for (const property of PROPERTIES) if (property in node && node[property] !== next[property]) node[property] = next[property];
  for (const [type, handler] of Object.entries(next.handlers ?? {})) listen(node, type, handler);
  for (const type of Object.keys(node.handlers ?? {})) if (!next.handlers?.[type]) delete node.handlers[type];
  if (!node.hasAttribute('data-own')) morphChildren(node, [...next.childNodes]);
}

// What the person at the page has set stays as it is.
function isOwn(node, name) {
  return (node.nodeName === 'DETAILS' && name === 'open') || (node.nodeName === 'TEXTAREA' && name === 'style') || name === 'data-busy';
}

/** Calls `handler` for Enter, but not for Shift+Enter nor while an input method composes. */
export function onEnter(handler) {
  return (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    handler(event);
  };
}

/** Lets a text area grow with its text. */
export function grow(area) {
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight + 2, 220)}px`;
}
