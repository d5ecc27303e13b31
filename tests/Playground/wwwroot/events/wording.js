// What happened to a session, in words: a list of rows made from its events.

const KINDS = { read: '📖', search: '🔍', edit: '✏️', execute: '▶', delete: '🗑', fetch: '🌐', think: '💭', other: '🔧' };

/** Rows with `key`, `at`, `sign`, `title`, `detail`, `tone`. Pieces of text are joined, a tool call is one row that changes. */
export function rowsOf(events) {
  const rows = [];
  const calls = new Map();
  for (const logged of events) {
    const { event } = logged;
    const last = rows.findLast((row) => row.type !== 'usage.recorded');
    if (event.type === 'agent.text' && last?.type === 'agent.text') {
      last.detail += event.text;
      continue;
    }
    if (event.type === 'agent.tool_call' && calls.has(event.call.id)) {
      Object.assign(calls.get(event.call.id), toolCall(event.call));
      continue;
    }
    const words = describe(event);
    if (!words) continue;
    const row = { type: event.type, key: String(logged.sequence), at: logged.at, ...words };
    if (event.type === 'agent.tool_call') calls.set(event.call.id, row);
    rows.push(row);
  }
  return rows;
}

function describe(event) {
  switch (event.type) {
    case 'session.opened': return { sign: '✦', title: `Session opened with ${event.agent}`, detail: event.model ?? '' };
    case 'conversation.bound': return { sign: '⛓', title: 'Bound to a conversation', detail: `${event.conversation.surface} ${event.conversation.key}` };
    case 'repository.asked': return { sign: '?', title: 'Asked which repository is meant', detail: (event.candidates ?? []).map((one) => one.name).join(', ') };
    case 'repository.chosen': return { sign: '⌂', title: `Repository ${event.target?.repository ?? ''}`, detail: event.why ?? '' };
    case 'prompt.queued': return { sign: '“', title: `${event.author?.name ?? 'Somebody'} asked`, detail: event.text, tone: 'strong' };
    case 'prompt.started': return { sign: '●', title: 'Turn started', tone: 'strong' };
    case 'prompt.finished': return { sign: { Completed: '✓', Failed: '✕' }[event.state] ?? '■', title: `Turn ${String(event.state).toLowerCase()}`, detail: event.cause ?? '', tone: event.state === 'Completed' ? 'good' : event.state === 'Failed' ? 'bad' : 'strong' };
    case 'prompt.stop_asked': return { sign: '■', title: `${event.by?.name ?? 'Somebody'} asked to stop` };
    case 'stage.changed': return { sign: '…', title: event.stage };
    case 'agent.text': return { sign: '¶', title: 'Agent', detail: event.text };
    case 'agent.thought': return { sign: '💭', title: 'Thought', detail: event.text };
    case 'agent.plan': return { sign: '☑', title: 'Plan', detail: (event.entries ?? []).map((entry) => `${{ completed: '☑', in_progress: '▸' }[entry.status] ?? '☐'} ${entry.content}`).join('\n') };
    case 'agent.tool_call': return toolCall(event.call);
    case 'permission.asked': return { sign: '✋', title: 'Permission asked', detail: event.call?.command ?? event.call?.title ?? '', tone: 'warn' };
    case 'permission.decided': return { sign: event.decision === 'Deny' ? '⛔' : '✓', title: `${decision(event.decision)} ${event.by ? `by ${event.by.name}` : `by rule: ${event.rule ?? ''}`}`, detail: event.reason ?? '', tone: event.decision === 'Deny' ? 'bad' : 'good' };
    case 'changes.pushed': return { sign: '↑', title: `Pushed ${event.branch}`, detail: `${String(event.commit).slice(0, 8)} · +${event.diff?.added} −${event.diff?.removed} in ${event.diff?.files} file(s)`, tone: 'good' };
    case 'pull_request.opened': return { sign: '↗', title: `Opened pull request #${event.number}`, detail: event.url, tone: 'good' };
    case 'usage.recorded': return { sign: '∑', title: `${event.model}`, detail: `${event.usage?.input ?? 0} in, ${event.usage?.output ?? 0} out${event.cost ? ` · $${Number(event.cost).toFixed(4)}` : ''}`, tone: 'quiet' };
    case 'note': return { sign: 'ℹ', title: event.text };
    default: return null;
  }
}

function toolCall(call) {
  const state = { completed: 'done', failed: 'failed', in_progress: 'running', pending: 'waiting' }[call.status] ?? call.status;
  return { sign: KINDS[call.kind] ?? KINDS.other, title: call.title || call.command || call.kind, detail: call.command && call.command !== call.title ? call.command : '', state, tone: call.status === 'failed' ? 'bad' : '' };
}

function decision(name) {
  return { AllowOnce: 'Allowed once', AllowSession: 'Allowed for this session', Deny: 'Denied' }[name] ?? name;
}
