import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../wwwroot/events/wording.js';

const log = (...events) => rowsOf(events.map((event, index) => ({ sequence: index + 1, at: '2026-01-01T00:00:00Z', event })));

test('pieces of an answer are one row, model calls between them notwithstanding', () => {
  const rows = log({ type: 'agent.text', text: 'Hel' }, { type: 'usage.recorded', model: 'm', usage: { input: 1, output: 2 } }, { type: 'agent.text', text: 'lo' });
  assert.deepEqual(rows.map((row) => row.detail), ['Hello', '1 in, 2 out']);
});

test('a tool call is one row that shows its last state', () => {
  const call = (status) => ({ type: 'agent.tool_call', call: { id: '1', title: 'npm test', kind: 'execute', status } });
  assert.deepEqual(log(call('pending'), call('in_progress'), call('completed')).map((row) => [row.title, row.state]), [['npm test', 'done']]);
});

test('an event nobody knows is left out', () => {
  assert.deepEqual(log({ type: 'something.new' }), []);
});
