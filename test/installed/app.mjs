/** A blank project's app, as ES modules: a delivery comes in over HTTP, and is handled. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { basicAuth, createReceiver, postback } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import express from "express";

const handled = [];
const receiver = createReceiver(postback(), {
  authenticate: basicAuth({ username: "hook", password: "correct-horse-battery" }),
  handle: { "contact.create": ({ data }) => void handled.push(data.id) },
  requireHttps: false,
  warn: () => {},
});
const server = express().use("/hooks", createExpressMiddleware(receiver)).listen(0, "127.0.0.1");
await once(server, "listening");

const response = await fetch(`http://127.0.0.1:${server.address().port}/hooks`, {
  method: "POST",
  headers: { authorization: `Basic ${btoa("hook:correct-horse-battery")}` },
  body: new URLSearchParams({ type: "CREATE", resource: "contact", data: '{"id":"c-1"}' }),
});
assert.deepEqual([response.status, handled], [200, ["c-1"]]);

server.close();
await receiver.close();
