// Short messages at the lower edge, for what was refused or went wrong.

import { h } from './dom.js';

const STAY = 6000;

export function toast(text) {
  const place = document.getElementById('toasts');
  const note = h('div', { class: 'toast', role: 'alert' }, text);
  place.append(note);
  setTimeout(() => note.remove(), STAY);
}

/** Runs what a click does: the button is busy meanwhile, and a refusal is shown. */
export async function during(button, work) {
  button?.setAttribute('data-busy', '');
  try {
    await work();
  } catch (error) {
    toast(error.message);
  } finally {
    button?.removeAttribute('data-busy');
  }
}
