/** A test of an app, as Jest runs it: as an ES module, and compiled to CommonJS by ts-jest. */
import { basicAuth, createReceiver, postback } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import express from "express";
import request from "supertest";

test("a delivery is handled", async () => {
  const handled = new Set();
  const receiver = createReceiver(postback(), {
    authenticate: basicAuth({ username: "hook", password: "correct-horse-battery" }),
    handle: { "contact.create": ({ data }) => void handled.add(data.id) },
  });
  const app = express().use("/hooks", createExpressMiddleware(receiver));
  const sending = request(app).post("/hooks").auth("hook", "correct-horse-battery").type("form");
  await sending.send({ type: "CREATE", resource: "contact", data: '{"id":"c-1"}' }).expect(200);
  expect([...handled]).toEqual(["c-1"]);
  await receiver.close();
});
