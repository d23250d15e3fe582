/** The order option: events of one entity one at a time, and none after a newer one, in one process and in two. */
import { memory, type Order } from "@answerback/core";
import { type Backend, type Records } from "@answerback/core/backend";
import { describe, expect, it } from "vitest";
import { sample, withFields, type Sample } from "../support/deliveries.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { faulty, two, twoProcesses } from "./support.ts";

const ticket = sample("uphance/pick-ticket-update");

/** An update of a pick ticket; what has no date is told apart by nothing. */
function update(version: number | undefined, id = 1): Sample {
  return withFields(ticket, { pick_ticket: { id, ...dated(version) } });
}

function deletion(version?: number, id = 1): Sample {
  return withFields(ticket, { event: "pick_ticket_delete", pick_ticket: { id, ...dated(version) } });
}

function dated(version: number | undefined): object {
  return version === undefined ? {} : { updated_at: `v${version}` };
}

/** By the ticket's id; its version is a number in what stands for its date. */
const order: Order<any> = {
  by: ({ data }) => data.id,
  version: ({ data }) => (data.updated_at ? Number(data.updated_at.slice(1)) : undefined),
};

/** A handler that notes who is at work, and waits until it is told to go on. */
function workshop() {
  const handled: string[] = [];
  const waiting: (() => void)[] = [];
  let atWork = 0;
  let most = 0;
  const handle = async ({ type, data }: any) => {
    most = Math.max(most, (atWork += 1));
    handled.push(`${type} ${data.id} ${data.updated_at ?? "-"}`);
    await new Promise<void>((resolve) => void waiting.push(resolve));
    atWork -= 1;
  };
  return { handle, handled, waiting, most: () => most, next: () => waiting.shift()?.() };
}

/** A memory of which some verbs are others. */
function altered(clock: ManualClock, verbs: (records: Records) => Partial<Records>): Backend {
  const inner = memory({ clock });
  return {
    ...inner,
    async open(name) {
      const records = await inner.open(name);
      return { ...records, ...verbs(records) };
    },
  };
}

/** Lets what was set off happen. */
const settleDown = (clock: ManualClock) => clock.advance(0);

/** Handled at once, in a house whose handler does not wait. */
async function openPlain(framework: (typeof two)[number], options: object = {}): Promise<House> {
  const clock = manualClock();
  return openHouse(framework, "uphance", { clock, backend: faulty(clock), options: { order, ...options } });
}

const seen = ({ events }: House) => events.map(({ type, data }: any) => `${type} ${data.updated_at ?? "-"}`);

