// Keeps what grows at its end scrolled to its end, unless somebody has scrolled away from it.

const NEAR = 80;
const seen = new Map();

/** Call before drawing; call what it returns after. */
export function keepScroll() {
  const before = new Map();
  for (const area of document.querySelectorAll('[data-scroll]')) {
    before.set(area.dataset.scroll, area.scrollHeight - area.scrollTop - area.clientHeight < NEAR);
  }
  return () => {
    for (const area of document.querySelectorAll('[data-scroll]')) {
      const name = area.dataset.scroll;
      const grown = area.scrollHeight > (seen.get(name) ?? 0);
      if (followsEnd(area) && (before.get(name) ?? true) && grown) area.scrollTop = area.scrollHeight;
      seen.set(name, area.scrollHeight);
    }
  };
}

function followsEnd(area) {
  return area.matches('.messages, .log');
}
