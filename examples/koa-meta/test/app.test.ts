/** What the app does with WhatsApp's messages, over HTTP. */
import { senders, signed, type RawDelivery } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const secrets = { appSecret: "an-app-secret", verifyToken: "a-token" };
const meta = senders.meta(secrets);
const hello = { mount: "/hooks", fields: { text: { body: "Hello" } } };

it("reads a message once, however often Meta sends it", async () => {
  const { read, send } = start();
  await send(meta.whatsappMessage(hello)).expect(200);
  await send(meta.whatsappMessage(hello)).expect(200);
  expect(read).toEqual(["Hello"]);
});

it("reads each message of a batch", async () => {
  const { read, send } = start();
  await send(meta.whatsappBatch(hello)).expect(200);
  expect(read).toEqual(["Hello", "Hello", "Hello"]);
});

it("shows that it knows the verify token", async () => {
  const { app, read } = start();
  const query = { "hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "a-token" };
  await request(app).get("/hooks").query(query).expect(200, "1158201444");
  expect(read).toEqual([]);
});

it("lets nobody in but Meta", async () => {
  const { read, send } = start();
  const guess = senders.meta({ ...secrets, appSecret: "a-guess" });
  await send(guess.whatsappMessage(hello)).expect(401);
  expect(read).toEqual([]);
});

/** The app until the end of the test, and a way to send it a delivery. */
function start() {
  const read: string[] = [];
  const receiver = makeReceiver({ ...secrets, read: ({ text }) => void read.push(text) });
  onTestFinished(() => receiver.close());
  const app = createApp(receiver);
  const send = (delivery: RawDelivery) => {
    const { path, headers, body } = signed(delivery);
    return request(app).post(path).set(headers).send(body);
  };
  return { app, read, send };
}
