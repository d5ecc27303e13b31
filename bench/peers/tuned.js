// As fast as we can write it in Node: no framework, one parse, the raw bytes stored, and whoever waits shares one commit.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { db, ready, store } from "./deliveries.js";

const secret = process.env.SECRET;
const window = 300;
let waiting = [];

const commit = db.transaction((deliveries) => {
  for (const { row } of deliveries) store(...row);
});

function flush() {
  const deliveries = waiting;
  waiting = [];
  commit(deliveries);
  for (const { response } of deliveries) response.end();
}

function keep(response, ...row) {
  // What the same turn of the event loop still reads from other connections goes along.
  if (waiting.push({ response, row }) === 1) setImmediate(flush);
}

function refuse(response, status) {
  response.statusCode = status;
  response.end();
}

const signed = (given, expected) => typeof given === "string" && given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

function slack({ headers }, response, body) {
  const timestamp = headers["x-slack-request-timestamp"];
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= window)) return refuse(response, 401);
  const expected = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;
  if (!signed(headers["x-slack-signature"], expected)) return refuse(response, 401);
  const { type, event_id, team_id, event } = JSON.parse(body);
  keep(response, "slack", event_id, `${team_id}/${event.channel}/${event.ts}`, type, body);
}

function github({ headers }, response, body) {
  const expected = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  if (!signed(headers["x-hub-signature-256"], expected)) return refuse(response, 401);
  const name = headers["x-github-event"];
  const { action, comment } = JSON.parse(body);
  keep(response, "github", headers["x-github-delivery"], `${name}:${comment.id}:${action}`, name, body);
}

const path = process.argv[3];
const take = path.endsWith("/github") ? github : slack;
const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    try {
      take(request, response, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    } catch {
      refuse(response, 400);
    }
  });
}).listen(0, "127.0.0.1", () => ready(server, path));
