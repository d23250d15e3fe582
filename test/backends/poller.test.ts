/** A poller takes what is due, a slot a record, and lets no failure out. */
import {
  createPoller,
  type Clock,
  type PollerOptions,
  type Records,
  type Taken,
  type Worker,
  type WorkKind,
} from "@answerback/core/backend";
import { expect, test } from "vitest";
import { manualClock } from "../support/manual-clock.ts";

/** An engine with so much due, and a worker that finishes when told to. */
function bench({ due = 0, slots = 2, kind = "run" as WorkKind }) {
  const manual = manualClock();
  const timers = new Set<object>();
  const clock = { ...manual, after: countingTimers(manual, timers) };
  const tokens: string[] = [];
  const open: (() => void)[] = [];
  const engine = {
    due,
    takes: 0,
    isAway: false,
    async take({ token, sequence, leaseMs }: { token: string; sequence: number; leaseMs: number }) {
      engine.takes += 1;
      expect([sequence, leaseMs]).toEqual([0, 60_000]);
      if (engine.isAway) throw new Error("away");
      if (engine.due === 0) return undefined;
      engine.due -= 1;
      tokens.push(token);
      return taken(token, kind);
    },
  };
  const worker: Worker = {
    slots: { run: slots, post: 0 },
    leaseMs: 60_000,
    each: (one: Taken, token: string) => {
      expect(one.key).toBe(token);
      return new Promise<void>((resolve) => void open.push(resolve));
    },
  };
  return {
    clock,
    timers,
    engine,
    worker,
    tokens,
    open,
    start: (sleepMs?: PollerOptions["sleepMs"]) => start(engine.take, worker, { clock, sleepMs }),
  };
}

/** Starts a worker, and says how to wake and to stop it. */
function start(take: Records["take"], worker: Worker, options: PollerOptions) {
  const poller = createPoller(take, options);
  const stop = poller.start(worker);
  return { stop, wake: (kind: WorkKind = "run") => poller.wakeFor(0, kind) };
}

/** A clock's `after` that keeps the set of what still waits. */
function countingTimers(clock: Clock, timers: Set<object>): Clock["after"] {
  return (ms, then) => {
    const timer = {};
    const callOff = clock.after(ms, () => {
      timers.delete(timer);
      then();
    });
    timers.add(timer);
    return () => {
      timers.delete(timer);
      callOff();
    };
  };
}

function taken(key: string, kind: WorkKind = "run"): Taken {
  return { key, attempts: 1, work: '"event"', kind, answer: null, note: null };
}

test("takes one record a free slot and the next when one is done, each under a token of its own", async () => {
  const { clock, engine, open, tokens, start } = bench({ due: 5, slots: 2 });
  const { stop } = start();
  await clock.advance(0);
  expect([open.length, engine.due]).toEqual([2, 3]);
  open[0]?.();
  await clock.advance(0);
  expect([open.length, engine.due]).toEqual([3, 2]);
  expect(new Set(tokens).size).toBe(3);
  for (const done of open) done();
  const stopping = stop();
  for (const done of open) done();
  await stopping;
});

test("asks for nothing while every slot is taken", async () => {
  const { clock, engine, open, start } = bench({ due: 5, slots: 1 });
  const { wake, stop } = start();
  await clock.advance(0);
  wake();
  await clock.advance(10_000);
  expect([engine.takes, open.length]).toEqual([1, 1]);
  open[0]?.();
  await clock.advance(0);
  expect(open.length).toBe(2);
  open[1]?.();
  await stop();
});

test("looks again about once a second, and only so often, where nothing is due", async () => {
  const { clock, engine, start } = bench({});
  const { stop } = start();
  await clock.advance(5_500);
  expect(engine.takes).toBe(6);
  await stop();
});

test("looks at once when woken, and waits a second from there", async () => {
  const { clock, engine, start } = bench({});
  const { wake, stop } = start();
  await clock.advance(500);
  wake();
  await clock.advance(900);
  expect(engine.takes).toBe(2);
  await clock.advance(100);
  expect(engine.takes).toBe(3);
  await stop();
});

test("sleeps until the engine says that something is due, and asks again each time", async () => {
  const { clock, engine, open, start } = bench({});
  const waits = [3_600_000, 7_200_000];
  const { stop } = start(() => waits.shift() ?? 60_000);
  await clock.advance(3_599_999);
  expect(engine.takes).toBe(1);
  engine.due = 1;
  await clock.advance(1);
  expect([engine.takes, open.length]).toEqual([3, 1]);
  await clock.advance(7_199_999);
  expect(engine.takes).toBe(3);
  await clock.advance(1);
  expect(engine.takes).toBe(4);
  open[0]?.();
  await stop();
});

test("with nothing ahead sets no timer, and looks when woken", async () => {
  const { clock, engine, timers, start } = bench({});
  const { wake, stop } = start(() => Infinity);
  await clock.advance(86_400_000);
  expect([engine.takes, timers.size]).toEqual([1, 0]);
  wake();
  await clock.advance(0);
  expect(engine.takes).toBe(2);
  await stop();
});

test("with every slot taken sets no timer either", async () => {
  const { clock, open, timers, start } = bench({ due: 2, slots: 1 });
  const { stop } = start();
  await clock.advance(0);
  expect([open.length, timers.size]).toEqual([1, 0]);
  open[0]?.();
  await clock.advance(0);
  expect([open.length, timers.size]).toEqual([2, 0]);
  open[1]?.();
  await stop();
});

