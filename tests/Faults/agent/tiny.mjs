#!/usr/bin/env node
// The smallest agent that does everything the platform has to keep track of. It speaks ACP on its standard streams and does what
// the first line of its prompt says: "job NAME: STEP STEP …", with the steps below. Before and after a job it tells the model, which
// is how one sees from outside which jobs ran, in which order.
import { appendFileSync, mkdirSync } from 'node:fs';
import { execSync } from 'node:child_process';
import { request } from 'node:http';
import { createInterface } from 'node:readline';

const workspace = process.env.FAULTS_WORKSPACE ?? '/workspace';
const waiting = new Map();
let cancelled = false;
let lastId = 0;

const send = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

function ask(method, params) {
  const id = `tiny-${++lastId}`;
  send({ id, method, params });
  return new Promise(resolve => waiting.set(id, resolve));
}

function tellModelOnce(words) {
  const body = JSON.stringify({ model: process.env.BOTS_MODEL.split('/').pop(), messages: [{ role: 'user', content: words }] });
  const [provider] = process.env.BOTS_MODEL.split('/');
  return new Promise((resolve, reject) => {
    const call = request(`${process.env.BOTS_GATEWAY}/llm/${provider}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.BOTS_TOKEN}` },
    }, answer => {
      answer.resume();
      answer.on('end', () => answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`)));
      answer.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function tellModel(words) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tellModelOnce(words);
    } catch (error) {
      if (attempt === 100) throw error;
      await pause(100 * Math.min(attempt, 10));
    }
  }
}

const steps = {
  async say({ update, name }) {
    for (const piece of ['Answer', ' of', ` ${name}`, '.']) {
      update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: piece } });
      await pause(20);
    }
  },
  async edit({ update, name }) {
    const path = `${workspace}/edits/${name}`;
    update({ sessionUpdate: 'tool_call', toolCallId: `edit-${name}`, title: `edits/${name}`, kind: 'edit', status: 'pending', locations: [{ path }] });
    mkdirSync(`${workspace}/edits`, { recursive: true });
    appendFileSync(path, `${name}\n`);
    update({ sessionUpdate: 'tool_call_update', toolCallId: `edit-${name}`, status: 'completed' });
  },
  async ask({ update, name, session }) {
    const command = `mkdir -p ran && echo ${name} >> ran/${name}`;
    const toolCall = { toolCallId: `run-${name}-${lastId}`, title: `ran/${name}`, kind: 'execute', status: 'pending', rawInput: { command } };
    update({ sessionUpdate: 'tool_call', ...toolCall });
    const answer = await ask('session/request_permission', {
      sessionId: session,
      toolCall,
      options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }, { optionId: 'no', name: 'No', kind: 'reject_once' }],
    });
    const allowed = answer?.outcome?.outcome === 'selected' && answer.outcome.optionId === 'yes';
    if (allowed) execSync(command, { cwd: workspace });
    update({ sessionUpdate: 'tool_call_update', toolCallId: toolCall.toolCallId, status: allowed ? 'completed' : 'failed' });
  },
  wait: ({ argument }) => pause(Number(argument)),
  crash: () => process.exit(3),
  hang: () => new Promise(() => {}),
};

async function prompt({ sessionId: session, prompt: blocks }) {
  cancelled = false;
  const update = change => send({ method: 'session/update', params: { sessionId: session, update: change } });
  const [, name, script] = /^job (\S+): (.*)/i.exec(blocks[0].text) ?? [];
  if (name) {
    await tellModel(`begin ${name}`);
    for (const step of script.split(' ')) {
      const [verb, argument] = step.split('=');
      if (cancelled) return { stopReason: 'cancelled' };
      await steps[verb]({ update, name, session, argument });
    }
    await tellModel(`end ${name}`);
  } else {
    update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: ' It was denied.' } });
  }

  return { stopReason: cancelled ? 'cancelled' : 'end_turn' };
}

const methods = {
  initialize: () => ({ protocolVersion: 1, agentCapabilities: { loadSession: true }, authMethods: [] }),
  'session/new': () => ({ sessionId: `tiny-session-${process.pid}-${Date.now()}` }),
  'session/load': () => ({}),
  'session/prompt': prompt,
};

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.method === 'session/cancel') {
    cancelled = true;
  } else if (message.method) {
    const method = methods[message.method];
    if (!method) send({ id: message.id, error: { code: -32601, message: `no ${message.method}` } });
    else Promise.resolve(method(message.params)).then(result => send({ id: message.id, result }), error => send({ id: message.id, error: { code: -32000, message: String(error) } }));
  } else {
    waiting.get(message.id)?.(message.result);
    waiting.delete(message.id);
  }
}
