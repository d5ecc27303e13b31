// The modals the app has opened on the acting person's screen.

import { h } from '../dom.js';
import { during } from '../toast.js';
import { blocks } from './blocks.js';
import { plain } from './mrkdwn.js';

const shown = new Map();

/** Opens, refreshes and closes dialogs until they are those of `views`. `context`: directory, `submit(view, values)`, `close(view)`. */
export function showModals(views, context) {
  for (const [id, dialog] of shown) {
    if (views.some((view) => view.id === id && view.hash === dialog.dataset.hash)) continue;
    shown.delete(id);
    dialog.remove();
  }
  for (const view of views) {
    if (shown.has(view.id)) continue;
    const dialog = build(view, context);
    shown.set(view.id, dialog);
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('[data-block]')?.focus();
  }
}

function build(view, context) {
  const form = h('form', { method: 'dialog', novalidate: true },
    h('header', null,
      h('h2', null, plain(view.title?.text ?? '')),
      h('button.close', { type: 'button', 'aria-label': 'Close', onclick: () => context.close(view) }, '✕')),
    h('div.modal-body', null, (view.blocks ?? []).map((block) => (block.type === 'input' ? input(block) : blocks([block], context)))),
    h('footer', null,
      h('button', { type: 'button', class: 'button plain', onclick: () => context.close(view) }, plain(view.close?.text ?? 'Cancel')),
      view.submit ? h('button', { type: 'submit', class: 'button primary' }, plain(view.submit.text)) : null));
  const dialog = h('dialog.modal', { 'data-hash': view.hash, 'aria-label': plain(view.title?.text ?? 'Dialog') }, form);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    context.close(view);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!complete(form)) return;
    during(event.submitter, async () => {
      const { errors = {} } = await context.submit(view, values(form));
      for (const [block, text] of Object.entries(errors)) complain(form.querySelector(`[data-block="${CSS.escape(block)}"]`), text);
    });
  });
  return dialog;
}

function input(block) {
  const { element } = block;
  const id = `input-${block.block_id}`;
  const common = { id, 'data-block': block.block_id, 'data-action': element.action_id, 'data-needed': block.optional ? null : '' };
  return h('div.input', null,
    h('label', { for: id }, plain(block.label?.text ?? ''), block.optional ? h('span.muted', null, ' (optional)') : null),
    element.type === 'static_select'
      ? h('select', common, h('option', { value: '' }, 'Choose an option'), (element.options ?? []).map((option) => h('option', { value: option.value }, plain(option.text.text))))
      : h(element.multiline ? 'textarea' : 'input', { ...common, maxlength: element.max_length ?? null, placeholder: plain(element.placeholder?.text ?? ''), rows: element.multiline ? 4 : null }, element.multiline ? (element.initial_value ?? '') : ''),
    block.hint ? h('p.hint', null, plain(block.hint.text)) : null,
    h('p.error', { hidden: true, role: 'alert' }));
}

function complete(form) {
  let first = null;
  for (const field of form.querySelectorAll('[data-block]')) {
    const missing = 'needed' in field.dataset && field.value.trim() === '';
    complain(field, missing ? 'Please complete this field.' : '');
    if (missing) first ??= field;
  }
  first?.focus();
  return first === null;
}

function complain(field, text) {
  const error = field.closest('.input').querySelector('.error');
  error.textContent = text;
  error.hidden = text === '';
}

/** By action id. */
function values(form) {
  return Object.fromEntries([...form.querySelectorAll('[data-block]')].filter((field) => field.value !== '').map((field) => [field.dataset.action, field.value]));
}
