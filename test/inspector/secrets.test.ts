/** Credentials and callback addresses are in no answer of the inspector, whatever became of the event and whatever is shown. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bodySecret, createReceiver, upsales } from "@answerback/core";
import { createInspector } from "@answerback/inspector";
import { createNodeHandler } from "@answerback/node";
import { expect, onTestFinished, test } from "vitest";

const secret = "a-key-of-the-app-4711";
const address = "https://integration.upsales.com/callback/";

test("credentials and callback addresses are nowhere, with payloads: true", async () => {
  const receiver = createReceiver(upsales(), {
    authenticate: bodySecret("authenticationKey", secret),
    name: "secrets",
    keep: "1h",
    answerWithin: 0,
    malformed: "acknowledge",
    warn: () => {},
    onError: () => {},
    // the network's own errors name the address
    transport: async (url) => {
      throw new TypeError(`fetch failed for ${url}`);
    },
    handle: {
      external: ({ data }) => {
        const { dies } = data as { dies?: boolean };
        if (dies) throw new Error("no such customer");
        return { callback: { notify: "done" } };
      },
    },
  });
  const inspector = createInspector({ receivers: receiver, authorize: false, payloads: true });
  const hooks = createNodeHandler(receiver, { path: "/hooks" });
  const server = createServer((req, res) => {
    if (req.url?.startsWith("/hooks")) void hooks(req, res);
    else inspector.handler(req, res);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    inspector.close();
    await receiver.close({ within: 0 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const deliveries = [
    { data: { seen: "an event", dies: true } },
    { data: { seen: "a callback" } },
    { data: { seen: "a malformed body" }, customer: [] },
  ];
  for (const [number, fields] of deliveries.entries()) {
    const body = JSON.stringify({
      appId: 123,
      date: "2026-11-27T00:00:00Z",
      authenticationKey: secret,
      customer: { id: 10488, name: "Acme AB" },
      user: { id: 7, name: "Ada Lovelace" },
      callbackUrl: `${address}${number}`,
      ...fields,
    });
    const headers = { "content-type": "application/json" };
    await (await fetch(`${origin}/hooks/external`, { method: "POST", headers, body })).text();
  }
  await expect.poll(async () => (await receiver.records.stats()).counts).toMatchObject({ due: 0, held: 0 });

  const ask = async (what: string, query = {}) =>
    (
      await fetch(`${origin}/api/${what}?${String(new URLSearchParams({ receiver: "secrets", ...query }))}`)
    ).text();
  let everything = await ask("records");
  for (const { key } of (await receiver.records.list()).records) everything += await ask("record", { key });
  for (const what of ["errors", "counts", "receivers"]) everything += await ask(what);
  for (const shown of ["an event", "a malformed body", '"kind":"post"', "notify"])
    expect(everything).toContain(shown);
  expect(everything).not.toContain(secret);
  expect(everything).not.toContain(address);
});
