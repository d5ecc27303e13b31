// The inline part of GitHub-flavoured Markdown.

import { h } from '../dom.js';

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©', hellip: '…', mdash: '—', ndash: '–', commat: '@', num: '#' };
const WRAPPING = { b: 'b', strong: 'b', i: 'i', em: 'i', s: 's', del: 's', code: 'code', kbd: 'kbd', sub: 'sub', sup: 'sup', ins: 'ins' };

// In order: comment, code, escape, image, link, autolink, tag, entity, strong, emphasis, strike, bare address, mention, reference, line break.
const TOKEN = new RegExp([
  '<!--[\\s\\S]*?-->',
  '(?<ticks>`+)(?<code>[\\s\\S]*?[^`])\\k<ticks>(?!`)',
  '\\\\(?<escaped>[!-/:-@[-`{-~])',
  '!\\[(?<alt>[^\\]]*)\\]\\((?<src>[^\\s)]+)[^)]*\\)',
  '\\[(?<label>(?:\\\\.|`[^`]*`|!\\[[^\\]]*\\]\\([^)]*\\)|[^\\[\\]])*)\\]\\((?<href><[^>]*>|[^\\s()]*(?:\\([^\\s()]*\\)[^\\s()]*)*)(?:\\s+["\'][^"\']*["\'])?\\)',
  '<(?<auto>https?://[^\\s<>]+|mailto:[^\\s<>]+)>',
  '<(?<tag>br|b|strong|i|em|s|del|code|kbd|sub|sup|ins)\\s*/?>(?:(?<wrapped>[\\s\\S]*?)</\\k<tag>>)?',
  '&(?<entity>#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});',
  '(?<strong>\\*\\*|__)(?=\\S)(?<bold>[\\s\\S]*?\\S)\\k<strong>',
  '(?<mark>[*_])(?=[^\\s*_])(?<italic>(?:\\*\\*[^*]+\\*\\*|`[^`]*`|[^*_`]|(?<=\\w)_(?=\\w))*?[^\\s*_]?)\\k<mark>(?!\\w)',
  '~~(?=\\S)(?<struck>[\\s\\S]*?\\S)~~',
  '(?<bare>https?://[^\\s<>]*[^\\s<>.,:;!?\'")\\]*_~`])',
  '(?<![\\w`/@.-])@(?<mention>[a-zA-Z\\d](?:[a-zA-Z\\d-]*[a-zA-Z\\d])?(?:\\[bot\\])?)',
  '(?<![\\w&])#(?<number>\\d+)\\b',
  '(?<breaking>(?: {2,}|\\\\)?\\n)',
].join('|'), 'u');

/** Elements and strings for a paragraph's text. `breaks`: single line ends count, as they do in comments. */
export function inline(text, options = {}) {
  const out = [];
  const tokens = new RegExp(TOKEN.source, 'gu');
  let done = 0;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const before = match.index > 0 ? text[match.index - 1] : ' ';
    const nodes = token(match, before, options);
    if (nodes === null) {
      tokens.lastIndex = match.index + 1;
      continue;
    }
    out.push(text.slice(done, match.index), ...nodes);
    done = tokens.lastIndex;
  }
  out.push(text.slice(done));
  return out.filter((piece) => piece !== '');
}

/** Null for what only looks like one. */
function token({ groups: g, 0: whole }, before, options) {
  if (whole.startsWith('<!--')) return [];
  if (g.code !== undefined) return [h('code', null, g.code.replace(/\n/g, ' ').replace(/^ (.*) $/, '$1'))];
  if (g.escaped !== undefined) return [g.escaped];
  if (g.src !== undefined) return [image(g.src, g.alt)];
  if (g.href !== undefined) return [link(g.href.replace(/^<|>$/g, ''), inline(g.label, { ...options, plain: true }))];
  if (g.auto !== undefined) return [link(g.auto, [g.auto.replace('mailto:', '')])];
  if (g.tag !== undefined) return wrapped(g.tag, g.wrapped, options);
  if (g.entity !== undefined) return entity(g.entity);
  if (g.bold !== undefined) return [h('b', null, inline(g.bold, options))];
  if (g.italic !== undefined) return g.italic === '' || (g.mark === '_' && /\w/.test(before)) ? null : [h('i', null, inline(g.italic, options))];
  if (g.struck !== undefined) return [h('s', null, inline(g.struck, options))];
  if (options.plain) return null;
  if (g.bare !== undefined) return [link(g.bare, [g.bare])];
  if (g.mention !== undefined) return [h('span.gh-mention', null, `@${g.mention}`)];
  if (g.number !== undefined) return options.reference ? [h('a', { href: options.reference(Number(g.number)) }, `#${g.number}`)] : null;
  return [options.breaks || whole !== '\n' ? h('br') : '\n'];
}

function wrapped(tag, content, options) {
  if (tag === 'br') return [h('br')];
  return content === undefined ? null : [h(WRAPPING[tag], null, tag === 'code' ? content : inline(content, options))];
}

function entity(name) {
  if (!name.startsWith('#')) return name in ENTITIES ? [ENTITIES[name]] : null;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? [String.fromCodePoint(code)] : null;
}

function link(href, label) {
  if (!/^(https?:|mailto:|#|\/)/i.test(href)) return h('span', null, label);
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, label);
}

function image(source, alt) {
  return /^https?:/i.test(source) ? h('img', { src: source, alt, loading: 'lazy' }) : h('span', null, alt);
}
