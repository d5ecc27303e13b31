// One message with its reactions.

import { h } from '../dom.js';
import { avatar, timeOf } from '../people.js';
import { blocks } from './blocks.js';
import { emoji } from './emoji.js';
import { mrkdwn } from './mrkdwn.js';

export function message(item, context, { follows = false } = {}) {
  const { directory } = context;
  const name = directory.user(item.user);
  const bot = directory.isBot(item.user);
  const at = new Date(Number(item.ts) * 1000);
  const time = h('time', { datetime: at.toISOString(), title: at.toLocaleString() }, timeOf(at));
  return h('article', { class: `message${follows ? ' follows' : ''}${item.ephemeral ? ' ephemeral' : ''}`, 'data-key': item.ts, 'aria-label': `${name}, ${timeOf(at)}` },
    h('div.gutter', null, follows ? time : avatar(name, { bot })),
    h('div.message-main', null,
      item.ephemeral ? h('p.only-you', null, '👁 Only visible to you') : null,
      follows ? null : h('header', null, h('b.author', null, name), bot ? h('span.app', null, 'APP') : null, time),
      h('div.message-body', null, body(item, context)),
      item.edited ? h('span.edited', null, '(edited)') : null,
      item.reactions.length ? h('div.reactions', null, item.reactions.map((reaction) => h('span', {
        class: `reaction${reaction.users.includes(directory.me) ? ' mine' : ''}`, 'data-key': reaction.name,
        title: `${reaction.users.map((user) => directory.user(user)).join(', ')} reacted with :${reaction.name}:`,
      }, h('span', null, emoji(reaction.name) ?? `:${reaction.name}:`), h('b', null, String(reaction.users.length))))) : null));
}

function body(item, context) {
  const own = {
    ...context,
    press: (action) => context.click(item, action),
    select: (action) => context.choose(item, action),
  };
  return item.blocks?.length ? blocks(item.blocks, own) : h('div.text', null, mrkdwn(item.text, context.directory));
}
