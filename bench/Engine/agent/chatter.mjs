#!/usr/bin/env node
// An agent that says something twenty times a second until it is cancelled: in turns a piece of text and a step of a tool call. Each step
// has its number and the time in its title, so that whoever reads it knows how old it is, and whether all are there.
import { createInterface } from 'node:readline';

const every = 50;
let cancelled = () => {};

const send = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');

function prompt({ sessionId }) {
  const update = change => send({ method: 'session/update', params: { sessionId, update: change } });
  let number = 0;
  return new Promise(resolve => {
    const ticking = setInterval(() => {
      number++;
      if (number % 2) update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'Now the tests: they should pass once the sum is right. ' } });
      else update({ sessionUpdate: 'tool_call', toolCallId: `step-${Math.floor(number / 8)}`, title: `${number / 2} ${performance.timeOrigin + performance.now()}`, kind: 'execute', status: 'in_progress' });
    }, every);
    cancelled = () => {
      clearInterval(ticking);
      resolve({ stopReason: 'cancelled' });
    };
  });
}

const methods = {
  initialize: () => ({ protocolVersion: 1, agentCapabilities: { loadSession: true }, authMethods: [] }),
  'session/new': () => ({ sessionId: `chatter-${process.pid}` }),
  'session/load': () => ({}),
  'session/prompt': prompt,
};

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.method === 'session/cancel') cancelled();
  else if (message.method) Promise.resolve(methods[message.method](message.params)).then(result => send({ id: message.id, result }));
}
