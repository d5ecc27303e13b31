// The drawer with the log of a session, as the service tells it.

import { h } from '../dom.js';
import { rowsOf } from './wording.js';

export function drawer(log, app) {
  const { sessions, events, session } = log;
  return [
    h('header.drawer-head', null,
      h('h2', null, 'Session log'),
      sessions.length > 0 ? h('select', { class: 'button plain', 'aria-label': 'Session', onchange: (event) => app.openSession(event.currentTarget.value) },
        sessions.map((one) => h('option', { value: one.id, selected: one.id === session }, `…${one.id.slice(-8)} · ${one.repository ?? 'no repository yet'}`))) : null,
      h('span.muted', null, sessions.length === 0 ? '' : `${events.length} events`),
      sessions.length > 0 ? h('a', { href: `/service/api/sessions/${encodeURIComponent(session)}/events`, target: '_blank', rel: 'noopener' }, 'JSON') : null,
      h('button.close', { type: 'button', 'aria-label': 'Close the session log', onclick: app.toggleLog }, '✕')),
    sessions.length === 0 ? h('p.empty', null, 'No session yet. Mention @bots in Slack or in a pull request.')
      : h('ol.log', { tabindex: '0', 'data-end': `log:${session}`, 'aria-label': 'Events' }, rowsOf(events).map(row)),
  ];
}

function row(one) {
  const at = new Date(one.at);
  return h('li', { class: one.tone ?? '', 'data-key': one.key },
    h('time', { datetime: one.at }, at.toLocaleTimeString([], { hour12: false })),
    h('span.sign', { 'aria-hidden': 'true' }, one.sign),
    h('span.what', null, h('b', null, one.title), one.state ? h('span', { class: `tool ${one.state}` }, one.state) : null, one.detail ? h('span.detail', null, one.detail) : null));
}
