/** What the app does with App Inbox's messages, over HTTP: one by one, as a list, and a knock at the door. */
import type { AppInboxMessage } from "@answerback/core";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const hello = { id: "3f2504e0-4f89-11d3-9a0c-0305e82c3301", externalCustomerId: "cust-42", title: "Hello" };
const again = { id: "3f2504e0-4f89-11d3-9a0c-0305e82c3302", externalCustomerId: "cust-42", title: "Again" };

it("shows a message once, however often it is sent", async () => {
  const { send, shown } = start();
  await send(hello).expect(200);
  await send(hello).expect(200);
  expect(shown).toEqual([hello]);
});

it("takes a list, and shows of it what is new", async () => {
  const { send, shown } = start();
  await send(hello).expect(200);
  await send([hello, again]).expect(200);
  expect(shown).toEqual([hello, again]);
});

it("keeps a bad item of a list as a dead letter, and shows the others", async () => {
  const { send, shown, receiver } = start();
  await send([hello, { title: "No id" }, again]).expect(200);
  expect(shown).toEqual([hello, again]);
  const [letter] = await receiver.deadLetters.list();
  expect(letter).toMatchObject({ data: { title: "No id" }, error: { code: "malformed" } });
});

it("answers the probe that is sent when the URL is saved, without asking who it is", async () => {
  const { app } = start();
  const answer = await request(app).get("/hooks");
  expect([answer.status, answer.text]).toEqual([200, ""]);
});

it("shows nothing from who has no password", async () => {
  const { app, shown } = start();
  await request(app).post("/hooks").send(hello).expect(401);
  expect(shown).toEqual([]);
});

/** The app until the end of the test, and a way to send it what App Inbox would. */
function start() {
  const shown: AppInboxMessage[] = [];
  const receiver = makeReceiver({
    password: "a-password",
    show: (message) => void shown.push(message),
  });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());

  const send = (body: object) => request(app).post("/hooks").auth("inbox", "a-password").send(body);
  return { send, shown, receiver, app };
}
