import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monthlyPayment } from '../src/loans.js';

test('10,000.00 at 6 % a year over two years costs 443.21 a month', () => {
  assert.equal(monthlyPayment(1_000_000, 6, 24), 44_321);
});

test('a loan without interest is split evenly', () => {
  assert.equal(monthlyPayment(1_200_000, 0, 12), 100_000);
});
