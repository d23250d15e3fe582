/** No post overtakes the reply that acknowledges its event: the adapter tells when that has gone. */
import { later, memory, RetryLater } from "@answerback/core";
import type { Reply } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, handOver } from "../support/acme.ts";
import { openHouse, type House, type HouseOptions } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { asTwo, two } from "./support.ts";

const framework = two[0]!;
const answer = { text: "Done." };

/** A receiver whose adapter is this test. */
async function open(clock: ManualClock, given: HouseOptions = {}): Promise<House> {
  const { options, ...rest } = given;
  return openHouse(framework, "upsales", {
    clock,
    provider: acme(),
    options: { authenticate: false, ...options },
    ...rest,
  });
}

function deliver({ receiver }: House, clock: ManualClock, id = 1): Promise<Reply | undefined> {
  return handOver(receiver, id, clock.now());
}

/** The acknowledgement of an event whose handler is late by 2 s. */
async function acknowledged(house: House, clock: ManualClock): Promise<Reply> {
  const replying = deliver(house, clock);
  await clock.advance(2_000);
  return (await replying)!;
}

describe("any.38 a late answer", () => {
  it.each(["fully", "perhaps", "not"] as const)(
    "waits for its acknowledgement, which goes %s",
    async (how) => {
      const clock = manualClock();
      const done = Promise.withResolvers<object>();
      const house = await open(clock, { handle: () => done.promise });
      const reply = await acknowledged(house, clock);
      expect(reply.body).toBe("wait");
      done.resolve(answer);
      await clock.advance(500);
      expect(house.posts).toEqual([]);
      reply.sent?.(how);
      await house.receiver.idle();
      expect(house.posts).toMatchObject([{ body: answer }]);
    },
  );

  it("waits no longer than its provider does, where nobody tells", async () => {
    const clock = manualClock();
    const done = Promise.withResolvers<object>();
    const house = await open(clock, { handle: () => done.promise });
    await acknowledged(house, clock);
    done.resolve(answer);
    await clock.advance(999);
    expect(house.posts).toEqual([]);
    await clock.advance(1);
    expect(house.posts).toHaveLength(1);
  });

  it("waits where the event is acknowledged before its handler runs", async () => {
    const clock = manualClock();
    const house = await open(clock, { handle: () => answer, options: { answerWithin: 0 } });
    const reply = (await deliver(house, clock))!;
    await clock.advance(100);
    expect(house.posts).toEqual([]);
    reply.sent?.("fully");
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
  });
});

describe("any.38 what comes before the answer, or is begun elsewhere", () => {
  it("waits as well: a partial answer", async () => {
    const clock = manualClock();
    const handle = async (_: unknown, { post }: any) => {
      await post({ text: "Half of it." });
      return answer;
    };
    const house = await open(clock, { handle });
    const reply = (await deliver(house, clock))!;
    await clock.advance(100);
    expect([reply.body, house.posts]).toEqual(["wait", []]);
    reply.sent?.("fully");
    await house.receiver.idle();
    expect(house.posts.map(({ body }) => body.text)).toEqual(["Half of it.", "Done."]);
  });

  it("waits as well: an event that was put off, and is due for another process", async () => {
    const clock = manualClock();
    const backend = asTwo(memory({ clock }));
    const first = Promise.withResolvers<object>();
    const order = { by: () => "one" };
    const house = await open(clock, {
      handle: () => first.promise,
      backend: backend[0],
      options: { order, background: false },
    });
    const other = await open(clock, { handle: () => answer, backend: backend[1], options: { order } });
    const before = deliver(house, clock, 1);
    const replying = deliver(house, clock, 2);
    await clock.advance(1_500);
    (await before)!.sent?.("fully");
    const reply = (await replying)!;
    first.resolve(answer);
    await clock.advance(1_000);
    expect(other.posts).toEqual([]);
    reply.sent?.("fully");
    await clock.advance(20_000);
    await expect.poll(() => other.posts.length).toBe(1);
  });
});

