// Where people write.

import { grow, h, onEnter } from '../dom.js';
import { during } from '../toast.js';

/** `id` tells one composer from another; `send(text)` sends. Its text belongs to the person, so an update never touches it. */
export function composer({ id, placeholder, send, suggestions = [], text = '' }) {
  const area = h('textarea', {
    rows: 1, placeholder, 'aria-label': placeholder, 'data-own': true,
    oninput: (event) => grow(event.currentTarget),
    onkeydown: onEnter((event) => submit(event.currentTarget)),
  });
  area.value = text;
  return h('div.composer', { 'data-key': `composer:${id}` },
    suggestions.length ? h('div.suggestions', { role: 'group', 'aria-label': 'Suggestions' }, suggestions.map((suggestion) => h('button', {
      type: 'button', class: 'suggestion', onclick: (event) => fill(event, suggestion),
    }, suggestion))) : null,
    h('div.composer-box', null, area, h('button', {
      type: 'button', class: 'send', 'aria-label': 'Send', title: 'Send (Enter)',
      onclick: (event) => submit(event.currentTarget.closest('.composer').querySelector('textarea')),
    }, '➤')));

  function submit(field) {
    const words = field.value.trim();
    if (words === '') return;
    during(field.closest('.composer').querySelector('.send'), async () => {
      await send(words);
      field.value = '';
      grow(field);
    });
  }
}

function fill(event, suggestion) {
  const area = event.currentTarget.closest('.composer').querySelector('textarea');
  area.value = suggestion;
  grow(area);
  area.focus();
}
