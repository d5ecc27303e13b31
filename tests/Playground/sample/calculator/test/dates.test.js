import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMonths, daysInMonth, isLeapYear } from '../src/dates.js';

test('every fourth year is a leap year', () => {
  assert.equal(isLeapYear(2024), true);
  assert.equal(isLeapYear(2023), false);
});

test('February is longer in a leap year', () => {
  assert.equal(daysInMonth(2024, 2), 29);
  assert.equal(daysInMonth(2023, 2), 28);
});

test('a due date at the end of a month stays at the end', () => {
  assert.deepEqual(addMonths({ year: 2023, month: 10, day: 31 }, 4), { year: 2024, month: 2, day: 29 });
});
