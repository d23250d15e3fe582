/** What the app does with Uphance's webhooks, as behind its proxy. */
import type { UphanceObject } from "@answerback/core";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";

const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";

const shipped = {
  event: "pick_ticket_update",
  pick_ticket: { id: 123456, status: "shipped", updated_at: "2024-03-27T09:20:18.123Z" },
};

it("ships a pick ticket once, however often Uphance says so", async () => {
  const { webhook, tickets } = start();
  expect(await webhook(shipped)).toBe(200);
  expect(await webhook(shipped)).toBe(200);
  expect(tickets).toEqual([shipped.pick_ticket]);
});

it("ships again what comes again without updated_at: nothing tells the two apart", async () => {
  const { webhook, tickets } = start();
  const bare = { event: "pick_ticket_update", pick_ticket: { id: 123456, status: "shipped" } };
  expect(await webhook(bare)).toBe(200);
  expect(await webhook(bare)).toBe(200);
  expect(tickets).toHaveLength(2);
});

it("acknowledges what the app has no use for, so that it does not come again", async () => {
  const { webhook, tickets } = start();
  expect(await webhook({ event: "invoice_create", invoice: 4711 })).toBe(200);
  expect(await webhook({ event: "warehouse_transfer_create", warehouse_transfer: { id: 5 } })).toBe(200);
  expect(tickets).toEqual([]);
});

it("shows nothing to who does not know the URL", async () => {
  const { webhook, tickets } = start();
  expect(await webhook(shipped, { path: "/hooks/uphance/a-guess" })).toBe(404);
  expect(tickets).toEqual([]);
});

it("refuses what did not come by HTTPS", async () => {
  const { webhook, tickets } = start();
  expect(await webhook(shipped, { scheme: "http" })).toBe(403);
  expect(tickets).toEqual([]);
});

/** The app until the end of the test, and a way to send it what Uphance would. */
function start() {
  const tickets: UphanceObject[] = [];
  const { app, receiver } = createApp({ secret, ship: (ticket) => void tickets.push(ticket) });
  onTestFinished(() => receiver.close());

  const webhook = async (body: object, { path = `/hooks/uphance/${secret}`, scheme = "https" } = {}) => {
    const headers = { "content-type": "application/json", "x-forwarded-proto": scheme };
    const answer = await app.request(path, { method: "POST", headers, body: JSON.stringify(body) });
    return answer.status;
  };
  return { webhook, tickets };
}
