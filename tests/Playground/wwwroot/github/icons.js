// The few line icons of the pull request pane.

import { s } from '../dom.js';

const PATHS = {
  open: ['M4 6.5v7', 'M4 4.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M4 15.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M16 15.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M16 13.5v-6a2.5 2.5 0 0 0-2.5-2.5H10', 'M12.2 2.8L10 5l2.2 2.2'],
  draft: ['M4 6.5v7', 'M4 4.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M4 15.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M16 15.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M16 11v.01M16 7.5v.01M16 4v.01'],
  merged: ['M5 6.5v7', 'M5 4.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M5 15.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M15 11m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M5 6.5c.4 2.9 3 4.5 8 4.5'],
  closed: ['M4 6.5v7', 'M4 4.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M4 15.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M16 15.5m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0', 'M16 13.5v-3', 'M13.8 3.3l4.4 4.4M18.2 3.3l-4.4 4.4'],
  commit: ['M10 10m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0', 'M1.5 10H7M13 10h5.5'],
  chat: ['M3 4.5h14v9H9.5L6 16.8v-3.3H3z'],
  files: ['M5 2.5h7l3.5 3.5v11.5H5z', 'M10.2 8v4M8.2 10h4M8.2 14.4h4'],
};

export function icon(name) {
  return s('svg', { viewBox: '0 0 20 20', class: 'icon', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6', 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true' },
    PATHS[name].map((d) => s('path', { d })));
}
