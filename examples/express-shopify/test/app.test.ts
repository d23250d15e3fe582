/** What the app does with a shop's orders, over HTTP. */
import { senders, signed, type RawDelivery } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const shopify = senders.shopify({ clientSecret: "a-client-secret" });
const order = { mount: "/hooks", fields: { id: 450789469 } };

it("hears of an order once, however often Shopify says so", async () => {
  const { placed, send } = start();
  await send(shopify.ordersCreate(order)).expect(200);
  await send(shopify.ordersCreate(order)).expect(200);
  expect(placed).toEqual([450789469]);
});

it("acknowledges what it has no handler for", async () => {
  const { placed, send } = start();
  await send(shopify.webhook("products/update", order)).expect(200);
  expect(placed).toEqual([]);
});

it("lets nobody in but Shopify", async () => {
  const { placed, send } = start();
  await send(senders.shopify({ clientSecret: "a-guess" }).ordersCreate(order)).expect(401);
  expect(placed).toEqual([]);
});

/** The app until the end of the test, and a way to send it a delivery. */
function start() {
  const placed: number[] = [];
  const receiver = makeReceiver({
    clientSecret: "a-client-secret",
    placed: ({ id }) => void placed.push(id),
  });
  onTestFinished(() => receiver.close());
  const app = createApp(receiver);
  const send = (delivery: RawDelivery) => {
    const { path, headers, body } = signed(delivery);
    return request(app).post(path).set(headers).send(body);
  };
  return { placed, send };
}
