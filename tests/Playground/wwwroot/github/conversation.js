// The conversation of a pull request, and its commits.

import { grow, h, onEnter } from '../dom.js';
import { ago, avatar } from '../people.js';
import { during } from '../toast.js';
import { icon } from './icons.js';
import { markdown } from './markdown.js';

const REACTIONS = { '+1': '👍', '-1': '👎', laugh: '😄', confused: '😕', heart: '❤️', hooray: '🎉', rocket: '🚀', eyes: '👀' };

export function conversation(pull, app, context) {
  return h('div.timeline', null,
    comment({ key: 'description', author: pull.author, body: pull.body || '_No description provided._', createdAt: pull.createdAt, reactions: pull.reactions }, pull, context, null),
    pull.comments.map((one) => comment({ ...one, key: String(one.id), edited: one.revisions > 1 }, pull, context, (box, index) => during(box, () => context.tick(pull, one.id, index)))),
    pull.checks.length ? h('div.checks', { 'data-key': 'checks' }, pull.checks.map((check) => checkRow(check, pull, context))) : null,
    pull.state === 'open' ? mergeBox(pull, context) : null,
    commentBox(pull, app, context));
}

function comment(one, pull, context, tick) {
  const bot = one.author.type === 'Bot';
  const written = new Date(one.createdAt);
  return h('div.comment-row', { 'data-key': one.key },
    avatar(one.author.login, { bot, round: !bot }),
    h('section', { class: `comment${bot ? ' by-bot' : ''}`, 'aria-label': `Comment by ${one.author.login}` },
      h('header', null, h('b', null, one.author.login.replace('[bot]', '')), bot ? h('span.tag', null, 'bot') : null,
        h('span.muted', null, h('time', { datetime: one.createdAt, title: written.toLocaleString() }, ago(written))),
        one.edited ? h('span.muted', null, '· edited') : null),
      h('div.comment-body.markdown', null, markdown(one.body, { breaks: true, task: tick, reference: (number) => context.urlOf(pull.repository, number) })),
      one.reactions.length ? h('div.reactions', null, one.reactions.map((reaction) => h('span.reaction', { 'data-key': reaction.content, title: reaction.users.join(', ') },
        h('span', null, REACTIONS[reaction.content] ?? reaction.content), h('b', null, String(reaction.users.length))))) : null));
}

function checkRow(check, pull, context) {
  const state = check.conclusion ?? check.status;
  return h('div.check', { 'data-key': String(check.id) }, h('span', { class: `check-state ${state}` }, { success: '✓', failure: '✕', action_required: '!', cancelled: '■' }[state] ?? '●'),
    h('b', null, check.name), h('span.muted', null, check.title ?? state.replace(/_/g, ' ')),
    check.actions.map((action) => h('button', { type: 'button', class: 'button plain', title: action.description, 'data-key': action.identifier, onclick: (event) => during(event.currentTarget, () => context.check(pull, check.id, action.identifier)) }, action.label)));
}

function mergeBox(pull, context) {
  const problem = pull.draft ? 'This pull request is still a draft.' : pull.mergeable ? null : 'This branch has conflicts that must be resolved.';
  return h('div.merge', { 'data-key': 'merge' },
    h('span', { class: `state-icon ${problem ? 'draft' : 'open'}` }, icon('merged')),
    h('span', null, problem ?? 'No conflicts with the base branch.'),
    h('button', { type: 'button', class: 'button primary', disabled: problem !== null, onclick: (event) => during(event.currentTarget, () => context.merge(pull)) }, 'Merge pull request'));
}

function commentBox(pull, app, context) {
  const area = h('textarea', {
    rows: 2, placeholder: 'Add a comment, for example: @bots fix this', 'aria-label': 'Add a comment', 'data-own': true,
    oninput: (event) => grow(event.currentTarget), onkeydown: onEnter((event) => send(event.currentTarget)),
  });
  area.value = app.comment(pull);
  return h('div.comment-row', { 'data-key': `write:${pull.key}` }, avatar(context.me, { round: true }),
    h('div.write', null, area, h('footer', null,
      h('button', { type: 'button', class: 'suggestion', onclick: (event) => suggest(event, '@bots fix this') }, '@bots fix this'),
      h('span.muted.hint', null, 'Enter sends, Shift+Enter makes a new line'),
      h('button', { type: 'button', class: 'button primary', onclick: (event) => send(event.currentTarget.closest('.write').querySelector('textarea')) }, 'Comment'))));

  function send(field) {
    const words = field.value.trim();
    if (words === '') return;
    during(field.closest('.write').querySelector('.button'), async () => {
      await context.comment(pull, words);
      field.value = '';
      grow(field);
    });
  }
}

function suggest(event, text) {
  const area = event.currentTarget.closest('.write').querySelector('textarea');
  area.value = text;
  area.focus();
}

export function commits(pull) {
  return h('ol.commits', null, [...pull.commits].reverse().map((commit) => {
    const [title, ...rest] = commit.message.split('\n');
    const body = rest.join('\n').trim();
    return h('li', { 'data-key': commit.sha }, h('div', null, h('b', null, title), body ? h('pre', null, body) : null, h('p.muted', null, h('b', null, commit.author), ` committed ${ago(new Date(commit.at))}`)), h('code', null, commit.sha.slice(0, 7)));
  }));
}
