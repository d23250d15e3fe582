/** The adapter's word on a reply with a callback in it: late, twice, never or nonsense, there is one use. */
import { RetryLater, upsales, type Reply } from "@answerback/core";
import { type OpenDelivery } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two } from "./support.ts";

const order = sample("upsales/order-insert");
const hello = { callback: { notify: "Hello!" } };

describe.each(two)("$name", (framework) => {
  it.each([
    ["fully, then not", ["fully", "not"], []],
    ["not, then fully", ["not", "fully"], [1]],
    ["perhaps, twice", ["perhaps", "perhaps"], [2]],
    ["nonsense", [true], [2]],
    ["nothing", [undefined], [2]],
  ])("any.20 upsales.8 of what is said first (%s) comes what is posted", async (_, said, attempts) => {
    const clock = manualClock();
    const house = await openHouse(framework, "upsales", { clock, handle: () => hello });
    const reply = await receive(house);
    expect(JSON.parse(String(reply.body))).toEqual(hello);
    for (const how of said) reply.sent?.(how as never);
    await house.receiver.idle();
    await clock.advance(60_000);
    expect(postsOf(house)).toEqual(attempts);
  });

  it("any.7 upsales.8 a delivery that joined never has the callback, even when the first one's connection is gone", async () => {
    const clock = manualClock();
    const done = Promise.withResolvers<unknown>();
    const house = await openHouse(framework, "upsales", { clock, handle: () => done.promise });
    const [first, second] = [receive(house), receive(house)];
    await clock.advance(0);
    done.resolve(hello);
    expect([(await second).body, (await second).sent]).toEqual(["{}", undefined]);
    (await first).sent?.("not");
    await house.receiver.idle();
    expect(postsOf(house)).toEqual([1]);
  });

  it("upsales.8 a settling that was stored after patience is posted, not sent inline", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const options = { backendWithin: "20s", answerWithin: "29s" };
    const done = Promise.withResolvers<unknown>();
    const house = await openHouse(framework, "upsales", {
      clock,
      backend,
      options,
      handle: () => done.promise,
    });
    const replying = receive(house);
    await clock.advance(28_000);
    const slow = Promise.withResolvers<void>();
    backend.slow = slow.promise;
    done.resolve(hello);
    await clock.advance(5_000);
    expect((await replying).status).toBe(503);
    slow.resolve();
    await house.receiver.idle();
    expect(postsOf(house)).toEqual([1]);
  });

  it("upsales.8 any.11 a result that comes when the provider was told to come again is posted as a first use", async () => {
    const clock = manualClock();
    const provider = { ...upsales(), retries: true };
    const done = Promise.withResolvers<unknown>();
    const house = await openHouse(framework, "upsales", { clock, provider, handle: () => done.promise });
    const replying = receive(house);
    await clock.advance(29_500);
    expect((await replying).status).toBe(503);
    done.resolve(hello);
    await house.receiver.idle();
    expect(postsOf(house)).toEqual([1]);
  });

  it("upsales.8 any.11 a callback that is ready after its delivery was answered for is posted as a first use", async () => {
    const clock = manualClock();
    const gate = Promise.withResolvers<boolean>();
    const provider = { ...upsales(), retries: true };
    const options = { authenticate: async (one: OpenDelivery) => (await one.body(), gate.promise) };
    const house = await openHouse(framework, "upsales", { clock, provider, options, handle: () => hello });
    const replying = receive(house);
    await clock.advance(29_000);
    expect((await replying).status).toBe(503);
    gate.resolve(true);
    await new Promise(setImmediate);
    await house.receiver.idle();
    expect(postsOf(house)).toEqual([1]);
  });

  it("upsales.8 patience that passed while the process was too busy for its timers is passed", async () => {
    const clock = manualClock();
    let busyMs = 0;
    const late = { ...clock, now: () => clock.now() + busyMs };
    const handle = async () => ((busyMs = 31_000), hello);
    const house = await openHouse(framework, "upsales", { clock: late, handle });
    expect((await receive(house)).body).toBe("{}");
    await house.receiver.idle();
    expect(postsOf(house)).toEqual([1]);
  });

  it("inbox.2 upsales.8 callbacks of a batch are posted as first uses: its one reply carries none", async () => {
    const clock = manualClock();
    const one = upsales();
    const provider = { ...one, decode: (delivery: any) => [one.decode(delivery)] };
    const house = await openHouse(framework, "upsales", { clock, provider, handle: () => hello });
    const { body, sent } = await receive(house);
    expect([body, postsOf(house)]).toEqual(["", []]);
    sent?.("fully");
    await house.receiver.idle();
    expect(postsOf(house)).toEqual([1]);
  });

  it("upsales.8 an inline reply is destroyed by the time at which its callback is due, however long storing took", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const done = Promise.withResolvers<unknown>();
    const house = await openHouse(framework, "upsales", { clock, backend, handle: () => done.promise });
    const replying = receive(house);
    await clock.advance(20_000);
    const slow = Promise.withResolvers<void>();
    backend.slow = slow.promise;
    done.resolve(hello);
    await clock.advance(1_500);
    slow.resolve();
    const { finishWithinMs, sent } = await replying;
    expect(finishWithinMs).toBe(35_000 - 21_500);
    sent?.("fully");
    await house.receiver.idle();
    expect(postsOf(house)).toEqual([]);
  });

  it.each([
    ["a body that cannot be cancelled", { status: 200, headers: new Headers(), body: {} }],
    ["a cancel that throws", { status: 200, headers: new Headers(), body: { cancel: () => fail() } }],
  ])("upsales.9 %s does not undo a 200", async (_, response) => {
    const house = await openHouse(framework, "upsales", {
      handle: () => hello,
      options: { answerWithin: 0 },
      transport: async () => response as never,
    });
    await house.deliver(order);
    await house.receiver.idle();
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([{ outcome: "accepted" }]);
  });

  it.each([
    ["throws at once", () => fail()],
    ["rejects with a proxy", () => Promise.reject(trapped)],
    ["answers nothing", async () => undefined],
    ["rejects with an error of ours", () => Promise.reject(new RetryLater())],
  ])("upsales.9 a transport that %s is tried again", async (_, transport) => {
    const clock = manualClock();
    let first = true;
    const house = await openHouse(framework, "upsales", {
      clock,
      handle: () => hello,
      options: { answerWithin: 0 },
      transport: (() => (first ? ((first = false), transport()) : Promise.resolve(new Response()))) as never,
    });
    await house.deliver(order);
    await clock.advance(120_000);
    await house.receiver.idle();
    expect(postsOf(house)).toEqual([1, 2]);
  });
});

const trapped = new Proxy(
  {},
  {
    get: () => fail(),
    has: () => fail(),
    getPrototypeOf: () => fail(),
  },
);

function fail(): never {
  throw new Error("no");
}

function postsOf({ observed }: House): number[] {
  return observed.flatMap((one) => (one.kind === "post" ? [one.attempt] : []));
}

/** A delivery through an adapter that leaves `sent` to the test. */
async function receive({ receiver }: House): Promise<Reply> {
  const reply = await receiver.receive({
    ...{ method: "POST", path: "/orderinsert/1", query: "", secure: true },
    headers: { "content-type": ["application/json"] },
    body: async () => ({ kind: "bytes", bytes: Buffer.from(order.body) }),
  });
  return reply!;
}
