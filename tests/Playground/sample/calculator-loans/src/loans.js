// Loans that are paid back in equal parts.

/** What is paid each month, in cents. */
export function monthlyPayment(amount, yearlyPercent, months) {
  const rate = yearlyPercent / 100;
  if (rate === 0) return Math.ceil(amount / months);
  return Math.round((amount * rate) / (1 - (1 + rate) ** -months));
}
