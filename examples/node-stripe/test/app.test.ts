/** What the app does with Stripe's events, over HTTP. */
import { senders, signed, type RawDelivery } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const stripe = senders.stripe({ secret: "whsec_a_secret_of_the_endpoint" });
const paidInvoice = { mount: "/hooks", fields: { id: "in_1" } };

it("hears of a paid invoice once, however often Stripe says so", async () => {
  const { paid, send } = start();
  await send(stripe.event("invoice.paid", paidInvoice)).expect(200);
  await send(stripe.event("invoice.paid", paidInvoice)).expect(200);
  expect(paid).toEqual(["in_1"]);
});

it("acknowledges what it has no handler for", async () => {
  const { paid, send } = start();
  await send(stripe.event("invoice.created", paidInvoice)).expect(200);
  expect(paid).toEqual([]);
});

it("lets nobody in but Stripe", async () => {
  const { paid, send } = start();
  await send(senders.stripe({ secret: "whsec_a_guess" }).event("invoice.paid", paidInvoice)).expect(401);
  expect(paid).toEqual([]);
});

/** The app until the end of the test, and a way to send it a delivery. */
function start() {
  const paid: string[] = [];
  const receiver = makeReceiver({
    secret: "whsec_a_secret_of_the_endpoint",
    paid: (id) => void paid.push(id),
  });
  onTestFinished(() => receiver.close());
  const app = createApp(receiver);
  const send = (delivery: RawDelivery) => {
    const { path, headers, body } = signed(delivery);
    return request(app).post(path).set(headers).send(body);
  };
  return { paid, send };
}
