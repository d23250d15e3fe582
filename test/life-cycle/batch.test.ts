/** A list of messages: each on its own, sixteen at a time, one answer for all (inbox.2). */
import { appInbox, memory, PermanentError, RetryLater } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, type Sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two } from "./support.ts";

const one = sample("app-inbox/message");
const message = JSON.parse(one.body);

/** What the handler makes of a message is its title. */
function handle({ data }: any): void {
  if (data.title === "fails") throw new Error("no");
  if (data.title === "later") throw new RetryLater();
  if (data.title === "never") throw new PermanentError();
}

describe.each(two)("$name", (framework) => {
  it.each([
    [[], 200, undefined],
    [["ok", "never", "malformed"], 200, undefined],
    [["never", "malformed"], 400, "permanent"],
    [["malformed", "malformed"], 400, "malformed"],
    [["ok", "later", "never"], 429, "retry_later"],
    [["ok", "later", "fails", "malformed"], 500, "failed"],
  ])("inbox.2 %j is answered %i", async (titles, status, code) => {
    const house = await openHouse(framework, "app-inbox", { handle });
    const list = listOf(titles);
    for (let delivery = 0; delivery < 2; delivery += 1) {
      const answer = await house.deliver(list);
      expect(answer.status).toBe(status);
      expect(answer.json?.code).toBe(code);
    }
    const again = titles.filter((title) => ["later", "fails"].includes(title)).length;
    const handled = titles.filter((title) => title !== "malformed").length;
    expect(house.events).toHaveLength(handled + again);
    const bad = titles.filter((title) => ["never", "malformed"].includes(title)).length;
    expect(await house.receiver.deadLetters.list()).toHaveLength(bad);
  });

  it("inbox.2 the observation of the delivery says how many items were malformed", async () => {
    const house = await openHouse(framework, "app-inbox", { handle });
    const lists = [
      ["ok", "malformed", "ok", "malformed"],
      ["malformed"],
      ["ok", "fails", "malformed"],
      ["ok"],
    ];
    for (const titles of lists) await house.deliver(listOf(titles));
    await house.deliver({ ...one, body: '{"title":"no list, and no id"}' });
    const deliveries = house.observed.filter(({ kind }) => kind === "delivery");
    expect(deliveries).toMatchObject([
      { status: 200, events: 4, malformed: 2 },
      { status: 400, events: 1, malformed: 1 },
      { status: 500, events: 3, malformed: 1 },
      { status: 200, events: 1, malformed: 0 },
      { status: 400, events: 0, malformed: 0, code: "malformed" },
    ]);
  });

  it("inbox.7 a list above maxMessages is 429, to come again; one that has as many is taken", async () => {
    const provider = appInbox({ maxMessages: 3 });
    const house = await openHouse(framework, "app-inbox", {
      provider,
      options: { malformed: "acknowledge" },
    });
    const answer = await house.deliver(listOf(["ok", "ok", "ok", "malformed"]));
    expect([answer.status, answer.json]).toEqual([429, { code: "too_large" }]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(house.events).toEqual([]);
    expect(await house.receiver.deadLetters.list()).toEqual([]);
    expect(house.observed).toMatchObject([{ outcome: "refused", code: "too_large", status: 429 }]);
    expect((await house.deliver(listOf(["ok", "ok", "ok"]))).status).toBe(200);
    expect(house.events).toHaveLength(3);
  });

  it("inbox.7 without maxMessages a list may be as long as the body may be large", async () => {
    const house = await openHouse(framework, "app-inbox");
    expect((await house.deliver(listOf(Array.from({ length: 1_001 }, () => "ok")))).status).toBe(200);
    expect(house.events).toHaveLength(1_001);
    const large = await openHouse(framework, "app-inbox", { options: { bodyLimit: 100 } });
    const answer = await large.deliver(listOf(["ok"]));
    expect([answer.status, answer.json]).toEqual([429, { code: "too_large" }]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("inbox.2 a backend that is away for one item is 503 for all, and the finished ones are not repeated", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    let fails = true;
    const failing = ({ data }: any) => {
      if (data.id === "id-1" && fails) backend.faults.save = "throws";
      if (data.id === "id-2" && fails) throw ((fails = false), new Error("no"));
    };
    const house = await openHouse(framework, "app-inbox", { clock, backend, handle: failing });
    const answering = house.deliver(listOf(["ok", "ok", "fails"]));
    await backend.next("save");
    await clock.advance(4_000);
    expect([(await answering).status, (await answering).json]).toEqual([503, { code: "backend_away" }]);
    backend.faults.save = undefined;
    await clock.advance(10_000);
    expect((await house.deliver(listOf(["ok", "ok", "fails"]))).status).toBe(200);
    const handled = house.events.map(({ data }) => String(data.id));
    expect(handled.toSorted((one, other) => (one < other ? -1 : 1))).toEqual([
      "id-0",
      "id-1",
      "id-2",
      "id-2",
    ]);
  });

  it("inbox.2 an id that is twice in a list is handled once, begun or not", async () => {
    for (const options of [{}, { answerWithin: 0 }]) {
      const clock = manualClock();
      const house = await openHouse(framework, "app-inbox", { clock, backend: faulty(clock), options });
      const body = JSON.stringify([message, message, message]);
      expect((await house.deliver({ ...one, body })).status).toBe(200);
      await house.receiver.idle();
      expect(house.events).toHaveLength(1);
    }
  });

  it("inbox.2 any.11 in memory sixteen are worked at a time, the provider is told to come again, and its retry joins", async () => {
    const clock = manualClock();
    const gates: (() => void)[] = [];
    const sixteen = Promise.withResolvers<void>();
    const waiting = () =>
      new Promise<void>((resolve) => {
        if (gates.push(resolve) === 16) sixteen.resolve();
      });
    const house = await openHouse(framework, "app-inbox", {
      clock,
      backend: memory({ clock }),
      handle: waiting,
    });
    const list = listOf(Array.from({ length: 40 }, () => "ok"));
    const answering = house.deliver(list);
    await sixteen.promise;
    await clock.advance(60_000);
    expect((await answering).status).toBe(503);
    expect(gates).toHaveLength(16);
    const retry = house.deliver(list);
    await settled(house.url);
    expect(gates).toHaveLength(16);
    const opening = setInterval(() => {
      for (const open of gates) open();
    });
    expect((await retry).status).toBe(200);
    clearInterval(opening);
    expect(house.events).toHaveLength(40);
  });

  it("inbox.2 items that are not begun at answerWithin are accepted, and sixteen run at a time from then on", async () => {
    const clock = manualClock();
    let running = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const sixteen = Promise.withResolvers<void>();
    const waiting = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => {
        if (gates.push(resolve) === 16) sixteen.resolve();
      });
      running -= 1;
    };
    const house = await openHouse(framework, "app-inbox", { clock, backend: faulty(clock), handle: waiting });
    const answering = house.deliver(listOf(Array.from({ length: 60 }, () => "ok")));
    await sixteen.promise;
    await clock.advance(5_000);
    expect((await answering).status).toBe(200);
    for (let minute = 0; minute < 60; minute += 1) {
      for (const open of gates) open();
      await clock.advance(1_000);
    }
    await house.receiver.idle();
    expect(house.events).toHaveLength(60);
    // those that were begun go on beside the workers' own
    expect(most).toBeLessThanOrEqual(32);
  });

  it("inbox.2 with answerWithin 0 a long list is accepted, and not run all at once", async () => {
    const clock = manualClock();
    let running = 0;
    const waiting = () => ((running += 1), new Promise(() => {}));
    const house = await openHouse(framework, "app-inbox", {
      clock,
      backend: faulty(clock),
      handle: waiting,
      options: { answerWithin: 0 },
    });
    expect((await house.deliver(listOf(Array.from({ length: 200 }, () => "ok")))).status).toBe(200);
    await clock.advance(1_000);
    expect(running).toBe(16);
  });

  it("inbox.2 a long list leaves the process its turns for other work", async () => {
    const house = await openHouse(framework, "app-inbox", { handle });
    let turns = 0;
    let done = false;
    const turn = (): void => {
      turns += 1;
      if (!done) setImmediate(turn);
    };
    turn();
    const bytes = Buffer.from(listOf(Array.from({ length: 3_200 }, () => "ok")).body);
    const reply = await house.receiver.receive({
      ...{ method: "POST", path: "/", query: "", secure: true },
      headers: { "content-type": ["application/json"], authorization: [one.headers["Authorization"]!] },
      body: async () => ({ kind: "bytes", bytes }),
    });
    done = true;
    expect([reply?.status, house.events.length]).toEqual([200, 3_200]);
    expect(turns).toBeGreaterThan(200);
  });

  it("inbox.2 any.22 an item whose acceptance may not have been stored is 503, and handled once", async () => {
    for (const fault of ["throws", "lost"] as const) {
      const clock = manualClock();
      const backend = faulty(clock);
      const house = await openHouse(framework, "app-inbox", { clock, backend, options: { answerWithin: 0 } });
      backend.faults.save = fault;
      const list = listOf(["ok", "ok"]);
      expect((await house.deliver(list)).status).toBe(503);
      backend.faults.save = undefined;
      await clock.advance(10_000);
      expect((await house.deliver(list)).status).toBe(200);
      await house.receiver.idle();
      expect([fault, house.events.length]).toEqual([fault, 2]);
    }
  });
});

function listOf(titles: readonly string[]): Sample {
  const list = titles.map((title, at) =>
    title === "malformed" ? { title, at } : { ...message, id: `id-${at}`, title },
  );
  return { ...one, body: JSON.stringify(list) };
}

/** Resolves when the server has read what was sent before. */
async function settled(url: string): Promise<void> {
  for (let i = 0; i < 3; i += 1) await fetch(`${url}/elsewhere`, { headers: { connection: "close" } });
}
