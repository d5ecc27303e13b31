// The Slack simulator's state in the page's words.

/** What the acting person sees: their channels, messages oldest first, modals on their screen. */
export function readSlack(state, me) {
  const bot = state.workspace.bot.id;
  const channels = state.channels.filter((channel) => channel.members.includes(me)).map((channel) => readChannel(channel, me));
  if (!channels.some((channel) => channel.with === bot)) channels.push({ id: 'dm', name: 'bots', with: bot });
  const messages = [
    ...state.channels.flatMap((channel) => channel.messages.map((item) => readMessage(item, channel.id, item.user))),
    ...state.ephemerals.filter((item) => item.user === me).map((item) => ({ ...readMessage(item, item.channel, bot), ephemeral: true })),
  ].sort((a, b) => Number(a.ts) - Number(b.ts));
  const threads = new Set(messages.filter((item) => item.thread && item.thread !== item.ts).map((item) => item.thread));
  for (const item of messages) item.hasThread = threads.has(item.ts);
  return {
    channels,
    messages,
    statuses: state.statuses.map((one) => ({ channel: one.channel, thread: one.thread_ts, text: one.status })),
    views: state.views.filter((view) => view.user === me),
  };
}

function readChannel(channel, me) {
  const other = channel.kind === 'direct' ? channel.members.find((member) => member !== me) : null;
  return { id: channel.id, name: channel.name, with: other };
}

function readMessage(item, channel, user) {
  return {
    channel,
    ts: item.ts,
    thread: item.thread_ts ?? null,
    user,
    text: item.text ?? '',
    blocks: item.blocks ?? null,
    reactions: item.reactions ?? [],
    edited: Boolean(item.edited) && !item.bot_id,
  };
}

/** Names for ids. */
export function directoryOf(state, me) {
  const users = new Map(state.users.map((user) => [user.id, user]));
  const channels = new Map(state.channels.map((channel) => [channel.id, channel.name]));
  const bot = state.workspace.bot.id;
  return {
    me,
    user: (id) => (id === bot ? 'Bots' : users.get(id)?.real_name ?? id),
    channel: (id) => channels.get(id) ?? id,
    isBot: (id) => users.get(id)?.is_bot ?? false,
    isMe: (id) => id === me,
  };
}
