// The block part of GitHub-flavoured Markdown, as elements. What is not understood is shown as text.

import { h } from '../dom.js';
import { inline } from './inline.js';
import { diffLines } from './diff.js';

const FENCE = /^( {0,3})(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])(\s+|$)(.*)$/;
const TASK = /^\[([ xX])\]\s+(?=\S)/;

/**
 * `options`: `breaks` (single line ends count), `task(index, checked)` for a click on a task item (they are counted over the whole body),
 * `reference(number)` (the address behind `#7`).
 */
export function markdown(text, options = {}) {
  const context = { ...options, tasks: { next: 0 } };
  return parse(withoutComments(text.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n')), context);
}

/** Takes HTML comments out, but not those in code blocks. */
function withoutComments(lines) {
  let closing = null;
  let inside = false;
  return lines.map((line, index) => {
    if (closing) {
      if (closing.test(line)) closing = null;
      return line;
    }
    if (!inside && FENCE.test(line)) {
      closing = closingOf(FENCE.exec(line)[2]);
      return line;
    }
    let kept = '';
    let rest = line;
    for (;;) {
      const at = rest.indexOf(inside ? '-->' : '<!--');
      const endless = at >= 0 && !inside && !rest.includes('-->', at) && !lines.slice(index + 1).some((later) => later.includes('-->'));
      if (at < 0 || endless) return inside ? kept : kept + rest;
      if (!inside) kept += rest.slice(0, at);
      rest = rest.slice(at + (inside ? 3 : 4));
      inside = !inside;
    }
  });
}

function closingOf(mark) {
  return new RegExp(`^ {0,3}${mark[0]}{${mark.length},}\\s*$`);
}

function parse(lines, context) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const rule = RULES.find((candidate) => candidate.begins(lines, at));
    if (!rule) {
      at += 1;
      continue;
    }
    const [node, next] = rule.read(lines, at, context);
    if (node) out.push(node);
    at = next;
  }
  return out;
}

const blank = (line) => line.trim() === '';

const RULES = [
  { begins: (lines, at) => FENCE.test(lines[at]), read: fence },
  { begins: (lines, at) => /^ {0,3}<details\b/i.test(lines[at]), read: details },
  { begins: (lines, at) => /^ {0,3}#{1,6}(\s|$)/.test(lines[at]), read: heading },
  { begins: (lines, at) => /^ {0,3}([-*_])( *\1){2,} *$/.test(lines[at]), read: (lines, at) => [h('hr'), at + 1] },
  { begins: (lines, at) => /^ {0,3}>/.test(lines[at]), read: quote },
  { begins: (lines, at) => ITEM.test(lines[at]) && !blank(lines[at]), read: list },
  { begins: (lines, at) => /^\s*\|?.*\|/.test(lines[at]) && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] ?? '') && (lines[at + 1] ?? '').includes('-'), read: table },
  { begins: (lines, at) => !blank(lines[at]), read: paragraph },
];

function fence(lines, at, context) {
  const [, indent, mark, language] = FENCE.exec(lines[at]);
  const closing = closingOf(mark);
  let end = at + 1;
  while (end < lines.length && !closing.test(lines[end])) end += 1;
  const code = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
  const content = language === 'diff' ? diffLines(code) : code.join('\n');
  return [h('pre', { class: language === 'diff' ? 'diff' : null, 'data-language': language || null }, h('code', null, content)), end + 1];
}

function details(lines, at, context) {
  let depth = 0;
  let end = at;
  for (; end < lines.length; end += 1) {
    depth += (lines[end].match(/<details\b/gi) ?? []).length - (lines[end].match(/<\/details>/gi) ?? []).length;
    if (depth <= 0) break;
  }
  const body = lines.slice(at, end + 1).join('\n').replace(/^\s*<details([^>]*)>/i, '').replace(/<\/details>\s*$/i, '');
  const summary = /<summary>([\s\S]*?)<\/summary>/i.exec(body);
  const rest = summary ? body.slice(0, summary.index) + body.slice(summary.index + summary[0].length) : body;
  return [h('details', { open: /^\s*<details[^>]*\bopen\b/i.test(lines[at]) }, h('summary', null, inline(summary?.[1].trim() ?? 'Details', context)), parse(rest.split('\n'), context)), end + 1];
}

