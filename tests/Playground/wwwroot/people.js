// Faces and names.

import { h, s } from './dom.js';

const COLOURS = ['#4a7bd0', '#c2556e', '#3f8f6b', '#b0762f', '#7a5cc0', '#2f8f9d'];

/** A coloured square with initials; the bot has a face of its own. */
export function avatar(name, { bot = false, round = false } = {}) {
  const shape = round ? 'avatar round' : 'avatar';
  if (bot) return h('span', { class: `${shape} bot`, 'aria-hidden': 'true' }, robot());
  const initials = name.split(/[\s_-]+/).filter(Boolean).slice(0, 2).map((word) => word[0].toUpperCase()).join('');
  return h('span', { class: shape, style: `--face:${colour(name)}`, 'aria-hidden': 'true' }, initials || '?');
}

function colour(name) {
  let hash = 7;
  for (const character of name.toLowerCase().split(' ')[0]) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return COLOURS[hash % COLOURS.length];
}

export function robot() {
  return s('svg', { viewBox: '0 0 24 24', width: '62%', height: '62%', fill: 'none', stroke: 'currentColor', 'stroke-width': '2', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' },
    s('path', { d: 'M12 7V3.5M9.5 3.5h5' }),
    s('rect', { x: '4', y: '7', width: '16', height: '12', rx: '3.5' }),
    s('path', { d: 'M9 12v1.5M15 12v1.5M1.8 12v3M22.2 12v3' }));
}

const clock = new Intl.DateTimeFormat([], { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat([], { month: 'short', day: 'numeric' });

export function timeOf(date) {
  return clock.format(date);
}

/** "just now", "4 minutes ago", then the date. */
export function ago(date, now = Date.now()) {
  const minutes = Math.floor((now - date.getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? '1 hour ago' : `${hours} hours ago`;
  return `on ${day.format(date)}`;
}