describe.each(two)("$name: order", (framework) => {
  it("any.9 events of one entity are handled one at a time, those of others meanwhile", async () => {
    const clock = manualClock();
    const { handle, handled, most, next, waiting } = workshop();
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: faulty(clock),
      handle,
      options: { order },
    });
    const answers = [update(1), update(2), update(3), update(1, 2)].map((one) => house.deliver(one));
    while (handled.length < 2) await settleDown(clock);
    expect(new Set(handled.map((one) => one.split(" ")[1]))).toEqual(new Set(["1", "2"]));
    while (handled.length < 4 || waiting.length > 0) {
      next();
      await settleDown(clock);
    }
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(most()).toBe(2);
  });

  it("an older version after a newer one is acknowledged without the handler, and its duplicates too", async () => {
    const house = await openPlain(framework);
    await house.deliver(update(2));
    expect((await house.deliver(update(1))).status).toBe(200);
    expect((await house.deliver(update(1))).status).toBe(200);
    await house.deliver(update(3));
    expect(seen(house)).toEqual(["pick_ticket.update v2", "pick_ticket.update v3"]);
    expect(house.observed.filter(({ kind }) => kind === "delivery").map((one: any) => one.outcome)).toEqual([
      "handled",
      "ignored",
      "duplicate",
      "handled",
    ]);
  });

  it("with stale: handle an older one is handled, and the newer stays the newest", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const options = { order: { ...order, stale: "handle" } };
    const first = await openHouse(framework, "uphance", { clock, backend: here, options });
    const second = await openHouse(framework, "uphance", { clock, backend: there, options: { order } });
    for (const version of [3, 1]) await first.deliver(update(version));
    expect(seen(first)).toHaveLength(2);
    await second.deliver(update(2));
    expect(seen(second)).toEqual([]);
  });

  it("an equal version of another event is handled", async () => {
    const house = await openPlain(framework);
    await house.deliver(update(2));
    await house.deliver(deletion(2));
    expect(seen(house)).toEqual(["pick_ticket.update v2", "pick_ticket.delete v2"]);
  });

  it("a DELETE beats a late UPDATE, with a version or without", async () => {
    const house = await openPlain(framework);
    await house.deliver(deletion());
    await house.deliver(update(9));
    await house.deliver(deletion(5, 2));
    await house.deliver(update(4, 2));
    expect(seen(house)).toEqual(["pick_ticket.delete -", "pick_ticket.delete v5"]);
  });

  it("a DELETE beats an UPDATE whose version is a text", async () => {
    const house = await openPlain(framework, {
      order: { ...order, version: ({ data }: any) => data.updated_at },
    });
    await house.deliver(deletion());
    await house.deliver(update(9));
    expect(seen(house)).toEqual(["pick_ticket.delete -"]);
  });

  it("a version that failed is not the newest: an older one is handled, and so is its own retry", async () => {
    const clock = manualClock();
    let fails = true;
    const handle = () => {
      if (fails) throw new Error("not yet");
    };
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: faulty(clock),
      handle,
      options: { order },
    });
    expect((await house.deliver(update(2))).status).toBe(500);
    fails = false;
    await house.deliver(update(1));
    await house.deliver(update(2));
    expect(seen(house)).toEqual(["v2", "v1", "v2"].map((version) => `pick_ticket.update ${version}`));
  });

  it("what has no version, and no entity, is handled whenever it comes", async () => {
    const house = await openPlain(framework, {
      order: { ...order, by: ({ data }: any) => (data.id === 2 ? undefined : data.id) },
    });
    await house.deliver(update(2));
    await house.deliver(update(undefined));
    await house.deliver(update(2, 2));
    await house.deliver(update(1, 2));
    expect(seen(house)).toHaveLength(4);
  });

  it("any.9 in another process an event waits until its entity is free, and sees the version", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const { handle, handled, next } = workshop();
    const options = { order, answerWithin: "20s" };
    const first = await openHouse(framework, "uphance", { clock, backend: here, handle, options });
    const second = await openHouse(framework, "uphance", { clock, backend: there, options });
    const one = first.deliver(update(5));
    while (handled.length < 1) await settleDown(clock);
    const [late, newer] = [second.deliver(update(4)), second.deliver(update(6))];
    const claims = there.next("claim");
    await claims;
    await clock.advance(1_000);
    expect(second.events).toEqual([]);
    next();
    expect((await one).status).toBe(200);
    while (second.events.length < 1) await clock.advance(250);
    await clock.advance(1_000);
    expect([(await late).status, (await newer).status]).toEqual([200, 200]);
    expect(seen(second)).toEqual(["pick_ticket.update v6"]);
  });

  it("any.9 the entity is kept for as long as its event is handled", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const { handle, handled, next } = workshop();
    const options = { order, answerWithin: "5s" };
    const first = await openHouse(framework, "uphance", {
      clock,
      backend: here,
      handle,
      options: { ...options, background: false },
    });
    const second = await openHouse(framework, "uphance", { clock, backend: there, options });
    const answering = first.deliver(update(1));
    while (handled.length < 1) await settleDown(clock);
    await clock.advance(150_000);
    await answering;
    const late = second.deliver(update(2));
    await there.next("claim");
    await clock.advance(10_000);
    await late;
    const { key } = second.observed.find(({ kind }) => kind === "delivery") as { key: string };
    expect([second.events, (await second.receiver.find(key))?.attempts]).toEqual([[], 0]);
    next();
    await first.receiver.idle();
  });

  it("any.9 who loses the entity to another process loses the run", async () => {
    const clock = manualClock();
    const keys = new Set<string>();
    const losing = altered(clock, (records) => ({
      claim: (key, ...rest) => (keys.add(key), records.claim(key, ...rest)),
      save: async (key, ...rest) => key === [...keys][0] && records.save(key, ...rest),
    }));
    const reasons: unknown[] = [];
    const handle = (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(reasons.push(signal.reason.code)));
      });
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: faulty(clock, losing),
      handle,
      options: { order, answerWithin: "59s" },
    });
    const answering = house.deliver(update(1));
    while (house.events.length < 1) await settleDown(clock);
    await clock.advance(31_000);
    expect((await answering).status).toBe(503);
    expect(reasons).toEqual(["lease_lost"]);
    // the event itself is still ours to give back
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "free" });
  });

  it("any.9 nor is an accepted event that lost its entity held for ever: it is tried again", async () => {
    const clock = manualClock();
    const claimed: string[] = [];
    let isLosing = false;
    const losing = altered(clock, (records) => ({
      claim: (key, ...rest) => (claimed.push(key), records.claim(key, ...rest)),
      save: async (key, ...rest) => !(isLosing && key === claimed[1]) && records.save(key, ...rest),
    }));
    let runs = 0;
    const handle = (_: unknown, { signal }: { signal: AbortSignal }) => {
      if ((runs += 1) > 1) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => resolve());
      return promise;
    };
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: faulty(clock, losing),
      handle,
      options: { order, answerWithin: "5s" },
    });
    const answering = house.deliver(update(1));
    while (house.events.length < 1) await settleDown(clock);
    isLosing = true;
    await clock.advance(31_000);
    expect((await answering).status).toBe(200);
    isLosing = false;
    await clock.advance(120_000);
    await house.receiver.idle();
    expect(runs).toBe(2);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
  });

  it("any.11 an entity whose claim comes back when its event was left already is let go", async () => {
    const clock = manualClock();
    const gate = Promise.withResolvers<void>();
    let claims = 0;
    const slow = altered(clock, (records) => ({
      async claim(key, ...rest) {
        const claimed = await records.claim(key, ...rest);
        if ((claims += 1) === 2) await gate.promise;
        return claimed;
      },
    }));
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: faulty(clock, slow),
      options: { order, answerWithin: "1s" },
    });
    const answering = house.deliver(update(1));
    while (claims < 2) await settleDown(clock);
    await clock.advance(1_000);
    expect((await answering).status).toBe(200);
    await clock.advance(500);
    gate.resolve();
    await clock.advance(10_000);
    await house.receiver.idle();
    expect(seen(house)).toEqual(["pick_ticket.update v1"]);
    expect((await house.deliver(update(2))).status).toBe(200);
    expect(seen(house)).toHaveLength(2);
  });

  it("any.22 while the backend is away at its turn an accepted event loses no attempt", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "uphance", {
      clock,
      backend,
      options: { order, answerWithin: 0, maxAttempts: 2 },
    });
    backend.faults.claim = undefined;
    const by = order.by.bind(order);
    Object.assign(order, { by: (event: any) => ((backend.faults.claim = "throws"), by(event)) });
    try {
      expect((await house.deliver(update(1))).status).toBe(200);
      await clock.advance(60_000);
    } finally {
      Object.assign(order, { by });
    }
    backend.faults.claim = undefined;
    await clock.advance(20_000);
    await house.receiver.idle();
    expect(seen(house)).toEqual(["pick_ticket.update v1"]);
  });

  it("any.22 an entity that could not be claimed keeps nobody waiting", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "uphance", {
      clock,
      backend,
      options: { order: { by: ({ data }: any) => ((backend.faults.claim = "throws"), data.id) } },
    });
    expect((await house.deliver(update(1))).status).toBe(503);
    backend.faults.claim = undefined;
    const again = await openHouse(framework, "uphance", { clock, backend: faulty(clock) });
    expect((await again.deliver(update(1))).status).toBe(200);
    expect((await house.deliver(update(2))).status).toBe(503);
  });

  it("any.11 any.25 what has not begun when its time is up is left to a worker, which finds its turn by itself", async () => {
    const clock = manualClock();
    const { handle, handled, next } = workshop();
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: faulty(clock),
      handle,
      options: { order, answerWithin: "5s" },
    });
    const [first, second] = [house.deliver(update(1)), house.deliver(update(2))];
    while (handled.length < 1) await settleDown(clock);
    await clock.advance(6_000);
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    await clock.advance(20_000);
    expect(handled).toHaveLength(1);
    const states = await Promise.all(house.events.map(({ key }: any) => house.receiver.find(key)));
    expect(states.map((one) => one?.state)).toEqual(["held"]);
    const unbegun = house.observed.flatMap((one) => (one.kind === "delivery" ? (one.key ?? []) : []))[1]!;
    expect(await house.receiver.find(unbegun)).toMatchObject({ state: "waiting", attempts: 0 });
    next();
    while (handled.length < 2) await clock.advance(500);
    next();
    await house.receiver.idle();
    expect(new Set(handled).size).toBe(2);
    const found = await Promise.all(house.events.map(({ key }: any) => house.receiver.find(key)));
    expect(found).toEqual(found.map(() => expect.objectContaining({ state: "settled" })));
    // an event whose turn has not come has not failed (any.25)
    expect(house.told).toEqual([]);
  });

  it("any.9 the entity of a process that died is free when its lease ends", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const { handle, handled } = workshop();
    const options = { order };
    const first = await openHouse(framework, "uphance", { clock, backend: here, handle, options });
    const second = await openHouse(framework, "uphance", { clock, backend: there, options });
    first.deliver(update(1)).catch(() => {});
    while (handled.length < 1) await settleDown(clock);
    here.faults.save = "throws";
    await clock.advance(61_000);
    expect((await second.deliver(update(2))).status).toBe(200);
    expect(seen(second)).toEqual(["pick_ticket.update v2"]);
  });

  it("a function of the order that throws is the handler's failure", async () => {
    const house = await openPlain(framework, {
      order: {
        by: () => {
          throw new Error("no id");
        },
      },
    });
    expect((await house.deliver(update(1))).status).toBe(500);
    const odd = await openPlain(framework, { order: { by: () => ({}) } });
    expect((await odd.deliver(update(1))).status).toBe(500);
    const nan = await openPlain(framework, { order: { ...order, version: () => Number.NaN } });
    expect((await nan.deliver(update(1))).status).toBe(500);
  });

  it("costs nothing when it is off: no verb more", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "uphance", { clock, backend });
    let claims = 0;
    void backend.next("claim").then(() => (claims += 1));
    await house.deliver(update(1));
    expect([claims, backend.saves.length]).toEqual([1, 1]);
  });
});

it.each([
  [{}, "missing"],
  [{ by: "id" }, "invalid"],
  [{ ...order, version: 1 }, "invalid"],
  [{ ...order, stale: "drop" }, "invalid"],
])("a mistake in the order is refused at creation: %j, %s", async (wrong, code) => {
  const refused = { name: "OptionError", code };
  await expect(openPlain(two[0]!, { order: wrong })).rejects.toMatchObject(refused);
});
