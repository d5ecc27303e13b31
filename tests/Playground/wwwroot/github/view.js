// The pull requests: a list, and one of them in full.

import { h } from '../dom.js';
import { fileDiff } from './diff.js';
import { icon } from './icons.js';
import { commits, conversation } from './conversation.js';

const TABS = { conversation: ['chat', 'Conversation'], commits: ['commit', 'Commits'], files: ['files', 'Files changed'] };

/** All pull requests, the one that last changed first. */
export function pullsOf(state) {
  return state.repositories
    .flatMap((repository) => repository.pulls.map((pull) => ({ ...pull, repository: repository.name, key: `${repository.name}#${pull.number}`, })))
    .sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || b.createdAt.localeCompare(a.createdAt));
}

export function githubWindow(state, app, context) {
  const pulls = pullsOf(state);
  const pull = pulls.find((one) => one.key === app.pull) ?? pulls[0];
  if (!pull) return [h('p.empty', null, 'No pull request yet. Ask the bot for a change in Slack.')];
  return [pulls.length > 1 ? list(pulls, pull, app) : null, page(pull, app, context)];
}

export function stateOf(pull) {
  if (pull.merged) return 'merged';
  if (pull.state !== 'open') return 'closed';
  return pull.draft ? 'draft' : 'open';
}

function list(pulls, current, app) {
  return h('nav.pulls', { 'data-key': 'pulls', 'aria-label': 'Pull requests' }, h('ul', null, pulls.map((pull) => h('li', { 'data-key': pull.key },
    h('button', { type: 'button', class: pull.key === current.key ? 'current' : '', 'aria-current': pull.key === current.key ? 'page' : null, onclick: () => app.openPull(pull.key) },
      h('span', { class: `state-icon ${stateOf(pull)}`, title: stateOf(pull) }, icon(stateOf(pull))),
      h('span.pull-title', null, pull.title),
      app.isNewPull(pull) ? h('i.dot', { title: 'New' }) : null,
      h('span.muted', null, `${pull.repository}#${pull.number}`))))));
}

function page(pull, app, context) {
  const state = stateOf(pull);
  return h('article.pull', { 'data-key': pull.key },
    h('header.pull-head', null,
      h('p.repository', null, pull.repository),
      h('h2', null, pull.title, ' ', h('span.muted', null, `#${pull.number}`)),
      h('p.pull-facts', null,
        h('span', { class: `state ${state}` }, icon(state), state[0].toUpperCase() + state.slice(1)),
        h('span', null, h('b', null, pull.author.login.replace('[bot]', '')), pull.merged ? ' had ' : ' wants to merge ', count(pull.commits.length, 'commit'), pull.merged ? ' merged into ' : ' into ', h('code', null, pull.base), ' from ', h('code', null, pull.head))),
      tabs(pull, app)),
    panel(pull, app, context));
}

function tabs(pull, app) {
  const counts = { conversation: pull.comments.length, commits: pull.commits.length, files: pull.files.length };
  return h('div.tabs', { role: 'tablist', onkeydown: arrows }, Object.entries(TABS).map(([name, [sign, label]]) => h('button', {
    type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'pull-panel', 'aria-selected': String(app.tab === name), tabindex: app.tab === name ? '0' : '-1', onclick: () => app.openTab(name),
  }, icon(sign), h('span', null, label), h('span.count', null, String(counts[name])),
  name === 'files' ? h('span.counts', null, h('b.plus', null, `+${pull.additions}`), h('b.minus', null, `−${pull.deletions}`)) : null)));
}

function arrows(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll('[role=tab]')];
  const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
  next.focus();
  next.click();
}

function panel(pull, app, context) {
  const content = app.tab === 'files' ? pull.files.map((file) => fileDiff(file, `${pull.headSha}:${file.path}`))
    : app.tab === 'commits' ? commits(pull)
      : conversation(pull, app, context);
  return h('div.panel', { 'data-key': app.tab, id: 'pull-panel', role: 'tabpanel', 'aria-labelledby': `tab-${app.tab}`, tabindex: '0', 'data-end': app.tab === 'conversation' ? `late:${pull.key}` : null }, content);
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
