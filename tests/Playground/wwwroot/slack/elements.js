// Buttons and selects.

import { h } from '../dom.js';
import { during } from '../toast.js';
import { confirmed } from './confirm.js';
import { plain } from './mrkdwn.js';

export function interactive(element, context) {
  switch (element.type) {
    case 'button': return button(element, context);
    case 'static_select': return select(element, context);
    case 'overflow': return select({ ...element, placeholder: { text: '⋯' } }, context);
    case 'feedback_buttons': return [element.positive_button, element.negative_button].map((choice) => button({ ...element, ...choice, type: 'button' }, context));
    default: return h('span.unknown', null, `[${element.type}]`);
  }
}

function button(element, context) {
  const style = ['primary', 'danger'].includes(element.style) ? element.style : 'plain';
  const label = plain(element.text?.text ?? '');
  const press = (event) => {
    const pressed = event.currentTarget;
    during(pressed, async () => {
      if (element.confirm && !(await confirmed(element.confirm, context.directory))) return;
      await context.press({ action_id: element.action_id, block_id: context.block, value: element.value });
    });
  };
  if (element.url && /^https?:/i.test(element.url)) {
    return h('a', { class: `button ${style}`, href: element.url, target: '_blank', rel: 'noopener noreferrer', 'data-key': element.action_id }, label);
  }
  return h('button', { type: 'button', class: `button ${style}`, 'data-key': element.action_id, 'aria-label': element.accessibility_label ?? null, onclick: press }, label);
}

function select(element, context) {
  const options = element.options ?? (element.option_groups ?? []).flatMap((group) => group.options ?? []);
  const choose = (event) => {
    const list = event.currentTarget;
    const { value } = list;
    if (!value) return;
    during(list, async () => {
      try {
        if (element.confirm && !(await confirmed(element.confirm, context.directory))) return;
        await context.select({ action_id: element.action_id, block_id: context.block, value });
      } finally {
        list.value = element.initial_option?.value ?? '';
      }
    });
  };
  return h('select', { class: 'button plain', 'data-key': element.action_id, 'aria-label': element.placeholder?.text ?? 'Choose', onchange: choose },
    h('option', { value: '' }, plain(element.placeholder?.text ?? 'Choose an option')),
    options.map((option) => h('option', { value: option.value, selected: element.initial_option?.value === option.value }, label(option))));
}

function label(option) {
  const text = plain(option.text?.text ?? option.value);
  return option.description?.text ? `${text} — ${plain(option.description.text)}` : text;
}
