/** After the acknowledgement the retries are ours: runs and posts, until they succeed or are dead letters. */
import { memory, PermanentError, RetryLater, type Observation, type Transport } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { frameworks } from "../support/frameworks.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";

const order = sample("upsales/order-insert");
const ticket = sample("uphance/pick-ticket-update");
const hello = { callback: { notify: "Hello!" } };
const accepting = { answerWithin: 0, random: () => 0.5 };

describe.each(frameworks)("$name", (framework) => {
  it("any.11 an accepted event that fails is run again, with backoff, until it succeeds", async () => {
    const clock = manualClock();
    let fails = 2;
    const handle = (_: unknown, { attempt }: { attempt: number }) => {
      if (fails-- > 0) throw new Error(`attempt ${attempt}`);
      return hello;
    };
    const house = await openHouse(framework, "upsales", { clock, handle, options: accepting });
    expect((await house.deliver(order)).json).toEqual({});
    await clock.advance(1_000); // a reply that nobody can follow has gone by then (any.52)
    await house.receiver.idle();
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({
      state: "waiting",
      attempts: 1,
      error: { message: "attempt 1" },
    });
    expect((await house.deliver(order)).json).toEqual({});
    await clock.advance(3_600_000);
    await house.receiver.idle();
    expect(runs(house)).toMatchObject([
      { outcome: "failed", attempt: 1 },
      { outcome: "failed", attempt: 2 },
      { outcome: "handled", attempt: 3 },
    ]);
    expect(house.posts).toMatchObject([{ body: { notify: "Hello!" } }]);
  });

  it("any.23 after two days of failures it is a dead letter, which can be listed, retried and discarded", async () => {
    const clock = manualClock();
    let fails = true;
    const handle = () => {
      if (fails) throw new Error("still away");
    };
    const house = await openHouse(framework, "uphance", { clock, handle, options: accepting });
    expect((await house.deliver(ticket)).status).toBe(200);
    await clock.advance(48 * 3_600_000);
    await house.receiver.idle();
    const { length: attempts } = runs(house);
    const { deadLetters } = house.receiver;
    const [letter] = await deadLetters.list();
    expect(letter).toMatchObject({
      state: "dead",
      name: "pick_ticket.update",
      attempts,
      error: { code: "failed", message: "still away" },
      data: { data: { id: 123456 } },
    });
    expect(await deadLetters.get(letter!.key)).toEqual(letter);
    expect((await house.deliver(ticket)).status).toBe(200);
    fails = false;
    await deadLetters.retry(letter!.key);
    await house.receiver.idle();
    expect(runs(house).at(-1)).toMatchObject({ outcome: "handled", attempt: 1 });
    expect(await deadLetters.list()).toEqual([]);
    await expect(deadLetters.retry(letter!.key)).rejects.toMatchObject({ code: "unknown_key" });
  });

  it("any.11 a discarded dead letter is gone, and its duplicates are still answered", async () => {
    const handle = () => {
      throw new PermanentError("never");
    };
    const house = await openHouse(framework, "uphance", { handle, options: accepting });
    await house.deliver(ticket);
    await house.receiver.idle();
    const [letter] = await house.receiver.deadLetters.list();
    await house.receiver.deadLetters.discard(letter!.key);
    expect(await house.receiver.deadLetters.list()).toEqual([]);
    expect(await house.receiver.find(letter!.key)).toMatchObject({ state: "settled" });
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(house.events).toHaveLength(1);
  });

  it("any.16 RetryLater says when the next run is", async () => {
    const clock = manualClock();
    let first = true;
    const handle = () => {
      if (first) throw ((first = false), new RetryLater({ after: "20m" }));
    };
    const house = await openHouse(framework, "uphance", { clock, handle, options: accepting });
    await house.deliver(ticket);
    await clock.advance(1_199_000);
    expect(runs(house)).toHaveLength(1);
    await clock.advance(2_000);
    expect(runs(house)).toHaveLength(2);
  });

  it("any.12 what is run again is the event as it was decoded", async () => {
    const clock = manualClock();
    const handle = ({ data }: any) => {
      expect(() => (data.status = "mine")).toThrow(TypeError);
      throw new Error("again");
    };
    const house = await openHouse(framework, "uphance", { clock, handle, options: accepting });
    await house.deliver(ticket);
    await clock.advance(60_000);
    expect(house.events.length).toBeGreaterThan(1);
    expect(house.events.at(-1)).toEqual(house.events[0]);
  });

  it("any.11 in memory a provider that retries is kept waiting, then told to come again, and joins", async () => {
    const clock = manualClock();
    const done = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const house = await openHouse(framework, "uphance", {
      clock,
      handle: () => (begun.resolve(), done.promise),
    });
    const answering = house.deliver(ticket);
    await begun.promise;
    await clock.advance(58_999);
    expect(house.observed).toEqual([]);
    await clock.advance(1);
    expect((await answering).status).toBe(503);
    const retry = house.deliver(ticket);
    done.resolve();
    expect((await retry).status).toBe(200);
    expect(house.events).toHaveLength(1);
  });

  it("any.11 Upsales is acknowledged all the same, with one warning", async () => {
    const house = await openHouse(framework, "upsales", { options: accepting });
    await house.deliver(order);
    await house.deliver(withFields(order, { callbackUrl: "https://upsales.com/other" }));
    expect(house.warnings.filter(({ code }) => code === "accepted_in_memory")).toHaveLength(1);
  });

  it("any.21 a run that is not done within handleWithin has failed, and its signal aborts", async () => {
    const clock = manualClock();
    let seen: AbortSignal | undefined;
    const begun = Promise.withResolvers<void>();
    const handle = (_: unknown, { signal }: { signal: AbortSignal }) => (
      (seen = signal),
      begun.resolve(),
      new Promise(() => {})
    );
    const house = await openHouse(framework, "upsales", { clock, handle, options: { handleWithin: "20s" } });
    const answering = house.deliver(order);
    await begun.promise;
    await clock.advance(20_000);
    expect([(await answering).status, seen?.aborted]).toEqual([200, true]);
    expect(runs(house)).toMatchObject([{ outcome: "failed", code: "handler_timeout" }]);
  });

  it.each([
    ["refused connections", { throws: "ECONNREFUSED" }, 1],
    ["429", { status: 429 }, 1],
    ["503", { status: 503 }, 3],
    ["408", { status: 408 }, 3],
    ["a reset connection", { throws: "ECONNRESET" }, 3],
  ])(
    "upsales.9 %s are tried again, and count as a use only if it may have arrived",
    async (_, fault, attempt) => {
      const clock = manualClock();
      let faults = 2;
      const house = await openPosting(framework, clock, () => (faults-- > 0 ? fault : { status: 200 }));
      await clock.advance(3_600_000);
      await house.receiver.idle();
      expect(house.posts).toHaveLength(3);
      expect(posted(house).at(-1)).toMatchObject({ outcome: "accepted", attempt });
    },
  );

  it("upsales.9 Retry-After is honoured", async () => {
    const clock = manualClock();
    let first = true;
    const house = await openPosting(framework, clock, () =>
      first ? ((first = false), { status: 503, after: "1000" }) : { status: 200 },
    );
    await clock.advance(998_000);
    expect(house.posts).toHaveLength(1);
    await clock.advance(3_000);
    expect(house.posts).toHaveLength(2);
  });

  it("upsales.9 a first use that is refused is a dead letter; retried, it is a first use again", async () => {
    const clock = manualClock();
    const house = await openPosting(framework, clock, () => ({ status: 410 }));
    await house.receiver.idle();
    expect(posted(house)).toMatchObject([{ outcome: "rejected", code: "callback_rejected", status: 410 }]);
    const [letter] = await house.receiver.deadLetters.list();
    expect(letter).toMatchObject({
      work: "callback",
      callback: '{"notify":"Hello!"}',
      error: { code: "callback_rejected" },
    });
    await house.receiver.deadLetters.retry(letter!.key);
    await house.receiver.idle();
    expect(posted(house).at(-1)).toMatchObject({ outcome: "rejected", attempt: 1 });
    expect(await house.receiver.deadLetters.list()).toHaveLength(1);
  });

  it.each([{ status: 502 }, { throws: "ECONNRESET" }])(
    "upsales.9 a 4xx after %j is presumed delivered: no dead letter",
    async (fault) => {
      const clock = manualClock();
      let first = true;
      const house = await openPosting(framework, clock, () =>
        first ? ((first = false), fault) : { status: 404 },
      );
      await clock.advance(600_000);
      await house.receiver.idle();
      expect(posted(house)).toMatchObject([
        { outcome: "failed" },
        { outcome: "presumed_delivered", attempt: 2, status: 404 },
      ]);
      expect(await house.receiver.deadLetters.list()).toEqual([]);
    },
  );

  it("upsales.9 posts are given up after 24 h", async () => {
    const clock = manualClock();
    const house = await openPosting(framework, clock, () => ({ status: 503 }));
    await clock.advance(48 * 3_600_000);
    await house.receiver.idle();
    expect(house.posts.length).toBeGreaterThan(10);
    expect(house.posts.length).toBeLessThan(60);
    expect(await house.receiver.deadLetters.list()).toMatchObject([
      { work: "callback", error: { code: "callback_failed" } },
    ]);
  });

  it("upsales.9 upsales.17 redirects are not followed, and a hanging answer is left after 10 s", async () => {
    const clock = manualClock();
    const redirected = await openPosting(framework, clock, () => ({ status: 301 }));
    await redirected.receiver.idle();
    expect(posted(redirected)).toMatchObject([{ outcome: "rejected", status: 301 }]);
    const hanging = await openPosting(framework, clock, () => "never");
    await clock.advance(10_000);
    expect(posted(hanging)).toMatchObject([{ outcome: "failed", attempt: 1 }]);
  });

  it("upsales.8 a callback whose inline fate nobody told is posted once the provider has hung up", async () => {
    const clock = manualClock();
    const backend = memory({ clock });
    const house = await openHouse(framework, "upsales", {
      clock,
      backend,
      handle: () => hello,
      options: { name: "crashed" },
    });
    const body = async () => ({ kind: "bytes", bytes: Buffer.from(order.body) }) as const;
    const headers = { "content-type": ["application/json"] };
    const reply = await house.receiver.receive({
      method: "POST",
      path: "/orderinsert/1",
      query: "",
      headers,
      secure: true,
      body,
    });
    expect(JSON.parse(String(reply!.body))).toEqual(hello);
    await clock.advance(34_000);
    expect(house.posts).toEqual([]);
    await clock.advance(3_000);
    expect(posted(house)).toMatchObject([{ outcome: "accepted", attempt: 2 }]);
  });

  it("upsales.19 whenDead is posted as the one use when the event is a dead letter", async () => {
    const { upsales } = await import("@answerback/core");
    const provider = upsales({
      whenDead: (event, error) => ({ status: 2, message: `${event.name}: ${error.message}` }),
    });
    const handle = () => {
      throw new PermanentError("no such order");
    };
    const house = await openHouse(framework, "upsales", { provider, handle, options: accepting });
    await house.deliver(order);
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ body: { status: 2, message: "order.insert: no such order" } }]);
    const [letter] = await house.receiver.deadLetters.list();
    expect(letter).toMatchObject({ work: "event", error: { code: "permanent" } });
    await house.receiver.deadLetters.retry(letter!.key);
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
    expect(house.events.map(({ callback }) => callback)).toEqual([true, false]);
  });

  it("upsales.18 later() that nobody answers is a dead letter when its time is over", async () => {
    const { later } = await import("@answerback/core");
    const clock = manualClock();
    const house = await openHouse(framework, "upsales", { clock, handle: () => later() });
    await house.deliver(order);
    await clock.advance(24 * 3_600_000 + 2_000);
    await house.receiver.idle();
    expect(await house.receiver.deadLetters.list()).toMatchObject([{ error: { code: "unanswered" } }]);
  });
});

type Fault = "never" | { readonly status?: number; readonly throws?: string; readonly after?: string };

/** A house whose one delivery is accepted, and whose callback meets what `fault` says. */
async function openPosting(
  framework: (typeof frameworks)[number],
  clock: ManualClock,
  fault: () => Fault,
): Promise<House> {
  const transport: Transport = async () => {
    const now = fault();
    if (now === "never") return new Promise(() => {});
    if (now.throws) throw Object.assign(new TypeError("fetch failed"), { cause: { code: now.throws } });
    return new Response(null, {
      status: now.status ?? 200,
      headers: now.after ? { "retry-after": now.after } : {},
    });
  };
  const house = await openHouse(framework, "upsales", {
    clock,
    transport,
    handle: () => hello,
    options: accepting,
  });
  await house.deliver(order);
  if (!framework.tellsSent) await clock.advance(1_000);
  return house;
}

function runs({ observed }: House): Observation[] {
  return observed.filter(({ kind }) => kind === "run");
}

function posted({ observed }: House): Observation[] {
  return observed.filter(({ kind }) => kind === "post");
}
