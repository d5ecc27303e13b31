// The Slack window: channels at the left, messages with their threads, a composer below.

import { h } from '../dom.js';
import { avatar } from '../people.js';
import { composer } from './composer.js';
import { message } from './message.js';

const CLOSE_TOGETHER = 300;

/** `app`: what is shown and chosen; `context`: directory and what clicks do. */
export function slackWindow(state, app, context) {
  const channel = state.channels.find((one) => one.id === app.channel) ?? state.channels[0];
  if (!channel) return [h('p.empty', null, 'There are no channels.')];
  return [sidebar(state, channel, app, context), h('section.channel', { 'data-key': channel.id, 'aria-label': `Channel ${channel.name}` },
    h('header.channel-head', null, h('h2', null, channelName(channel, context)), h('span.muted', null, app.topic(channel))),
    h('div.messages', { tabindex: '0', role: 'log', 'aria-label': `Messages in ${channel.name}`, 'data-end': channel.id },
      welcome(channel, app, context),
      roots(state, channel.id).map((root, index, all) => thread(root, all[index - 1], state, app, context))),
    composer({
      id: channel.id, placeholder: `Message ${channelName(channel, context)}`, text: app.draft(channel.id), suggestions: app.suggestions(channel.id),
      send: (text) => context.say(channel.id, null, text),
    }))];
}

function channelName(channel, context) {
  return channel.with ? context.directory.user(channel.with) : `#${channel.name}`;
}

function sidebar(state, channel, app, context) {
  return h('nav.sidebar', { 'data-key': 'sidebar', 'aria-label': 'Channels' },
    h('div.workspace', null, h('span.workspace-mark', { 'aria-hidden': 'true' }, 'A'), h('b', null, 'Acme')),
    h('ul', null, state.channels.map((one) => h('li', { 'data-key': one.id }, h('button', {
      type: 'button', class: one.id === channel.id ? 'current' : '', 'aria-current': one.id === channel.id ? 'page' : null, onclick: () => app.openChannel(one.id),
    }, h('span', null, channelName(one, context)), unread(state, one, app) ? h('i.dot', { title: 'New messages' }) : null)))),
    h('div.you', null, avatar(context.directory.user(context.directory.me)), h('span', null, context.directory.user(context.directory.me))));
}

function unread(state, channel, app) {
  return state.messages.some((item) => item.channel === channel.id && Number(item.ts) > (app.read[channel.id] ?? 0));
}

function welcome(channel, app, context) {
  return h('div.welcome', { 'data-key': 'welcome' },
    h('h3', null, channel.with ? channelName(channel, context) : `Welcome to ${channelName(channel, context)}`),
    h('p', null, app.purpose(channel)));
}

function roots(state, channel) {
  return state.messages.filter((item) => item.channel === channel && (!item.thread || item.thread === item.ts));
}

function thread(root, before, state, app, context) {
  const replies = state.messages.filter((item) => item.channel === root.channel && item.thread === root.ts && item.ts !== root.ts);
  const status = state.statuses.find((one) => one.channel === root.channel && one.thread === root.ts);
  const open = app.isThreadOpen(root, replies.length);
  return h('div', { class: `conversation${open ? ' open' : ''}`, 'data-key': root.ts },
    message(root, context, { follows: follows(root, before) }),
    replies.length || open ? h('div.thread', null,
      h('button.thread-toggle', { type: 'button', 'aria-expanded': String(open), onclick: () => app.toggleThread(root, replies.length) },
        faces(replies, context), h('span', null, replies.length === 0 ? 'Thread' : replies.length === 1 ? '1 reply' : `${replies.length} replies`), h('span.chevron', { 'aria-hidden': 'true' }, open ? '▾' : '▸')),
      open ? h('div.replies', null,
        replies.map((reply, index) => message(reply, context, { follows: follows(reply, replies[index - 1]) })),
        status ? h('p.typing', { 'data-key': 'status', role: 'status' }, h('span.dots', null, h('i'), h('i'), h('i')), status.text) : null,
        composer({ id: root.ts, placeholder: 'Reply…', send: (text) => context.say(root.channel, root.ts, text) })) : null)
      : h('button.reply-link', { type: 'button', onclick: () => app.toggleThread(root, 0) }, 'Reply in thread'));
}

function faces(replies, context) {
  const users = [...new Set(replies.map((reply) => reply.user))].slice(0, 4);
  return h('span.faces', null, users.map((user) => avatar(context.directory.user(user), { bot: context.directory.isBot(user) })));
}

function follows(item, before) {
  return Boolean(before) && before.user === item.user && !before.ephemeral === !item.ephemeral && Number(item.ts) - Number(before.ts) < CLOSE_TOGETHER && !before.hasThread;
}
