export * from './dates.js';
export * from './loans.js';
export * from './money.js';
