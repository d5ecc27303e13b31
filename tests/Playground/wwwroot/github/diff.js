// Unified diffs, coloured and numbered.

import { h } from '../dom.js';

/** Lines of a `diff` code block. */
export function diffLines(lines) {
  return lines.map((line) => h('span', { class: `line ${kind(line)}` }, `${line}\n`));
}

function kind(line) {
  if (/^(\+\+\+|---) /.test(line)) return 'meta';
  return { '+': 'added', '-': 'removed', '@': 'hunk' }[line[0]] ?? 'same';
}

/** One changed file. */
export function fileDiff(file, key) {
  return h('details.file', { open: true, 'data-key': key },
    h('summary', null, h('span.chevron', { 'aria-hidden': 'true' }), h('code', null, file.path),
      file.status !== 'modified' ? h('span.tag', null, file.status) : null,
      h('span.counts', null, h('b.plus', null, `+${file.additions}`), h('b.minus', null, `−${file.deletions}`))),
    file.patch ? h('div.diff-table', { tabindex: '0', role: 'region', 'aria-label': `Changes in ${file.path}` }, h('table', null, h('tbody', null, rows(file.patch))))
      : h('p.muted', null, 'Nothing to show: the file is binary, or only its name changed.'));
}

function rows(patch) {
  let before = 0;
  let after = 0;
  return patch.split('\n').map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk) {
      [before, after] = [Number(hunk[1]), Number(hunk[2])];
      return h('tr.hunk', null, h('td', null), h('td', null), h('td', null, line));
    }
    if (line.startsWith('\\')) return h('tr.same', null, h('td', null), h('td', null), h('td.muted', null, line.slice(2)));
    const type = kind(`${line[0] ?? ' '}x`);
    const numbers = [type === 'added' ? '' : String(before++), type === 'removed' ? '' : String(after++)];
    return h('tr', { class: type }, numbers.map((number) => h('td.number', null, number)), h('td', null, h('span.sign', null, line[0] ?? ' '), line.slice(1)));
  });
}
