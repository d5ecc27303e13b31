import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from './document.js';
import { mrkdwn } from '../wwwroot/slack/mrkdwn.js';
import { readSlack } from '../wwwroot/slack/state.js';

const directory = { user: (id) => ({ U1: 'Ana' })[id] ?? id, channel: () => 'general', isMe: (id) => id === 'U1' };
const shown = (text) => html(mrkdwn(text, directory));

test('bold, italic, struck and code are rendered', () => {
  assert.equal(shown('*a* _b_ ~c~ `d *e*`'), '<b>a</b> <i>b</i> <s>c</s> <code>d *e*</code>');
});

test('marks inside words are no marks', () => {
  assert.equal(shown('snake_case_name 2*3*4'), 'snake_case_name 2*3*4');
});

test('escapes are taken back as text', () => {
  assert.equal(shown('&lt;b&gt; &amp;amp;'), '&lt;b&gt; &amp;amp;');
});

test('people, channels and links have their names', () => {
  assert.match(shown('<@U1> <#C1> <https://example.com/?a=1&amp;b=2|here>'), /class="mention me">@Ana.*#general.*href="https:\/\/example.com\/\?a=1&b=2".*>here</);
});

test('a link to a script is no link', () => {
  assert.equal(shown('<javascript:alert(1)|x>'), 'x');
});

test('code blocks keep their lines and nothing in them means anything', () => {
  assert.equal(shown('see\n```\n*a*\n<@U1>\n```\ndone'), 'see<pre><code>*a*\n&lt;@U1&gt;</code></pre>done');
});

test('quotes and emoji are rendered', () => {
  assert.equal(shown('&gt; a\n&gt; b\n:eyes: :unknown_one:'), '<blockquote>a<br></br>b</blockquote>👀 :unknown_one:');
});

test('a date is shown in the viewer\'s time, and its fallback when it cannot be', () => {
  assert.match(shown('<!date^1700000000^{date_num}|later>'), /<time [^>]*>2023-11-14<\/time>/);
  assert.equal(shown('<!date^soon^{time}|later>'), 'later');
});

test('only the one an ephemeral message is for sees it', () => {
  const state = {
    workspace: { bot: { id: 'UB' } }, users: [], statuses: [], views: [],
    channels: [{ id: 'C1', name: 'general', kind: 'public', members: ['U1', 'U2'], messages: [{ user: 'U1', text: 'a', ts: '1.0' }] }],
    ephemerals: [{ channel: 'C1', user: 'U1', ts: '2.0', thread_ts: '1.0', text: 'psst' }],
  };
  assert.deepEqual(readSlack(state, 'U1').messages.map((item) => item.text), ['a', 'psst']);
  assert.deepEqual(readSlack(state, 'U2').messages.map((item) => item.text), ['a']);
});
