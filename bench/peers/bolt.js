// Slack events with Bolt for JavaScript, as its documentation has it: the receiver verifies, a middleware stores, then it acknowledges.
import bolt from "@slack/bolt";
import { ready, store } from "./deliveries.js";

const path = "/webhooks/slack/events";
const receiver = new bolt.HTTPReceiver({
  signingSecret: process.env.SECRET, endpoints: path, processBeforeResponse: true, logLevel: bolt.LogLevel.ERROR,
});
const app = new bolt.App({
  receiver,
  logLevel: bolt.LogLevel.ERROR,
  authorize: async () => ({ botToken: "xoxb-peer", botId: "B0PEER", botUserId: "U0PEER" }),
});
app.use(async ({ body, next }) => {
  const { channel, ts } = body.event;
  store("slack", body.event_id, `${body.team_id}/${channel}/${ts}`, body.type, JSON.stringify(body));
  await next();
});
app.event("message", async () => {});

ready(await app.start({ port: 0, host: "127.0.0.1" }), path);
