/** What a handler writes in its transaction is there exactly when its event is settled. */
import { later, memory } from "@answerback/core";
import { type Backend, type Records, type Saving } from "@answerback/core/backend";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { openHouse, type ProviderName } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { faulty, two, type FaultyBackend } from "./support.ts";

const ticket = sample("uphance/pick-ticket-update");
const other = withFields(ticket, { pick_ticket: { id: 2, updated_at: "another time" } });
const order = sample("upsales/order-insert");
const hello = { callback: { notify: "Hello!" } };

/** What goes wrong with a commit: it is refused, its answer is lost, it never comes back, or when somebody has looked. */
type Mishap = "refused" | "lost" | "hangs" | "lands after a look" | "takes 50 ms";

interface Bank {
  readonly backend: FaultyBackend;
  /** What was committed. */
  readonly written: string[];
  /** The saves of each commit. */
  readonly commits: (readonly Saving[])[];
  /** Of the commits to come. */
  readonly mishaps: Mishap[];
  /** How many transactions are open. */
  readonly ongoing: () => number;
  /** As another process has them. */
  readonly records: () => Records;
}

/** A backend in memory with transactions: what is written in one is there when its saves are. */
function bank(clock: ManualClock): Bank {
  const inner = memory({ clock });
  const written: string[] = [];
  const commits: (readonly Saving[])[] = [];
  const mishaps: Mishap[] = [];
  let opened: Records | undefined;
  let ongoing = 0;
  const looked = Promise.withResolvers<void>();

  function running(records: Records): Records<any>["run"] {
    return async (handle: (db: any) => Promise<readonly Saving[]>) => {
      const pending: string[] = [];
      ongoing += 1;
      const saves = await handle({ write: async (text: string) => void pending.push(text) }).finally(
        () => void (ongoing -= 1),
      );
      commits.push(saves);
      const mishap = mishaps.shift();
      if (mishap === "refused") throw new Error("a constraint was violated");
      if (mishap === "hangs") return new Promise<boolean>(() => {});
      if (mishap === "lands after a look") await looked.promise;
      if (mishap === "takes 50 ms") await new Promise<void>((resolve) => void clock.after(50, resolve));
      for (const { key, lease, change } of saves) if (!(await records.save(key, lease, change))) return false;
      written.push(...pending);
      if (mishap === "lost") throw new Error("connection reset");
      return true;
    };
  }

  const withRun: Backend<any> = {
    ...inner,
    async open(name) {
      opened = await inner.open(name);
      const { get } = opened;
      const looking: Records["get"] = async (key) => {
        const entry = await get(key);
        if (entry) looked.resolve();
        await Promise.resolve();
        return entry;
      };
      return { ...opened, get: looking, run: running(opened)! };
    },
  };
  return {
    backend: faulty(clock, withRun as Backend),
    written,
    commits,
    mishaps,
    ongoing: () => ongoing,
    records: () => opened!,
  };
}

const write =
  (text: string, answer?: unknown) =>
  async (_: unknown, { transaction }: any) => {
    await transaction((db: any) => db.write(text));
    return answer;
  };

async function open(
  framework: (typeof two)[number],
  given: { provider?: ProviderName; handle: unknown; options?: Record<string, unknown> },
) {
  const clock = manualClock();
  const store = bank(clock);
  const { provider = "uphance", handle, options = {} } = given;
  const house = await openHouse(framework, provider, { clock, backend: store.backend, handle, options });
  return { clock, house, ...store };
}

