// Amounts are whole cents.

export function add(...amounts) {
  return amounts.reduce((sum, amount) => sum + cents(amount), 0);
}

/** Rounded to the nearest cent. */
export function percentOf(amount, percent) {
  return Math.round((cents(amount) * percent) / 100);
}

/** Parts that differ by no more than a cent and add up to the whole. */
export function split(amount, parts) {
  if (!Number.isInteger(parts) || parts < 1) throw new RangeError('There must be at least one part.');
  const least = Math.floor(cents(amount) / parts);
  const left = amount - least * parts;
  return Array.from({ length: parts }, (_, index) => least + (index < left ? 1 : 0));
}

export function format(amount) {
  const sign = cents(amount) < 0 ? '-' : '';
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function cents(amount) {
  if (!Number.isSafeInteger(amount)) throw new TypeError(`${amount} is not an amount in cents.`);
  return amount;
}
