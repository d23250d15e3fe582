/** What a message to the bot is answered with, over HTTP. */
import { senders, signed, type RawDelivery } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const telegram = senders.telegram({ secretToken: "a-secret_token" });
const hello = { mount: "/hooks", fields: { chat: { id: 1111111 }, text: "Hello" } };

it("answers a message in the reply, and asks once however often it comes", async () => {
  const { asked, send } = start();
  const answer = { method: "sendMessage", chat_id: 1111111, text: "Hello, too" };
  await send(telegram.message(hello)).expect(200, answer);
  await send(telegram.message(hello)).expect(200);
  expect(asked).toEqual(["Hello"]);
});

it("acknowledges what it has no handler for", async () => {
  const { asked, send } = start();
  await send(telegram.callbackQuery({ mount: "/hooks" })).expect(200);
  expect(asked).toEqual([]);
});

it("lets nobody in but Telegram", async () => {
  const { asked, send } = start();
  await send(senders.telegram({ secretToken: "a-guess" }).message(hello)).expect(401);
  expect(asked).toEqual([]);
});

/** The app until the end of the test, and a way to send it a delivery. */
function start() {
  const asked: string[] = [];
  const receiver = makeReceiver({
    secretToken: "a-secret_token",
    answer: (words) => (asked.push(words), `${words}, too`),
  });
  onTestFinished(() => receiver.close());
  const app = createApp(receiver);
  const send = (delivery: RawDelivery) => {
    const { path, headers, body } = signed(delivery);
    return request(app).post(path).set(headers).send(body);
  };
  return { asked, send };
}
