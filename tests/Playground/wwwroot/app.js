// Puts the page together: what is shown and chosen, and when it is drawn again.

import { update } from './dom.js';
import { SessionLog } from './events/log.js';
import { drawer } from './events/view.js';
import { githubWindow, pullsOf } from './github/view.js';
import { act, follow } from './live.js';
import { showModals } from './slack/modal.js';
import { directoryOf, readSlack } from './slack/state.js';
import { slackWindow } from './slack/view.js';
import { keepScroll } from './scroll.js';
import { toast } from './toast.js';
import { topBar } from './top.js';

const setup = await (await fetch('/playground.json')).json();
const place = (id) => document.getElementById(id);
const setupOf = (channel) => setup.channels.find((one) => one.id === channel);

// What the simulators said last, as they said it.
const states = { slack: null, github: null };
const lost = new Set();
const seenPulls = new Set();
const log = new SessionLog(draw);
let scheduled = false;

const app = {
  person: setup.people.find((one) => one.id === localStorage.getItem('person')) ?? setup.people[0],
  channel: setup.channels[0].id,
  read: {},
  threads: new Map(),
  pull: null,
  tab: 'conversation',
  logOpen: localStorage.getItem('log') === 'open',
  get eventCount() { return log.events.length; },
  become(id) {
    app.person = setup.people.find((one) => one.id === id);
    localStorage.setItem('person', id);
    draw();
  },
  openChannel(id) {
    app.channel = id;
    draw();
  },
  topic: (channel) => setupOf(channel.id)?.topic ?? '',
  purpose: (channel) => setupOf(channel.id)?.purpose ?? 'Messages here are between you and the bot.',
  suggestions: (channel) => setupOf(channel)?.suggestions ?? [],
  draft: (channel) => (states.slack.channels.find((one) => one.id === channel)?.messages.length ? '' : app.suggestions(channel)[0] ?? ''),
  comment: (pull) => (pull.comments.length > 0 || pull.author.type === 'Bot' ? '' : '@bots fix this'),
  isThreadOpen: (root, replies) => app.threads.get(root.ts) ?? replies > 0,
  toggleThread(root, replies) {
    app.threads.set(root.ts, !app.isThreadOpen(root, replies));
    draw();
  },
  openPull(key) {
    app.pull = key;
    seenPulls.add(key);
    draw();
  },
  isNewPull: (pull) => !seenPulls.has(pull.key),
  openTab(tab) {
    app.tab = tab;
    draw();
  },
  openSession: (id) => log.choose(id),
  toggleLog() {
    app.logOpen = !app.logOpen;
    localStorage.setItem('log', app.logOpen ? 'open' : 'closed');
    draw();
  },
};

const askGitHub = (path, body) => act(`/github/_sim/${path}`, { user: app.person.login, ...body });
const askSlack = (path, body) => act(`/slack/_sim/${path}`, { user: app.person.slack, ...body });

const onGitHub = {
  get me() { return app.person.login; },
  comment: (pull, body) => askGitHub('comment', { repo: pull.repository, number: pull.number, body }),
  tick: (pull, comment, index) => askGitHub('tick', { repo: pull.repository, comment, index }),
  check: (pull, check, identifier) => askGitHub('check', { repo: pull.repository, check, identifier }),
  merge: (pull) => askGitHub('merge', { repo: pull.repository, number: pull.number }),
  urlOf: (repository, number) => new URL(`${repository}/pull/${number}`, states.github.webUrl).href,
};

function onSlack(directory) {
  return {
    directory,
    say: (channel, thread, text) => askSlack('say', { channel, text, thread_ts: thread }),
    click: (item, action) => askSlack('click', { channel: item.channel, ts: item.ts, action_id: action.action_id, value: action.value }),
    choose: (item, action) => askSlack('select', { channel: item.channel, ts: item.ts, action_id: action.action_id, value: action.value }),
    submit: (view, values) => askSlack('submit', { view: view.id, values }),
    close: (view) => askSlack('close', { view: view.id }).catch((error) => toast(error.message)),
  };
}

/** Draws soon, once for many changes. */
function draw() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    paint();
  });
}

function paint() {
  const settle = keepScroll();
  update(place('top'), topBar(setup, app));
  if (states.slack) paintSlack(states.slack);
  if (states.github) update(place('github'), githubWindow(states.github, app, onGitHub));
  place('log').hidden = !app.logOpen;
  if (app.logOpen) update(place('log'), drawer(log, app));
  place('lost').hidden = lost.size === 0;
  settle();
}

function paintSlack(state) {
  const me = app.person.slack;
  const context = onSlack(directoryOf(state, me));
  const slack = readSlack(state, me);
  if (!slack.channels.some((one) => one.id === app.channel)) {
    // The direct conversation has its real id as soon as something was said in it.
    app.channel = (slack.channels.find((one) => one.with && app.channel === 'dm') ?? slack.channels[0]).id;
  }
  app.read[app.channel] = Math.max(0, ...slack.messages.filter((item) => item.channel === app.channel).map((item) => Number(item.ts)));
  update(place('slack'), slackWindow(slack, app, context));
  showModals(slack.views, context);
}

function takeSlack(state) {
  states.slack = state;
  log.refresh();
  draw();
}

function takeGitHub(state) {
  const pulls = pullsOf(state);
  const before = states.github && new Set(pullsOf(states.github).map((pull) => pull.key));
  // A pull request that was just opened is what the person waits for.
  const opened = before && pulls.find((pull) => !before.has(pull.key));
  if (!before) for (const pull of pulls) seenPulls.add(pull.key);
  states.github = state;
  if (opened) {
    app.tab = 'conversation';
    app.openPull(opened.key);
  }
  if (!app.pull && pulls.length) app.openPull(pulls[0].key);
  log.refresh();
  draw();
}

follow('/slack', takeSlack, connection('slack'));
follow('/github', takeGitHub, connection('github'));

function connection(name) {
  return (connected) => {
    if (connected) lost.delete(name);
    else lost.add(name);
    draw();
  };
}

// Links to pull requests open in this page.
document.addEventListener('click', (event) => {
  const anchor = event.target.closest?.('a[href]');
  const base = states.github?.webUrl;
  if (!anchor || !base || event.metaKey || event.ctrlKey || !anchor.href.startsWith(base)) return;
  const match = /^([^/]+\/[^/]+)\/pull\/(\d+)/.exec(anchor.href.slice(base.length));
  if (!match) return;
  event.preventDefault();
  app.tab = 'conversation';
  app.openPull(`${match[1]}#${match[2]}`);
});

// "4 minutes ago" grows older.
setInterval(draw, 30_000);
draw();