test("being woken while it looks makes it look once more", async () => {
  const { clock, engine, start } = bench({});
  const { wake, stop } = start();
  wake();
  wake();
  await clock.advance(0);
  expect(engine.takes).toBe(2);
  await stop();
});

test("a take that fails is tried again at the next poll", async () => {
  const { clock, engine, open, start } = bench({ due: 1 });
  engine.isAway = true;
  const { stop } = start();
  await clock.advance(2_000);
  expect(engine.takes).toBe(3);
  engine.isAway = false;
  await clock.advance(1_000);
  expect(open.length).toBe(1);
  open[0]?.();
  await stop();
});

test("stop waits for what is in hand, takes no more and leaves no timer", async () => {
  const { clock, engine, open, start, timers } = bench({ due: 5, slots: 1 });
  const { wake, stop } = start();
  await clock.advance(0);
  let stopped = false;
  const stopping = stop().then(() => (stopped = true));
  await clock.advance(5_000);
  expect(stopped).toBe(false);
  open[0]?.();
  await stopping;
  wake();
  await clock.advance(5_000);
  await stop();
  expect([engine.takes, timers.size]).toEqual([1, 0]);
});

test("stop calls the next poll off", async () => {
  const { clock, timers, start } = bench({});
  const { stop } = start();
  await clock.advance(0);
  expect(timers.size).toBe(1);
  await stop();
  expect(timers.size).toBe(0);
});

test("what was being taken when it stopped is worked, not dropped, and is the last", async () => {
  const { clock, open, start, timers } = bench({ due: 1 });
  let stopped = false;
  const stopping = start()
    .stop()
    .then(() => (stopped = true));
  await clock.advance(0);
  expect([open.length, stopped]).toEqual([1, false]);
  open[0]?.();
  await stopping;
  expect(timers.size).toBe(0);
});

test("any.22 a take that hangs is given up and tried again, and its record is worked should it come", async () => {
  const clock = manualClock();
  const takes: ((taken: Taken | undefined) => void)[] = [];
  const worked: string[] = [];
  const take = () => new Promise<Taken | undefined>((resolve) => void takes.push(resolve));
  const each = async ({ key }: Taken) => void worked.push(key);
  const { stop } = start(take, { leaseMs: 60_000, slots: { run: 2, post: 2 }, each }, { clock });
  await clock.advance(11_000);
  expect(takes).toHaveLength(2);
  takes[0]?.(taken("late"));
  takes[1]?.(taken("in time"));
  await clock.advance(0);
  expect(worked).toEqual(["late", "in time"]);
  for (const end of takes) end(undefined);
  await stop();
});

test("any.9 a record that comes when half its lease is over is left to whoever takes it next", async () => {
  const clock = manualClock();
  const takes: ((taken: Taken | undefined) => void)[] = [];
  const worked: string[] = [];
  const take = () => new Promise<Taken | undefined>((resolve) => void takes.push(resolve));
  const each = async ({ key }: Taken) => void worked.push(key);
  const { stop } = start(take, { leaseMs: 60_000, slots: { run: 2, post: 2 }, each }, { clock });
  await clock.advance(31_000);
  takes[0]?.(taken("too late"));
  await clock.advance(0);
  expect(worked).toEqual([]);
  for (const end of takes) end(undefined);
  await stop();
});

test("asks for twice as many at a time while it finds something, and for one where nothing was due", async () => {
  const clock = manualClock();
  const atOnce: number[] = [];
  let left = 7;
  let asking: Promise<void> | undefined;
  const take = async () => {
    asking ??= (async () => {
      atOnce.push(0);
      await Promise.resolve();
      asking = undefined;
    })();
    atOnce[atOnce.length - 1]! += 1;
    await asking;
    return left-- > 0 ? taken(`${left}`) : undefined;
  };
  const worker: Worker = { leaseMs: 60_000, slots: { run: 16, post: 16 }, each: () => new Promise(() => {}) };
  start(take, worker, { clock, sleepMs: () => Infinity });
  await clock.advance(0);
  expect(atOnce).toEqual([1, 2, 4, 8]);
});

test("a kind without a free slot is neither asked for nor woken for", async () => {
  const clock = manualClock();
  const asked: (WorkKind | undefined)[] = [];
  const slept: (WorkKind | undefined)[] = [];
  const due: WorkKind[] = ["run", "post"];
  const take: Records["take"] = (_lease, which) => {
    asked.push(which?.kind);
    const kind = due.find((one) => (which?.kind ?? one) === one);
    if (kind) due.splice(due.indexOf(kind), 1);
    return kind && taken(kind, kind);
  };
  const open: (() => void)[] = [];
  const each = () => new Promise<void>((resolve) => void open.push(resolve));
  const sleepMs = (kind: WorkKind | undefined) => (slept.push(kind), Infinity);
  const { wake } = start(take, { leaseMs: 60_000, slots: { run: 1, post: 2 }, each }, { clock, sleepMs });
  await clock.advance(0);
  expect([asked, slept]).toEqual([[undefined, "post", "post", "post"], ["post"]]);
  wake("run");
  await clock.advance(0);
  expect(asked).toHaveLength(4);
  due.push("run", "post");
  wake("post");
  await clock.advance(0);
  expect(asked.slice(4)).toEqual(["post"]);
  open[0]?.();
  await clock.advance(0);
  expect(asked.slice(5)).toEqual(["run"]);
});
