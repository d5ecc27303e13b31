// Calendar arithmetic for due dates. Months count from 1.

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isLeapYear(year) {
  return year % 4 === 0;
}

export function daysInMonth(year, month) {
  if (!Number.isInteger(month) || month < 1 || month > 12) throw new RangeError(`There is no month ${month}.`);
  return month === 2 && isLeapYear(year) ? 29 : DAYS[month - 1];
}

/** The same day some months later, or the last day of that month where it is shorter. */
export function addMonths({ year, month, day }, months) {
  const index = year * 12 + (month - 1) + months;
  const later = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
  return { ...later, day: Math.min(day, daysInMonth(later.year, later.month)) };
}
