// Just enough of a document to build elements and look at them.

class Text {
  constructor(data) {
    this.data = data;
  }

  get outer() {
    return this.data.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]);
  }
}

class Element {
  childNodes = [];
  attributes = new Map();
  listeners = {};

  constructor(name) {
    this.nodeName = name.toUpperCase();
  }

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  addEventListener(type, listener) {
    this.listeners[type] = listener;
  }

  append(...nodes) {
    this.childNodes.push(...nodes.map((node) => (node instanceof Element || node instanceof Text ? node : new Text(String(node)))));
  }

  get classList() {
    return { contains: (name) => (this.attributes.get('class') ?? '').split(' ').includes(name) };
  }

  get outer() {
    const name = this.nodeName.toLowerCase();
    const attributes = [...this.attributes].map(([key, value]) => ` ${key}="${value}"`).join('');
    return `<${name}${attributes}>${this.childNodes.map((node) => node.outer).join('')}</${name}>`;
  }
}

globalThis.document = { createElement: (name) => new Element(name), createElementNS: (_, name) => new Element(name) };

/** What the nodes would be as HTML. */
export function html(nodes) {
  const holder = new Element('div');
  holder.append(...[nodes].flat(Infinity));
  return holder.childNodes.map((node) => node.outer).join('');
}

/** All elements of a name, outermost first. */
export function all(nodes, name) {
  return [nodes].flat(Infinity).flatMap((node) => (node instanceof Element || node instanceof Text ? [...(node.nodeName === name.toUpperCase() ? [node] : []), ...all(node.childNodes, name)] : []));
}
