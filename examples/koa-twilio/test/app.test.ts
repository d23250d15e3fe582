/** What a message to the number is answered with, over HTTP. */
import { senders, signed, type RawDelivery } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const authToken = "12345678901234567890123456789012";
const publicUrl = "https://app.example/hooks";
const twilio = senders.twilio({ authToken, origin: "https://app.example" });
const hello = { mount: "/hooks", fields: { Body: "Tom & Lue" } };

it("answers a message, and asks once however often it comes", async () => {
  const { asked, send } = start();
  const answer = "<Response><Message>Tom &amp; Lue, too</Message></Response>";
  await send(twilio.message(hello)).expect(200, answer).expect("Content-Type", /xml/);
  await send(twilio.message(hello)).expect(200);
  expect(asked).toEqual(["Tom & Lue"]);
});

it("lets nobody in but Twilio", async () => {
  const { asked, send } = start();
  const guess = senders.twilio({ authToken: "a-guess", origin: "https://app.example" });
  await send(guess.message(hello)).expect(401);
  expect(asked).toEqual([]);
});

/** The app until the end of the test, and a way to send it a delivery. */
function start() {
  const asked: string[] = [];
  const receiver = makeReceiver({
    authToken,
    publicUrl,
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
