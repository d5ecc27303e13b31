// GitHub's webhooks with Probot: its middleware verifies, a handler stores, then it acknowledges.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot } from "probot";
import { ready, store } from "./deliveries.js";

const path = "/webhooks/github";
// A Probot has an App's key; nothing here signs with it.
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs1", format: "pem" }, publicKeyEncoding: { type: "pkcs1", format: "pem" } });
const probot = createProbot({ overrides: { appId: 1, privateKey, secret: process.env.SECRET, logLevel: "fatal" } });
const app = (robot) => robot.on("issue_comment", async ({ id, name, payload }) => {
  store("github", id, `${name}:${payload.comment.id}:${payload.action}`, name, JSON.stringify(payload));
});
const middleware = await createNodeMiddleware(app, { probot, webhooksPath: path });
const server = createServer(middleware).listen(0, "127.0.0.1", () => ready(server, path));
