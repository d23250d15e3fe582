/** A backend that opens late, twice, wrongly or never. */
import { memory, RetryLater } from "@answerback/core";
import { type Backend, type Records } from "@answerback/core/backend";
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two } from "./support.ts";

const ticket = sample("uphance/pick-ticket-update");

describe.each(two)("$name", (framework) => {
  it.each(["throws", "hangs", "garbage"] as const)(
    "any.22 a backend whose opening %s at the start is opened when it comes back, for deliveries and workers",
    async (fault) => {
      const clock = manualClock();
      const backend = faulty(clock);
      backend.faults.open = fault;
      let runs = 0;
      const handle = () => {
        if (runs++ === 0) throw new RetryLater({ after: "5s" });
      };
      const house = await openHouse(framework, "uphance", {
        clock,
        backend,
        handle,
        options: { answerWithin: 0 },
      });
      const called = backend.next("open");
      const answering = house.deliver(ticket);
      if (fault !== "hangs") await called;
      await clock.advance(4_000);
      expect((await answering).status).toBe(503);
      backend.faults.open = undefined;
      await clock.advance(4_000);
      expect((await house.deliver(ticket)).status).toBe(200);
      await clock.advance(10_000);
      expect(runs).toBe(2);
    },
  );

  it("any.22 of two openings that come through one is used, the other closed; after the closing none is begun", async () => {
    const clock = manualClock();
    const comings: PromiseWithResolvers<Records>[] = [];
    const backend: Backend = {
      durable: true,
      open: () => (comings.push(Promise.withResolvers()), comings.at(-1)!.promise),
      close: async () => {},
    };
    const house = await openHouse(framework, "uphance", { clock, backend, options: { background: false } });
    const refused = house.receiver.find("nothing").catch((error: unknown) => error);
    await clock.advance(2_000);
    expect(await refused).toMatchObject({ code: "backend_away" });
    const again = house.receiver.find("nothing");
    await clock.advance(0);
    const closed: string[] = [];
    const records = async (name: string): Promise<Records> => ({
      ...(await memory({ clock }).open(name)),
      close: async () => void closed.push(name),
    });
    comings[1]!.resolve(await records("second"));
    expect(await again).toBe(undefined);
    comings[0]!.resolve(await records("first"));
    await clock.advance(0);
    expect(closed).toEqual(["first"]);
    expect((await house.deliver(ticket)).status).toBe(200);
    await house.receiver.close();
    expect(closed).toEqual(["first", "second"]);
    const never = await openHouse(framework, "uphance", { clock, backend, options: { background: false } });
    await never.receiver.close();
    await expect(never.receiver.find("nothing")).rejects.toMatchObject({ code: "closing" });
    expect(comings).toHaveLength(2);
  });

  it("any.19 a receiver that was closed while its backend was opening starts no worker", async () => {
    const clock = manualClock();
    const coming = Promise.withResolvers<Records>();
    let workers = 0;
    const backend: Backend = { durable: true, open: () => coming.promise, close: async () => {} };
    const house = await openHouse(framework, "uphance", { clock, backend });
    const closing = house.receiver.close({ within: 0 });
    await clock.advance(1_000);
    const records = await memory({ clock }).open("late");
    coming.resolve({ ...records, work: (worker) => ((workers += 1), records.work(worker)) });
    await clock.advance(10_000);
    await closing;
    expect(workers).toBe(0);
  });

  it("any.10 records may be an object of a class, whose verbs need their this", async () => {
    const inner = memory();
    const open: Backend["open"] = async (name) => new Counting(await inner.open(name));
    const house = await openHouse(framework, "uphance", { backend: { ...inner, open } });
    expect((await house.deliver(ticket)).status).toBe(200);
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(house.events).toHaveLength(1);
    expect(Counting.verbs).toBeGreaterThan(0);
  });

  it("any.19 records that take for ever to close do not keep the receiver from it", async () => {
    const clock = manualClock();
    const inner = memory({ clock });
    const backend: Backend = {
      ...inner,
      open: async (name) => ({ ...(await inner.open(name)), close: () => new Promise(() => {}) }),
    };
    const house = await openHouse(framework, "uphance", { clock, backend });
    await house.deliver(ticket);
    const closing = house.receiver.close({ within: 0 });
    await clock.advance(2_500);
    await closing;
    const next = await openHouse(framework, "uphance", { clock, backend });
    expect(next.receiver.name).toBe("uphance");
  });
});

/** Records that count their verbs, as somebody writes it who likes classes. */
class Counting implements Records {
  static verbs = 0;
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  #counted(): Records {
    Counting.verbs += 1;
    return this.#records;
  }

  claim(...given: Parameters<Records["claim"]>): ReturnType<Records["claim"]> {
    return this.#counted().claim(...given);
  }

  take(...given: Parameters<Records["take"]>): ReturnType<Records["take"]> {
    return this.#counted().take(...given);
  }

  save(...given: Parameters<Records["save"]>): ReturnType<Records["save"]> {
    return this.#counted().save(...given);
  }

  get(key: string): ReturnType<Records["get"]> {
    return this.#counted().get(key);
  }

  list(...given: Parameters<Records["list"]>): ReturnType<Records["list"]> {
    return this.#counted().list(...given);
  }

  stats(upTo: number): ReturnType<Records["stats"]> {
    return this.#counted().stats(upTo);
  }

  causes(limit: number): ReturnType<Records["causes"]> {
    return this.#counted().causes(limit);
  }

  erase(...given: Parameters<Records["erase"]>): ReturnType<Records["erase"]> {
    return this.#counted().erase(...given);
  }

  work(...given: Parameters<Records["work"]>): ReturnType<Records["work"]> {
    return this.#counted().work(...given);
  }

  close(): Promise<void> {
    return this.#counted().close();
  }
}
