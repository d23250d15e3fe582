/** Scenarios: whole schedules in no time, callbacks waited for, and a journal in the provider's terms. */
import type { RequestListener } from "node:http";
import { callbackUrls, deliveries, faultsInTurn, play, printJournal } from "@answerback/simulator";
import type { Journal } from "@answerback/simulator";
import { describe, expect, test } from "vitest";

const contact = deliveries.postback.contactCreate({ data: { id: "11e66c8a943ff4b2bf1b2102" } });
const invoice = deliveries.uphance.invoiceCreate({ object: { id: 4711 } });
const order = deliveries.upsales.orderInsert({ data: { id: 7 } });

/** Answers the first, the second … delivery with these; the last of them for ever. */
function answers(...statuses: readonly number[]): RequestListener {
  let count = 0;
  return (request, response) => {
    request.resume().on("end", () => {
      response.statusCode = statuses[Math.min(count++, statuses.length - 1)]!;
      response.end();
    });
  };
}

const said = (journal: Journal) => journal.map(({ concluded }) => concluded.says);

describe("schedules", () => {
  test(
    "uphance.3 the 48 hours of an event that fails are played in under a second",
    { timeout: 1_000 },
    async () => {
      const journal = await play(answers(500), invoice);
      expect(said(journal).at(-1)).toBe("gave up after 48 h");
      expect(journal.at(-1)!.atMs).toBeGreaterThan(44 * 3_600_000);
      expect(journal.at(-1)!.atMs).toBeLessThanOrEqual(48 * 3_600_000);
      expect(journal).toHaveLength(19);
    },
  );

  test("postback.3 five days of attempts are played in under a second", { timeout: 1_000 }, async () => {
    const journal = await play(answers(500), contact, { postback: { attempt_interval: 86_400 } });
    expect(said(journal)).toEqual([
      "will retry in 24 h, attempt 2 of 5",
      "will retry in 24 h, attempt 3 of 5",
      "will retry in 24 h, attempt 4 of 5",
      "will retry in 24 h, attempt 5 of 5",
      "gave up after 5 attempts",
    ]);
    expect(journal.map(({ atMs }) => atMs / 86_400_000)).toEqual([0, 1, 2, 3, 4]);
  });

  test("postback.4 every attempt carries its number", async () => {
    const numbers: string[] = [];
    const listener: RequestListener = (request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => {
        numbers.push(new URLSearchParams(text).get("number_of_attempts") ?? "");
        response.writeHead(503).end();
      });
    };
    await play(listener, contact, { postback: { number_of_attempts: 3 } });
    expect(numbers).toEqual(["1", "2", "3"]);
  });

  test("uphance.6 a receiver that never answers is waited for as long as the provider waits", async () => {
    const journal = await play(() => {}, invoice, { uphance: { giveUpAfterMs: 0, patienceMs: 45_000 } });
    expect(journal[0]).toMatchObject({ seen: { kind: "timed out", tookMs: 45_000 } });
  });

  test("what a receiver does in real time takes no time on a virtual clock", async () => {
    const busy: RequestListener = (request, response) => {
      request.resume().on("end", () => setTimeout(() => response.end(), 15));
    };
    const journal = await play(busy, invoice);
    expect(journal[0]).toMatchObject({ seen: { kind: "answered", tookMs: 0 } });
  });

  test("a receiver has a moment to finish before the clock jumps to the next attempt", async () => {
    const order: string[] = [];
    const listener: RequestListener = (request, response) => {
      order.push("asked");
      request.resume().on("end", () => {
        response.writeHead(order.length > 1 ? 200 : 500).end();
        setTimeout(() => order.push("finished"), 4);
      });
    };
    await play(listener, invoice);
    expect(order.slice(0, 3)).toEqual(["asked", "finished", "asked"]);
  });

  test("a journal is data, and prints well", async () => {
    const journal = await play(answers(500, 200), contact, { faults: faultsInTurn("drop request") });
    expect(printJournal(journal)).toMatchInlineSnapshot(`
      "   00:00:00  postback  contact.create 11e66c8a…        attempt 1: connection lost (drop request)     will retry in 300 s, attempt 2 of 5
         00:05:00  postback  contact.create 11e66c8a…        attempt 2: 500                                will retry in 300 s, attempt 3 of 5
         00:10:00  postback  contact.create 11e66c8a…        attempt 3: 200                                acknowledged"
    `);
  });

  test("every line can be watched as it is written", async () => {
    const watched: string[] = [];
    const journal = await play(answers(200), [contact, invoice], {
      observe: ({ provider, concluded }) => watched.push(`${provider}: ${concluded.says}`),
    });
    expect(watched).toEqual(["postback: acknowledged", "uphance: acknowledged"]);
    expect(journal.map(({ atMs }) => atMs)).toEqual([0, 1_000]);
  });
});

/** Answers with a callback. */
function inline(status: number): RequestListener {
  return (request, response) => {
    request.resume().on("end", () => response.writeHead(status).end('{"callback":{"notify":"Hello!"}}'));
  };
}

describe("Upsales", () => {
  test("upsales.5 a callback in a 200 is accepted, in one that was sent again refused", async () => {
    const journal = await play(inline(200), order, {
      faults: faultsInTurn({ kind: "again", afterMs: 1_000 }),
    });
    expect(said(journal)).toEqual([
      "acknowledged",
      "callback accepted",
      "acknowledged",
      "callback refused: answered inline",
    ]);
  });

  test("upsales.8 an inline callback whose response was lost has not been used", async () => {
    const callbacks = callbackUrls();
    await play(inline(200), order, { callbacks, faults: faultsInTurn("drop response") });
    expect(callbacks.uses).toEqual([]);
  });

  test("upsales.5 a callback in anything but a 200 is none", async () => {
    const callbacks = callbackUrls();
    await play(inline(201), order, { callbacks });
    expect(callbacks.uses).toEqual([]);
  });

  test("upsales.7 a late post is waited for, and stands in the journal", async () => {
    const callbacks = callbackUrls();
    const { clock, transport } = callbacks;
    const late: RequestListener = (request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        response.end("{}");
        const { callbackUrl }: { callbackUrl: string } = JSON.parse(text);
        const headers = { "content-type": "application/json" };
        clock.after(
          300_000,
          () => void transport(callbackUrl, { method: "POST", headers, body: '{"status":1}' }),
        );
      });
    };
    const journal = await play(late, order, { callbacks });
    expect(journal.map(({ atMs, kind }) => [atMs, kind])).toEqual([
      [0, "attempt"],
      [300_000, "callback"],
    ]);
    expect(journal[1]).toMatchObject({ event: "order.insert", id: "7", how: "posted", body: '{"status":1}' });
  });
});