describe("any.38 a callback beside a reply, or one that came too late for it", () => {
  it("waits for the reply", async () => {
    const clock = manualClock();
    const provider = acme({
      encode: (value: unknown, { callbackUrl: url }: any) => ({
        reply: { status: 200, headers: {}, body: "beside" },
        ...(value ? { post: { url, body: JSON.stringify(value), headers: {} } } : {}),
      }),
    });
    const house = await open(clock, { provider, handle: () => answer });
    const reply = (await deliver(house, clock))!;
    await clock.advance(100);
    expect([reply.body, house.posts]).toEqual(["beside", []]);
    reply.sent?.("fully");
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
  });

  it("waits in a batch for the one reply of all its events", async () => {
    const clock = manualClock();
    const one = acme();
    const provider = { ...one, decode: (delivery: any) => [one.decode(delivery)] };
    const house = await open(clock, { provider, handle: () => answer });
    const reply = (await deliver(house, clock))!;
    await clock.advance(100);
    expect(house.posts).toEqual([]);
    reply.sent?.("fully");
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
  });
});

describe("any.38 receiver.answer", () => {
  it("waits for the acknowledgement of later() in this process", async () => {
    const clock = manualClock();
    const house = await open(clock, { handle: () => later() });
    const reply = (await deliver(house, clock))!;
    const answering = house.receiver.answer(house.events[0].key, answer);
    await clock.advance(1_000);
    expect(house.posts).toEqual([]);
    reply.sent?.("fully");
    await answering;
    expect(house.posts).toHaveLength(1);
  });

  it("waits in another process until the record says that it has gone", async () => {
    const clock = manualClock();
    const backend = asTwo(memory({ clock }));
    const house = await open(clock, { handle: () => later(), backend: backend[0] });
    const other = await open(clock, { backend: backend[1], options: { background: false } });
    const reply = (await deliver(house, clock))!;
    const answering = other.receiver.answer(house.events[0].key, answer);
    await clock.advance(1_000);
    expect(other.posts).toEqual([]);
    reply.sent?.("fully");
    await clock.advance(250);
    await answering;
    expect(other.posts).toHaveLength(1);
  });

  it("waits in another process no longer than the provider does, where the first one has died", async () => {
    const clock = manualClock();
    const backend = asTwo(memory({ clock }));
    const house = await open(clock, { handle: () => later(), backend: backend[0] });
    const other = await open(clock, { backend: backend[1], options: { background: false } });
    await deliver(house, clock);
    const answering = other.receiver.answer(house.events[0].key, answer);
    await clock.advance(2_500);
    expect(other.posts).toEqual([]);
    await clock.advance(500);
    await answering;
    expect(other.posts).toHaveLength(1);
  });
});

describe("any.38 an event that another process goes on with while its acknowledgement still goes", () => {
  /** Two processes on one backend; the first one acknowledges late by 2 s. */
  async function both(handle: (event: any) => unknown, options: Record<string, unknown> = {}) {
    const clock = manualClock();
    const backend = asTwo(memory({ clock }));
    const provider = acme({ patience: "1m", answerWithin: "1s" });
    const house = await open(clock, { provider, handle, backend: backend[0], options });
    const other = await open(clock, { provider, handle: () => answer, backend: backend[1] });
    return { clock, house, other, reply: await acknowledged(house, clock) };
  }

  it("waits for it: one whose handler failed, and is due at once", async () => {
    const handle = () => Promise.reject(new RetryLater("1ms"));
    const { clock, other, reply } = await both(handle, { background: false });
    expect([reply.body, other.posts]).toEqual(["wait", []]);
    reply.sent?.("fully");
    await clock.advance(10_000);
    await expect.poll(() => other.posts.length).toBe(1);
  });

  it("waits for it: one whose handler returned later() after it", async () => {
    const returned = Promise.withResolvers<unknown>();
    const { clock, house, other, reply } = await both(() => returned.promise);
    returned.resolve(later());
    await clock.advance(10);
    const answering = other.receiver.answer(house.events[0].key, answer);
    await clock.advance(1_000);
    expect(other.posts).toEqual([]);
    reply.sent?.("fully");
    await clock.advance(500);
    await answering;
    expect(other.posts).toHaveLength(1);
  });

  it.each([
    ["had answered", answer],
    ["was interrupted", undefined],
  ])("waits as long as the provider may, where the first one closes and %s", async (_, result) => {
    const returned = Promise.withResolvers<unknown>();
    const { clock, house, other } = await both(() => returned.promise);
    if (result) returned.resolve(result);
    await clock.advance(10);
    const closing = house.receiver.close({ within: 0 });
    await clock.advance(500);
    await closing;
    expect(await other.receiver.find(house.events[0].key)).toMatchObject({ state: "waiting" });
    await clock.advance(54_000);
    expect(other.posts).toEqual([]);
    await clock.advance(5_000);
    await expect.poll(() => other.posts.length).toBe(1);
    expect(other.events).toHaveLength(result ? 0 : 1);
  });
});