describe.each(two)("$name: transaction", (framework) => {
  it("any.9 what was written is there with the settling, and not before", async () => {
    const looks: string[][] = [];
    const { house, written, commits } = await open(framework, {
      handle: async (_: unknown, context: any) => {
        // handed on with something of the app's
        const mine: any = { ...context, user: "me" };
        const result = await mine.transaction((db: any) => db.write("one").then(() => "a result"));
        await mine.transaction((db: any) => db.write(result));
        looks.push([...written]);
      },
    });
    expect((await house.deliver(ticket)).status).toBe(200);
    expect([looks, written]).toEqual([[[]], ["one", "a result"]]);
    expect(commits[0]?.map(({ change }) => Object.keys(change).toSorted())).toEqual([
      ["answer", "forMs", "work"],
    ]);
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(house.events).toHaveLength(1);
  });

  it("any.9 of a handler that fails nothing is left, and its retry writes it once", async () => {
    let fails = true;
    const { house, written, commits, ongoing } = await open(framework, {
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        if (fails) throw new Error("not yet");
      },
    });
    expect((await house.deliver(ticket)).status).toBe(500);
    expect([written, ongoing()]).toEqual([[], 0]);
    fails = false;
    expect((await house.deliver(ticket)).status).toBe(200);
    expect([written, commits.length]).toEqual([["one"], 1]);
  });

  it("any.9 a lease that was lost takes the writes with it", async () => {
    const done = Promise.withResolvers<void>();
    const { house, written, clock, backend, records } = await open(framework, {
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        await done.promise;
      },
      options: { answerWithin: "59s" },
    });
    const answering = house.deliver(ticket);
    while (house.events.length < 1) await clock.advance(0);
    backend.faults.save = "throws";
    await clock.advance(61_000);
    const { key } = house.events[0];
    const claimed = await records().claim(key, { token: "somebody else", sequence: 0, leaseMs: 60_000 });
    expect(claimed.state).toBe("claimed");
    backend.faults.save = undefined;
    done.resolve();
    expect((await answering).status).toBe(503);
    await clock.advance(0);
    expect(written).toEqual([]);
    expect(await house.receiver.find(key)).toMatchObject({ state: "held", attempts: 2 });
  });

  it("a write that throws fails the run, whoever catches it", async () => {
    const errors: unknown[] = [];
    const { house, written } = await open(framework, {
      handle: async (_: unknown, { transaction }: any) => {
        await transaction((db: any) => db.write("one"));
        await transaction(() => Promise.reject(new Error("no such table"))).catch(() => {});
      },
      options: { onError: (error: unknown) => errors.push(error) },
    });
    expect((await house.deliver(ticket)).status).toBe(500);
    expect([written, errors]).toEqual([[], [expect.objectContaining({ message: "no such table" })]]);
  });

  it("one that is not awaited fails the run", async () => {
    const { house, written } = await open(framework, {
      handle: (_: unknown, { transaction }: any) => {
        transaction(() => new Promise(() => {}));
      },
    });
    expect((await house.deliver(ticket)).status).toBe(500);
    expect(written).toEqual([]);
  });

  it("any.21 after the run it is refused", async () => {
    let again: (() => Promise<unknown>) | undefined;
    const { house, written } = await open(framework, {
      handle: (_: unknown, { transaction }: any) => {
        again = () => transaction((db: any) => db.write("late"));
      },
    });
    await house.deliver(ticket);
    await expect(again?.()).rejects.toThrow("after the run was over");
    expect(written).toEqual([]);
  });

  it("any.21 a handler that takes too long has written nothing", async () => {
    const { house, written, clock } = await open(framework, {
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        await new Promise(() => {});
      },
      options: { answerWithin: "20s", handleWithin: "5s" },
    });
    const answering = house.deliver(ticket);
    while (house.events.length < 1) await clock.advance(0);
    await clock.advance(5_000);
    expect((await answering).status).toBe(500);
    expect(written).toEqual([]);
  });

  it("any.19 closing rolls back what does not end", async () => {
    const { house, written, clock } = await open(framework, {
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        await new Promise(() => {});
      },
    });
    const answering = house.deliver(ticket);
    while (house.events.length < 1) await clock.advance(0);
    const closing = house.receiver.close({ within: "1s" });
    await clock.advance(2_000);
    await closing;
    expect([(await answering).status, written]).toEqual([503, []]);
  });

  it("any.11 an accepted event is settled with what its handler wrote", async () => {
    const done = Promise.withResolvers<void>();
    const { house, written, clock, commits } = await open(framework, {
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        await done.promise;
      },
      options: { answerWithin: "5s" },
    });
    const answering = house.deliver(ticket);
    while (house.events.length < 1) await clock.advance(0);
    await clock.advance(5_000);
    expect((await answering).status).toBe(200);
    await clock.advance(120_000);
    expect(written).toEqual([]);
    done.resolve();
    await house.receiver.idle();
    expect([written, commits.length]).toEqual([["one"], 1]);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
  });

  it("upsales.8 an inline callback is stored with it, and so is a promise to answer later", async () => {
    for (const answer of [hello, later()]) {
      const { house, written, commits } = await open(framework, {
        provider: "upsales",
        handle: write("one", answer),
      });
      const { json } = await house.deliver(order);
      expect(json).toEqual(answer === hello ? hello : {});
      expect([written, commits.length]).toEqual([["one"], 1]);
    }
  });

  it("upsales.16 where nothing is claimed it ends with the handler", async () => {
    const { house, written, commits, mishaps } = await open(framework, {
      provider: "upsales",
      handle: write("one", []),
    });
    const fields = sample("upsales/field-values");
    expect((await house.deliver(fields)).status).toBe(200);
    expect([written, commits]).toEqual([["one"], [[]]]);
    mishaps.push("refused");
    expect((await house.deliver(fields)).status).toBe(500);
    expect(written).toEqual(["one"]);
  });

  it("any.9 a commit that is refused is a failure of the handler's, told to onError, and tried again", async () => {
    const errors: unknown[] = [];
    const { house, written, mishaps } = await open(framework, {
      handle: write("one"),
      options: { onError: (error: unknown) => errors.push(error) },
    });
    mishaps.push("refused");
    expect((await house.deliver(ticket)).status).toBe(500);
    expect(written).toEqual([]);
    expect(errors).toEqual([
      expect.objectContaining({ code: "failed", message: "a constraint was violated" }),
    ]);
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(written).toEqual(["one"]);
  });

  it("any.12 so it is after the acknowledgement: tried again after a while, then a dead letter", async () => {
    const errors: unknown[] = [];
    const { house, written, mishaps, clock } = await open(framework, {
      handle: write("one"),
      options: { answerWithin: 0, retryFor: "2s", onError: (error: unknown) => errors.push(error) },
    });
    mishaps.push("refused", "refused");
    expect((await house.deliver(ticket)).status).toBe(200);
    await house.receiver.idle();
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "waiting", attempts: 1 });
    await clock.advance(11_000);
    await house.receiver.idle();
    expect([await house.receiver.deadLetters.list(), errors].map(({ length }) => length)).toEqual([1, 2]);
    await house.receiver.deadLetters.retry(house.events[0].key);
    await house.receiver.idle();
    expect(written).toEqual(["one"]);
  });

  it.each(["lost", "hangs", "lands after a look"] as const)(
    "any.22 the fate of a commit that %s is asked for",
    async (mishap) => {
      const { house, written, mishaps, clock } = await open(framework, { handle: write("one") });
      mishaps.push(mishap);
      const answering = house.deliver(ticket);
      while (house.events.length < 1) await clock.advance(0);
      await clock.advance(3_000);
      expect((await answering).status).toBe(mishap === "lost" ? 200 : 503);
      expect((await house.deliver(ticket)).status).toBe(200);
      await house.receiver.idle();
      expect(written).toEqual(["one"]);
    },
  );

  it("any.22 it is asked until the backend is there again", async () => {
    const { house, written, mishaps, clock, backend } = await open(framework, { handle: write("one") });
    mishaps.push("lost");
    const answering = house.deliver(ticket);
    backend.faults.save = "throws";
    while (house.events.length < 1) await clock.advance(0);
    await clock.advance(5_000);
    backend.faults.save = undefined;
    await clock.advance(6_000);
    await answering;
    await house.receiver.idle();
    expect((await house.deliver(ticket)).status).toBe(200);
    expect([written, house.events.length]).toEqual([["one"], 1]);
  });

  it("the version of an entity is written with it, or not at all", async () => {
    const { house, written, commits, mishaps } = await open(framework, {
      handle: write("one"),
      options: { order: { by: () => 1, version: () => 7 } },
    });
    mishaps.push("refused");
    expect((await house.deliver(ticket)).status).toBe(500);
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(written).toEqual(["one"]);
    expect(commits.map((saves) => saves[0]?.change)).toEqual([
      { note: '{"number":"7"}', forMs: 0 },
      { note: '{"number":"7"}', forMs: 0 },
    ]);
  });

  it("any.9 a renewal does not overtake the version that is written with it", async () => {
    const inOrder = { order: { by: () => 1, version: () => 7 } };
    const { house, written, mishaps, clock } = await open(framework, {
      // the entity is renewed at 30 s, in the middle of the commit
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        await new Promise<void>((resolve) => void clock.after(29_980, resolve));
      },
      options: { ...inOrder, answerWithin: "59s" },
    });
    mishaps.push("takes 50 ms");
    const answering = house.deliver(ticket);
    while (house.events.length < 1) await clock.advance(0);
    await clock.advance(31_000);
    expect([(await answering).status, written]).toEqual([200, ["one"]]);
  });

  it("any.9 a run that ended well while its acceptance was refused leaves nothing open", async () => {
    const done = Promise.withResolvers<void>();
    const inOrder = { order: { by: () => 1 } };
    const { house, written, ongoing, clock, backend, records } = await open(framework, {
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        await done.promise;
      },
      options: { ...inOrder, answerWithin: "5s", background: false },
    });
    const answering = house.deliver(ticket);
    while (house.events.length < 1) await clock.advance(0);
    const acceptance = Promise.withResolvers<void>();
    backend.slow = acceptance.promise;
    await clock.advance(5_000);
    done.resolve();
    await clock.advance(0);
    // the process stood still for longer than the lease
    const { now } = clock;
    Object.assign(clock, { now: () => now() + 61_000 });
    const { key } = house.events[0];
    await records().claim(key, { token: "somebody else", sequence: 0, leaseMs: 600_000 });
    backend.slow = undefined;
    acceptance.resolve();
    expect((await answering).status).toBe(503);
    await clock.advance(120_000);
    expect([ongoing(), written]).toEqual([0, []]);
    void house.deliver(other).catch(() => {});
    while (house.events.length < 2) await clock.advance(250);
  });

  it("any.19 closing while a commit's fate is unknown rejects nobody's promise", async () => {
    const done = Promise.withResolvers<void>();
    const inOrder = { order: { by: () => 1 } };
    const { house, mishaps, clock, backend } = await open(framework, {
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        await done.promise;
      },
      options: inOrder,
    });
    mishaps.push("lost");
    const answering = house.deliver(ticket);
    while (house.events.length < 1) await clock.advance(0);
    backend.faults.save = "throws";
    done.resolve();
    await clock.advance(0);
    const closing = house.receiver.close({ within: "1s" });
    await clock.advance(10_000);
    await closing;
    expect((await answering).status).toBe(503);
  });

  it("upsales.8 a callback whose commit was in doubt for a lease is held anew before it is posted", async () => {
    const done = Promise.withResolvers<void>();
    let state: unknown;
    const { house, mishaps, clock, backend } = await open(framework, {
      provider: "upsales",
      handle: async (event: unknown, context: any) => {
        await write("one")(event, context);
        await done.promise;
        return hello;
      },
      options: {
        answerWithin: "5s",
        background: false,
        transport: async () => {
          state = (await house.receiver.find(house.events[0].key))?.state;
          return new Response();
        },
      },
    });
    mishaps.push("lost");
    const answering = house.deliver(order);
    while (house.events.length < 1) await clock.advance(0);
    await clock.advance(5_000);
    await answering;
    backend.faults.save = "throws";
    done.resolve();
    await clock.advance(70_000);
    backend.faults.save = undefined;
    await clock.advance(6_000);
    await house.receiver.idle();
    expect(state).toBe("held");
  });

  it("costs nothing where nothing is written", async () => {
    const { house, commits, backend } = await open(framework, { handle: () => {} });
    await house.deliver(ticket);
    expect([commits, backend.saves.length]).toEqual([[], 1]);
  });

  it("a backend without transactions says so", async () => {
    const errors: any[] = [];
    const clock = manualClock();
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: faulty(clock),
      handle: write("one"),
      options: { onError: (error: unknown) => errors.push(error) },
    });
    expect((await house.deliver(ticket)).status).toBe(500);
    expect(errors[0]?.message).toContain("no transaction");
  });
});
