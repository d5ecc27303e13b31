import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, html } from './document.js';
import { markdown } from '../wwwroot/github/markdown.js';

const shown = (text, options) => html(markdown(text, options));

test('headings, emphasis, code and links are rendered', () => {
  assert.equal(shown('#### ✋ May I?'), '<h4>✋ May I?</h4>');
  assert.equal(shown('**a** _b_ ~~c~~ `d*e*`'), '<p><b>a</b> <i>b</i> <s>c</s> <code>d*e*</code></p>');
  assert.match(shown('[`ab12`](https://example.com/x)'), /<a href="https:\/\/example.com\/x"[^>]*><code>ab12<\/code><\/a>/);
});

test('tags that nobody allowed stay text', () => {
  assert.equal(shown('<script>alert(1)</script> <img src=x onerror=alert(1)>'), '<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;</p>');
});

test('a link to a script is no link', () => {
  assert.equal(shown('[x](javascript:alert(1))'), '<p><span>x</span></p>');
  assert.equal(shown('![x](data:text/html,1)'), '<p><span>x</span></p>');
});

test('entities become characters and comments disappear', () => {
  assert.equal(shown('&lt;b&gt; &#64;ana <!-- bots:key=1 -->'), '<p>&lt;b&gt; @ana</p>');
});

test('a comment inside a code block is code', () => {
  assert.match(shown('```\n<!-- kept -->\n```'), /&lt;!-- kept --&gt;/);
});

test('task items are counted over the whole body, and code blocks have none', () => {
  const clicked = [];
  const nodes = markdown('- [x] one\n\n```\n- [ ] not one\n```\n\n> - [ ] two\n\n1. [ ] three', { task: (box, index) => clicked.push(index) });
  const boxes = all(nodes, 'input');
  assert.deepEqual(boxes.map((box) => box.attributes.has('checked')), [true, false, false]);
  for (const box of boxes) box.listeners.change.call(box, { type: 'change', currentTarget: box });
  assert.deepEqual(clicked, [0, 1, 2]);
});

test('task items nobody may click are disabled', () => {
  assert.ok(all(markdown('- [ ] one'), 'input')[0].attributes.has('disabled'));
});

test('lists nest and go on after an empty line', () => {
  assert.equal(shown('- a\n  - b\n- c'), '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>');
});

test('details hold Markdown of their own', () => {
  assert.equal(shown('<details><summary>7 steps</summary>\n\n* ✔️ `a`\n\n</details>'), '<details><summary>7 steps</summary><ul><li>✔️ <code>a</code></li></ul></details>');
});

test('a diff is coloured by its lines', () => {
  assert.equal(shown('```diff\n-a\n+b\n```'), '<pre data-language="diff" class="diff"><code><span class="line removed">-a\n</span><span class="line added">+b\n</span></code></pre>');
});

test('tables have a head and aligned cells', () => {
  assert.match(shown('| a | b |\n|---|--:|\n| 1 | 2 |'), /<th>a<\/th><th style="text-align:right">b<\/th>.*<td>1<\/td>/);
});

test('what never ends does not take the page down', () => {
  for (const text of ['<details>', '```', '**a', '[a](', '- [ ]', '|', '>', '#', '1.', '&#9999999;', '* '.repeat(500)]) assert.equal(typeof shown(text), 'string');
});
