// The small dialog an element may ask for before its click counts.

import { h } from '../dom.js';
import { plain, textObject } from './mrkdwn.js';

/** Resolves to whether the person confirmed. */
export function confirmed(confirm, directory) {
  return new Promise((resolve) => {
    const dialog = h('dialog.modal.small', { 'aria-label': plain(confirm.title?.text ?? 'Are you sure?') },
      h('header', null, h('h2', null, plain(confirm.title?.text ?? 'Are you sure?'))),
      h('div.modal-body', null, h('div.text', null, textObject(confirm.text, directory))),
      h('footer', null,
        h('button', { type: 'button', class: 'button plain', onclick: () => dialog.close('no') }, plain(confirm.deny?.text ?? 'Cancel')),
        h('button', { type: 'button', class: `button ${confirm.style === 'danger' ? 'danger' : 'primary'}`, onclick: () => dialog.close('yes') }, plain(confirm.confirm?.text ?? 'Yes'))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
