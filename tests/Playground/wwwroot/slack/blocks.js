// Block Kit as elements.

import { h } from '../dom.js';
import { markdown } from '../github/markdown.js';
import { interactive } from './elements.js';
import { plain, textObject } from './mrkdwn.js';
import { richText } from './richtext.js';

/** `context`: directory, and `press(action)` for what is clicked. */
export function blocks(list, context) {
  return list.map((block, index) => h('div', { class: `block ${kind(block)}`, 'data-key': `${block.type}:${index}` }, one(block, context)));
}

function kind(block) {
  return `block-${String(block.type).replace(/[^a-z_]/g, '')}`;
}

function one(block, context) {
  const { directory } = context;
  switch (block.type) {
    case 'section': return section(block, context);
    case 'header': return h('h3', null, plain(block.text?.text ?? ''));
    case 'divider': return h('hr');
    case 'context': return (block.elements ?? []).map((element) => (element.type === 'image' ? image(element, 'context-image') : h('span', null, textObject(element, directory))));
    case 'actions': return (block.elements ?? []).map((element) => interactive(element, { ...context, block: block.block_id }));
    case 'context_actions': return (block.elements ?? []).map((element) => interactive(element, { ...context, block: block.block_id }));
    case 'rich_text': return richText(block, directory);
    case 'markdown': return h('div.markdown', null, markdown(block.text ?? ''));
    case 'image': return h('figure', null, block.title ? h('figcaption', null, plain(block.title.text)) : null, image(block, 'block-picture'));
    case 'table': return table(block, directory);
    case 'plan': return [h('b', null, block.title ?? 'Plan'), (block.tasks ?? []).map((task) => taskCard(task, directory))];
    case 'task_card': return taskCard(block, directory);
    case 'input': return null;
    default: return h('span.unknown', null, `[${block.type}]`);
  }
}

function section(block, context) {
  const accessory = block.accessory;
  return [
    h('div.section-body', null,
      block.text ? h('div.text', null, textObject(block.text, context.directory)) : null,
      block.fields ? h('div.fields', null, block.fields.map((field) => h('div', null, textObject(field, context.directory)))) : null),
    accessory ? h('div.accessory', null, accessory.type === 'image' ? image(accessory, 'accessory-image') : interactive(accessory, { ...context, block: block.block_id })) : null,
  ];
}

function image(element, className) {
  const url = element.image_url ?? '';
  return /^https?:/i.test(url) ? h('img', { class: className, src: url, alt: element.alt_text ?? '', loading: 'lazy' }) : h('span', null, element.alt_text ?? '');
}

function table(block, directory) {
  const cell = (content) => (content.type === 'rich_text' ? richText(content, directory) : (content.text ?? ''));
  const [head, ...rows] = block.rows ?? [];
  return h('table', null,
    head ? h('thead', null, h('tr', null, head.map((content) => h('th', null, cell(content))))) : null,
    h('tbody', null, rows.map((row) => h('tr', null, row.map((content) => h('td', null, cell(content)))))));
}

const TASK_SIGNS = { pending: '◻️', in_progress: '▶️', complete: '☑️', error: '❌' };

function taskCard(task, directory) {
  return h('div.task-card', null, h('span', null, TASK_SIGNS[task.status] ?? '◻️'), h('span', null, task.title ?? ''), task.details ? richText(task.details, directory) : null);
}
