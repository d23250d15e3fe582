/** What the app does with Uphance's webhooks, over HTTP, as behind its proxy. */
import type { UphanceObject } from "@answerback/core";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";

const shipped = {
  event: "pick_ticket_update",
  pick_ticket: { id: 123456, status: "shipped", updated_at: "2024-03-27T09:20:18.123Z" },
};

it("ships a pick ticket once, however often Uphance says so", async () => {
  const { webhook, tickets } = start();
  await webhook(shipped).expect(200);
  await webhook(shipped).expect(200);
  expect(tickets).toEqual([shipped.pick_ticket]);
});

it("ships again what comes again without updated_at: nothing tells the two apart", async () => {
  const { webhook, tickets } = start();
  const bare = { event: "pick_ticket_update", pick_ticket: { id: 123456, status: "shipped" } };
  await webhook(bare).expect(200);
  await webhook(bare).expect(200);
  expect(tickets).toHaveLength(2);
});

it("acknowledges what the app has no use for, so that it does not come again", async () => {
  const { webhook, tickets } = start();
  await webhook({ event: "invoice_create", invoice: 4711 }).expect(200);
  await webhook({ event: "warehouse_transfer_create", warehouse_transfer: { id: 5 } }).expect(200);
  expect(tickets).toEqual([]);
});

it("shows nothing to who does not know the URL", async () => {
  const { webhook, tickets } = start();
  await webhook(shipped, { path: "/hooks/a-guess" }).expect(404, "");
  expect(tickets).toEqual([]);
});

it("refuses what did not come by HTTPS", async () => {
  const { webhook, tickets } = start();
  await webhook(shipped, { scheme: "http" }).expect(403);
  expect(tickets).toEqual([]);
});

/** The app until the end of the test, and a way to send it what Uphance would. */
function start() {
  const tickets: UphanceObject[] = [];
  const receiver = makeReceiver({ secret, ship: (ticket) => void tickets.push(ticket) });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());

  const webhook = (body: object, { path = `/hooks/${secret}`, scheme = "https" } = {}) =>
    request(app).post(path).set("X-Forwarded-Proto", scheme).send(body);
  return { webhook, tickets };
}