function heading(lines, at, context) {
  const [, marks, text] = /^ {0,3}(#{1,6})\s*(.*?)\s*#*\s*$/.exec(lines[at]);
  return [h(`h${marks.length}`, null, inline(text, context)), at + 1];
}

function quote(lines, at, context) {
  let end = at;
  while (end < lines.length && !blank(lines[end]) && (/^ {0,3}>/.test(lines[end]) || !RULES.slice(0, 6).some((rule) => rule.begins(lines, end)))) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, ''));
  const alert = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$/.exec(inner[0]);
  if (!alert) return [h('blockquote', null, parse(inner, context)), end];
  const name = alert[1][0] + alert[1].slice(1).toLowerCase();
  return [h('blockquote', { class: `alert ${name.toLowerCase()}` }, h('p', null, h('b', null, name)), parse(inner.slice(1), context)), end];
}

function list(lines, at, context) {
  const [, , first] = ITEM.exec(lines[at]);
  const ordered = /\d/.test(first);
  const items = [];
  let loose = false;
  let end = at;
  while (end < lines.length) {
    const match = ITEM.exec(lines[end]);
    if (!match || /\d/.test(match[2]) !== ordered || (!ordered && match[2] !== first)) break;
    const width = match[1].length + match[2].length + Math.min(Math.max(match[3].length, 1), 4);
    const body = [match[4]];
    let next = end + 1;
    for (; next < lines.length; next += 1) {
      const indent = lines[next].length - lines[next].trimStart().length;
      if (blank(lines[next])) {
        const after = lines.slice(next).find((line) => !blank(line));
        if (after === undefined || after.length - after.trimStart().length < width) break;
        loose = true;
      } else if (indent < width && (ITEM.test(lines[next]) || blank(lines[next - 1]) || RULES.slice(0, 5).some((rule) => rule.begins(lines, next)))) break;
      body.push(lines[next].slice(Math.min(indent, width)));
    }
    items.push(item(body, loose, context));
    end = next;
    if (end < lines.length && blank(lines[end])) {
      const after = lines.findIndex((line, index) => index > end && !blank(line));
      if (after > 0 && ITEM.test(lines[after])) end = after;
    }
  }
  const start = ordered ? parseInt(first, 10) : 1;
  return [h(ordered ? 'ol' : 'ul', { start: ordered && start !== 1 ? start : null, class: items.some((one) => one.classList.contains('task')) ? 'tasks' : null }, items), end];
}

function item(body, loose, context) {
  const task = TASK.exec(body[0]);
  const nodes = () => (task ? parse([body[0].slice(task[0].length), ...body.slice(1)], context) : parse(body, context)).flatMap((node, index) => (!loose && node.nodeName === 'P' ? [...(index > 0 ? [h('br')] : []), ...node.childNodes] : [node]));
  if (!task) return h('li', null, nodes());
  const index = context.tasks.next++;
  const checked = task[1] !== ' ';
  const box = h('input', {
    type: 'checkbox', checked, disabled: !context.task, 'aria-label': body[0].slice(task[0].length).replace(/[*_`]/g, '').trim(),
    onchange: context.task ? (event) => context.task(event.currentTarget, index) : null,
  });
  return h('li.task', null, h('label', null, box, ' ', nodes()));
}

function table(lines, at, context) {
  const cells = (line) => line.trim().replace(/^\||(?<!\\)\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, '|'));
  const sides = cells(lines[at + 1]).map((rule) => (rule.endsWith(':') ? (rule.startsWith(':') ? 'center' : 'right') : null));
  const row = (line, tag) => h('tr', null, cells(line).map((cell, index) => h(tag, { style: sides[index] ? `text-align:${sides[index]}` : null }, inline(cell, context))));
  let end = at + 2;
  while (end < lines.length && !blank(lines[end]) && lines[end].includes('|')) end += 1;
  return [h('table', null, h('thead', null, row(lines[at], 'th')), h('tbody', null, lines.slice(at + 2, end).map((line) => row(line, 'td')))), end];
}

function paragraph(lines, at, context) {
  let end = at + 1;
  while (end < lines.length && !blank(lines[end]) && !RULES.slice(0, 6).some((rule) => rule.begins(lines, end))) end += 1;
  return [h('p', null, inline(lines.slice(at, end).map((line) => line.trimStart()).join('\n').trimEnd(), context)), end];
}
