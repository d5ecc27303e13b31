// Keeps what grows at its end scrolled to its end, unless somebody has scrolled away from it.

const NEAR = 80;

/** Call before drawing; call what it returns after. */
export function keepScroll() {
  const atEnd = new Map();
  for (const area of areas()) atEnd.set(area.dataset.end, area.scrollHeight - area.scrollTop - area.clientHeight < NEAR);
  return () => {
    for (const area of areas()) if (atEnd.get(area.dataset.end) ?? !area.dataset.end.startsWith('late:')) area.scrollTop = area.scrollHeight;
  };
}

function areas() {
  return document.querySelectorAll('[data-end]');
}
