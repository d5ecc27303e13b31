import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, format, percentOf, split } from '../src/money.js';

test('amounts are added', () => {
  assert.equal(add(199, 1, 300), 500);
});

test('a percentage is rounded to the nearest cent', () => {
  assert.equal(percentOf(999, 19), 190);
});

test('a split loses no cent', () => {
  assert.deepEqual(split(10_000, 3), [3334, 3333, 3333]);
});

test('cents are shown as an amount', () => {
  assert.equal(format(5), '0.05');
  assert.equal(format(-123_456), '-1234.56');
});
