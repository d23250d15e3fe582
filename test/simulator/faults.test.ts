/** Faults: each does what it says, by a plan that is written out or comes from a seed. */
import type { RequestListener } from "node:http";
import {
  callbackUrls,
  deliveries,
  faultsInTurn,
  openTarget,
  play,
  seededFaults,
  virtualClock,
} from "@answerback/simulator";
import type { Fault, Journal } from "@answerback/simulator";
import { expect, test } from "vitest";
import { receiver } from "./right-receiver.ts";
import { credentials as auth, postbackRules, secret, uphanceRules } from "./right-rules.ts";

const contact = deliveries.postback.contactCreate();
const invoice = deliveries.uphance.invoiceCreate({ object: { id: 4711 } });

const said = (journal: Journal) => journal.map(({ concluded }) => concluded.says);

/** What arrives of an event whose first attempt meets this fault. */
const arrivals = async (fault: Fault) => {
  const seen: string[] = [];
  const listener: RequestListener = (request, response) => {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => (bytes += chunk.length));
    request.on("error", () => seen.push(bytes > 0 ? "half" : "nothing"));
    request.on("end", () => {
      seen.push("all");
      response.end();
    });
  };
  const journal = await play(listener, invoice, { faults: faultsInTurn(fault) });
  return { seen, says: said(journal), journal };
};

/** What two hundred events meet. */
const plan = (seed: number) =>
  Array.from({ length: 200 }, (_, event) => seededFaults({ seed, rate: 0.5 })({ event, attempt: 1 })?.kind);

test("a dropped request never arrives; the provider sends it again", async () => {
  const { seen, says } = await arrivals({ kind: "drop request" });
  expect(seen).toEqual(["all"]);
  expect(says).toEqual(["will retry in 60 s, attempt 2", "acknowledged"]);
});

test("a dropped response arrives; the provider sends it again all the same", async () => {
  const { seen, says } = await arrivals({ kind: "drop response" });
  expect(seen).toEqual(["all", "all"]);
  expect(says).toEqual(["will retry in 60 s, attempt 2", "acknowledged"]);
});

test("a dropped connection breaks the body in the middle", async () => {
  const { seen, says, journal } = await arrivals({ kind: "drop connection" });
  expect(seen).toEqual(["half", "all"]);
  expect(journal[0]).toMatchObject({ seen: { kind: "connection lost", tookMs: 0 } });
  expect(says).toEqual(["will retry in 60 s, attempt 2", "acknowledged"]);
});

test("a stalled body stops in the middle until the provider's patience ends", async () => {
  const { seen, journal } = await arrivals({ kind: "stall" });
  expect(seen).toEqual(["half", "all"]);
  expect(journal[0]).toMatchObject({
    seen: { kind: "timed out", tookMs: 60_000 },
    fault: { kind: "stall" },
  });
});

test("twice at once are two requests of one attempt", async () => {
  const { seen, journal } = await arrivals({ kind: "twice" });
  expect(seen).toEqual(["all", "all"]);
  expect(journal.map(({ atMs }) => atMs)).toEqual([0, 0]);
});

test("again is once more, though it was acknowledged", async () => {
  const { says, journal } = await arrivals({ kind: "again", afterMs: 5_000 });
  expect(says).toEqual(["acknowledged", "acknowledged"]);
  expect(journal.map(({ atMs }) => atMs)).toEqual([0, 5_000]);
});

test("a late event is overtaken by the next one", async () => {
  const journal = await play((_, response) => response.end(), [invoice, contact], {
    faults: ({ event }) => (event === 0 ? { kind: "late", byMs: 1_500 } : undefined),
  });
  expect(journal.map(({ provider }) => provider)).toEqual(["postback", "uphance"]);
});

test("a receiver that is not there refuses", async () => {
  const { url, close } = await openTarget(() => {});
  await close();
  const [entry] = await play(url, invoice, { uphance: { giveUpAfterMs: 0 } });
  expect(entry).toMatchObject({
    seen: { kind: "refused" },
    concluded: { says: "gave up after 0 ms" },
  });
});

test("a seeded plan is the same every time, and another from another seed", () => {
  expect(plan(1)).toEqual(plan(1));
  expect(plan(1)).not.toEqual(plan(2));
  expect(new Set(plan(3)).size).toBe(8);
});

test.for([1, 2, 3, 4])(
  "uphance.4 postback.4 a right receiver handles each event once, whatever goes wrong: seed %i",
  async (seed) => {
    const handled: unknown[] = [];
    const clock = virtualClock();
    const bench = {
      clock,
      handle: async (data: unknown) => void handled.push(Object(data).id),
      transport: callbackUrls().transport,
    };
    const seeds = Array.from({ length: 8 }, (_, index) => index);
    const faults = seededFaults({ seed, rate: 0.6 });
    const invoices = seeds.map((each) =>
      deliveries.uphance.invoiceCreate({ seed: each, mount: `/${secret}` }),
    );
    const contacts = seeds.map((each) => deliveries.postback.contactCreate({ seed: each, auth }));
    const journals = await Promise.all([
      play(receiver(uphanceRules, bench), invoices, { faults }),
      play(receiver(postbackRules, bench), contacts, { faults, postback: { attempt_interval: 3_600 } }),
    ]);
    const acknowledged = journals.flat().filter(({ concluded }) => concluded.kind === "acknowledged");
    const told = new Set(acknowledged.map(({ id }) => id));
    expect(told.size).toBeGreaterThanOrEqual(15);
    expect(handled.length).toBe(new Set(handled).size);
    for (const id of told) expect(handled.map(String)).toContain(id);
  },
);
