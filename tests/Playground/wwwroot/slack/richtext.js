// The rich_text block.

import { h } from '../dom.js';
import { emoji } from './emoji.js';
import { link } from './mrkdwn.js';

export function richText(block, directory) {
  return h('div.richtext', null, (block.elements ?? []).map((element) => section(element, directory)));
}

function section(element, directory) {
  const children = () => (element.elements ?? []).map((child) => piece(child, directory));
  switch (element.type) {
    case 'rich_text_preformatted': return h('pre', null, h('code', null, children()));
    case 'rich_text_quote': return h('blockquote', null, children());
    case 'rich_text_list':
      return h(element.style === 'ordered' ? 'ol' : 'ul', { style: `margin-left:${(element.indent ?? 0) * 1.4}em`, start: element.offset ? element.offset + 1 : null },
        (element.elements ?? []).map((item) => h('li', null, section(item, directory))));
    default: return h('div', null, children());
  }
}

function piece(element, directory) {
  switch (element.type) {
    case 'text': return styled(breaks(element.text ?? ''), element.style);
    case 'link': return styled([link(element.url ?? '', element.text ?? null)], element.style);
    case 'user': return h('span.mention', null, `@${directory.user(element.user_id)}`);
    case 'channel': return h('span.mention', null, `#${directory.channel(element.channel_id)}`);
    case 'broadcast': return h('span.mention.me', null, `@${element.range}`);
    case 'emoji': return emoji(element.name ?? '') ?? `:${element.name}:`;
    case 'date': return new Date((element.timestamp ?? 0) * 1000).toLocaleString();
    default: return element.text ?? '';
  }
}

function breaks(text) {
  return text.split('\n').flatMap((line, index) => (index > 0 ? [h('br'), line] : [line]));
}

function styled(nodes, style) {
  let result = nodes;
  if (style?.code) result = [h('code', null, result)];
  if (style?.strike) result = [h('s', null, result)];
  if (style?.italic) result = [h('i', null, result)];
  if (style?.bold) result = [h('b', null, result)];
  return result;
}
