/** What the app does with the events, over HTTP. */
import { senders, signed, type RawDelivery } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const sender = senders.standardWebhooks({ secret });
const user = { mount: "/hooks", fields: { id: "user_1" } };

it("welcomes a user once, however often the event comes", async () => {
  const { welcomed, send } = start();
  await send(sender.event("user.created", user)).expect(200);
  await send(sender.event("user.created", user)).expect(200);
  expect(welcomed).toEqual(["user_1"]);
});

it("acknowledges what it has no handler for", async () => {
  const { welcomed, send } = start();
  await send(sender.event("user.deleted", user)).expect(200);
  expect(welcomed).toEqual([]);
});

it("lets nobody in who does not sign", async () => {
  const { welcomed, send } = start();
  const guess = senders.standardWebhooks({ secret: "whsec_YS1ndWVzcy1vZi1zb21lYm9keS1lbHNl" });
  await send(guess.event("user.created", user)).expect(401);
  expect(welcomed).toEqual([]);
});

/** The app until the end of the test, and a way to send it a delivery. */
function start() {
  const welcomed: string[] = [];
  const receiver = makeReceiver({ secret, welcome: (id) => void welcomed.push(id) });
  onTestFinished(() => receiver.close());
  const app = createApp(receiver);
  const send = (delivery: RawDelivery) => {
    const { path, headers, body } = signed(delivery);
    return request(app).post(path).set(headers).send(body);
  };
  return { welcomed, send };
}
