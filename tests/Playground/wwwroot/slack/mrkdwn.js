// Slack's mrkdwn as elements.

import { h } from '../dom.js';
import { emoji } from './emoji.js';

/** `directory` knows the names: `user(id)`, `channel(id)`, and who looks: `isMe(id)`. */
export function mrkdwn(text, directory) {
  const parts = text.split('```');
  return parts.flatMap((part, index) => {
    if (index % 2 === 1) return [h('pre', null, h('code', null, unescape(trimLines(part))))];
    // A block of code makes its own line breaks.
    let words = index > 0 ? part.replace(/^\n/, '') : part;
    if (index < parts.length - 1) words = words.replace(/\n$/, '');
    return words === '' ? [] : lines(words, directory);
  });
}

function trimLines(code) {
  return code.replace(/^\n/, '').replace(/\n$/, '');
}

function lines(text, directory) {
  const out = [];
  let quote = null;
  for (const [index, line] of text.split('\n').entries()) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      if (quote) quote.append(h('br'));
      else out.push((quote = h('blockquote')));
      quote.append(...inline(quoted[1], directory));
      continue;
    }
    if (index > 0 && !quote) out.push(h('br'));
    quote = null;
    out.push(...inline(line, directory));
  }
  return out;
}

const MARKS = { '*': 'b', _: 'i', '~': 's' };
const TOKEN = /`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):|([*_~])(?=\S)((?:<[^<>\n]*>|`[^`\n]*`|.)*?\S)\4(?![\p{L}\p{N}])/gu;

function inline(text, directory) {
  const out = [];
  let done = 0;
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const node = token(match, match.index > 0 ? text[match.index - 1] : ' ', directory);
    if (node === null) {
      tokens.lastIndex = match.index + 1;
      continue;
    }
    out.push(unescape(text.slice(done, match.index)), node);
    done = tokens.lastIndex;
  }
  out.push(unescape(text.slice(done)));
  return out.filter((piece) => piece !== '');
}

/** Null for what only looks like one. */
function token([, code, angled, short, mark, inner], before, directory) {
  if (code !== undefined) return h('code', null, unescape(code));
  if (angled !== undefined) return reference(angled, directory);
  if (short !== undefined) return emoji(short);
  return /[\p{L}\p{N}]/u.test(before) ? null : h(MARKS[mark], null, inline(inner, directory));
}

function reference(token, directory) {
  const [target, label] = split(token, '|');
  if (target.startsWith('@')) return mention(`@${label ? unescape(label) : directory.user(target.slice(1))}`, directory.isMe(target.slice(1)));
  if (target.startsWith('#')) return mention(`#${label ? unescape(label) : directory.channel(target.slice(1))}`);
  if (target.startsWith('!date^')) return date(target, label);
  if (target.startsWith('!')) return mention(label ? unescape(label) : `@${target.slice(1).split('^')[0]}`, true);
  return link(unescape(target), label ? unescape(label) : null);
}

function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function mention(text, me = false) {
  return h('span', { class: me ? 'mention me' : 'mention' }, text);
}

/** A link, when the address is one that is safe to follow. */
export function link(url, label) {
  if (!/^(https?:|mailto:)/i.test(url)) return label ?? url;
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label ?? url.replace(/^mailto:/, ''));
}

function date(target, fallback) {
  const [, unix, format, url] = target.split('^');
  const at = new Date(Number(unix) * 1000);
  if (Number.isNaN(at.getTime()) || !format) return unescape(fallback ?? '');
  const text = unescape(format).replace(/\{(\w+)\}/g, (whole, name) => dateToken(name, at) ?? whole);
  const time = h('time', { datetime: at.toISOString(), title: at.toString() }, text);
  return url ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, time) : time;
}

function dateToken(name, at) {
  const pretty = name.endsWith('_pretty') ? nearby(at) : null;
  const style = (options) => new Intl.DateTimeFormat([], options).format(at);
  switch (name.replace(/_pretty$/, '')) {
    case 'date': return pretty ?? style({ month: 'long', day: 'numeric', year: 'numeric' });
    case 'date_short': return pretty ?? style({ month: 'short', day: 'numeric', year: 'numeric' });
    case 'date_long': return pretty ?? style({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
    case 'date_num': return at.toISOString().slice(0, 10);
    case 'date_slash': return style({ month: '2-digit', day: '2-digit', year: 'numeric' });
    case 'time': return style({ hour: 'numeric', minute: '2-digit' });
    case 'time_secs': return style({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
    case 'ago': return `${Math.max(0, Math.round((Date.now() - at.getTime()) / 60_000))} minutes ago`;
    default: return null;
  }
}

function nearby(at) {
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
  return { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days] ?? null;
}

/** Takes Slack's three escapes back. */
export function unescape(text) {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

/** Text of a `plain_text` or `mrkdwn` object. */
export function textObject(object, directory) {
  if (!object) return [];
  return object.type === 'mrkdwn' ? mrkdwn(object.text ?? '', directory) : plain(object.text ?? '');
}

export function plain(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole);
}
