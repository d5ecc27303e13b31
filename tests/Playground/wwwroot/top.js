// The bar at the top: who one is, which model answers, and the way to the session log.

import { h } from './dom.js';
import { avatar, robot } from './people.js';

export function topBar(setup, app) {
  return [
    h('div.brand', null, h('span.brand-mark', { 'aria-hidden': 'true' }, robot()), h('h1', null, 'Bots'), h('span.muted', null, 'playground')),
    h('div.switcher', { role: 'radiogroup', 'aria-label': 'Act as', onkeydown: arrows }, h('span.muted', null, 'You are'), setup.people.map((person) => h('button', {
      type: 'button', role: 'radio', 'data-key': person.id, 'aria-checked': String(person.id === app.person.id), tabindex: person.id === app.person.id ? '0' : '-1',
      title: person.about, onclick: () => app.become(person.id),
    }, avatar(person.name, { round: true }), h('span', null, person.name), person.guest ? h('small', null, 'guest') : null))),
    h('div.top-end', null,
      h('span', { class: `chip${setup.model.scripted ? '' : ' real'}`, title: setup.model.about }, h('i.dot'), setup.model.name),
      h('button', { type: 'button', class: 'button plain log-toggle', 'aria-expanded': String(app.logOpen), 'aria-controls': 'log', onclick: app.toggleLog }, 'Session log', app.eventCount ? h('span.count', null, String(app.eventCount)) : null)),
  ];
}

function arrows(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll('[role=radio]')];
  const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
  next.focus();
  next.click();
}
