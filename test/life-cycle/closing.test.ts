/** Closing at every stage: what is open is answered 503, what is held released, what is accepted given back. */
import { memory, type Receiver } from "@answerback/core";
import { type Backend } from "@answerback/core/backend";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { countingClock, faulty, two } from "./support.ts";

const order = sample("upsales/order-insert");
const ticket = sample("uphance/pick-ticket-update");
const hello = { callback: { notify: "Hello!" } };

describe.each(two)("$name", (framework) => {
  it("any.19 an open delivery is answered 503 with Retry-After, its signal aborts, and the event is free for the next receiver", async () => {
    const clock = countingClock();
    const backend = keptOpen(memory({ clock }));
    const begun = Promise.withResolvers<AbortSignal>();
    const done = Promise.withResolvers<void>();
    const handle = (_: unknown, { signal }: { signal: AbortSignal }) => (begun.resolve(signal), done.promise);
    const house = await openHouse(framework, "uphance", { clock, backend, handle });
    const all = [house.deliver(ticket)];
    const signal = await begun.promise;
    all.push(house.deliver(ticket));
    await joined(house.url);
    await close(house.receiver, clock);
    for (const answer of await Promise.all(all)) {
      expect([answer.status, answer.json]).toEqual([503, { code: "closing" }]);
      expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    }
    expect(signal.reason).toMatchObject({ code: "closing" });
    expect((await house.deliver(ticket)).status).toBe(503);
    done.resolve();
    await clock.advance(1_000);
    expect(clock.waiting()).toBe(0);
    const next = await openHouse(framework, "uphance", { clock, backend });
    expect((await next.deliver(ticket)).status).toBe(200);
    expect(next.events).toHaveLength(1);
  });

  it("any.19 a mistake in the options of close rejects, and closes nothing", async () => {
    const house = await openHouse(framework, "uphance");
    const mistake = { within: "soon" } as never;
    const refused = { name: "OptionError", option: "close: within", code: "invalid" };
    const closing = house.receiver.close(mistake);
    await expect(closing).rejects.toMatchObject(refused);
    expect((await house.deliver(ticket)).status).toBe(200);
    await house.receiver.close();
    expect((await house.deliver(ticket)).status).toBe(503);
  });

  it("any.19 a handler that closes its receiver before it waits for anything is waited for", async () => {
    const backend = keptOpen(memory());
    const signals: AbortSignal[] = [];
    const house = await openHouse(framework, "uphance", {
      backend,
      handle: async (_: unknown, { signal }: { signal: AbortSignal }) => {
        signals.push(signal);
        if (house.events.length === 2) void house.receiver.close();
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    });
    // from the second delivery on the records are open, and nothing is waited for before the handler
    await house.deliver(withFields(ticket, { pick_ticket: { id: 1, updated_at: "before" } }));
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    const next = await openHouse(framework, "uphance", { backend });
    expect((await next.deliver(ticket)).status).toBe(200);
    expect(next.events).toEqual([]);
  });

  it("any.19 a handler is not begun when the claim came after the receiver had ended", async () => {
    const inner = memory();
    const claiming = Promise.withResolvers<void>();
    const claimed = Promise.withResolvers<void>();
    const open: Backend["open"] = async (name) => {
      const records = await inner.open(name);
      const claim: typeof records.claim = async (...args) => {
        claiming.resolve();
        await claimed.promise;
        return records.claim(...args);
      };
      return { ...records, claim };
    };
    const house = await openHouse(framework, "uphance", { backend: keptOpen({ ...inner, open }) });
    const answering = house.deliver(ticket);
    await claiming.promise;
    const closing = house.receiver.close({ within: 0 });
    expect((await answering).status).toBe(503);
    claimed.resolve();
    await closing;
    expect(house.events).toEqual([]);
  });

  it("any.19 a body that comes after the closing has begun is not handled", async () => {
    const asked = Promise.withResolvers<void>();
    const authenticate = () => (asked.resolve(), true);
    const house = await openHouse(framework, "upsales", { handle: () => hello, options: { authenticate } });
    const lines = ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(order.body)}`];
    const client = rawClient(house.port, post(order.path, ...lines) + order.body.slice(0, 20));
    await asked.promise;
    await new Promise(setImmediate);
    await house.receiver.close({ within: 0 });
    client.socket.write(order.body.slice(20));
    expect(await client.until('"closing"')).toMatch(/^HTTP\/1.1 503/);
    expect(house.events).toEqual([]);
  });

  it("any.19 what is held is released before the records close, also when that takes a moment", async () => {
    const clock = manualClock();
    const log: string[] = [];
    const begun = Promise.withResolvers<void>();
    const inner = faulty(clock);
    const backend: Backend = {
      ...inner,
      async open(name) {
        const records = await inner.open(name);
        return {
          ...records,
          async save(...given) {
            await new Promise<void>((resolve) => void clock.after(500, resolve));
            log.push("saved");
            return records.save(...given);
          },
          close: async () => void log.push("closed"),
        };
      },
    };
    const handle = () => (begun.resolve(), new Promise(() => {}));
    const house = await openHouse(framework, "uphance", { clock, backend, handle });
    const answering = house.deliver(ticket);
    await begun.promise;
    await close(house.receiver, clock);
    expect([(await answering).status, log]).toEqual([503, ["saved", "closed"]]);
  });

  it("any.19 a delivery whose authenticator hangs is answered 503 when the receiver ends", async () => {
    const clock = countingClock();
    const asked = Promise.withResolvers<void>();
    const authenticate = () => (asked.resolve(), new Promise<boolean>(() => {}));
    const house = await openHouse(framework, "upsales", { clock, options: { authenticate } });
    const answering = house.deliver(order);
    await asked.promise;
    await close(house.receiver, clock);
    expect([(await answering).json, clock.waiting()]).toEqual([{ code: "closing" }, 0]);
  });

  it("any.19 an accepted event is given back without counting the attempt", async () => {
    const clock = manualClock();
    const backend = keptOpen(memory({ clock }));
    const options = { answerWithin: 0 };
    const handle = () => new Promise(() => {});
    const house = await openHouse(framework, "upsales", { clock, backend, handle, options });
    expect((await house.deliver(order)).status).toBe(200);
    await close(house.receiver, clock);
    const next = await openHouse(framework, "upsales", { clock, backend, handle: () => hello, options });
    await clock.advance(2_000);
    await next.receiver.idle();
    expect(next.observed).toMatchObject([
      { kind: "run", attempt: 1, outcome: "handled" },
      { kind: "post", attempt: 1, outcome: "accepted" },
    ]);
  });

  it("any.19 upsales.9 a post in flight keeps its count, since it may arrive", async () => {
    const clock = manualClock();
    const backend = keptOpen(memory({ clock }));
    const options = { answerWithin: 0 };
    let abortedAt = 0;
    const transport = (_: string, { signal }: { signal: AbortSignal }) =>
      new Promise<Response>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          abortedAt = clock.now();
          reject(signal.reason as Error);
        });
      });
    const handle = () => hello;
    const house = await openHouse(framework, "upsales", { clock, backend, handle, options, transport });
    await house.deliver(order);
    await clock.advance(0);
    expect(house.posts).toHaveLength(1);
    const closedAt = clock.now();
    await close(house.receiver, clock);
    expect(abortedAt - closedAt).toBe(1_000);
    const next = await openHouse(framework, "upsales", { clock, backend, handle, options });
    await clock.advance(2_000);
    await next.receiver.idle();
    expect(next.observed).toMatchObject([{ kind: "post", attempt: 2, outcome: "accepted" }]);
  });

  it("any.19 closing waits for what runs, and is done once, however often it is asked for", async () => {
    const clock = manualClock();
    const begun = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const handle = () => (begun.resolve(), done.promise);
    const house = await openHouse(framework, "uphance", { clock, handle });
    const answering = house.deliver(ticket);
    await begun.promise;
    const closing = house.receiver.close({ within: "10s" });
    expect(house.receiver.close()).toBe(closing);
    await clock.advance(9_000);
    done.resolve();
    expect((await answering).status).toBe(200);
    await closing;
    await house.receiver.idle();
  });

  it.each(["open", "save", "claim"] as const)(
    "any.19 a backend whose %s hangs does not keep it from closing",
    async (verb) => {
      const clock = manualClock();
      const backend = faulty(clock);
      backend.faults[verb] = "hangs";
      const house = await openHouse(framework, "uphance", { clock, backend });
      const answering = house.deliver(ticket);
      if (verb !== "open") await backend.next(verb);
      await clock.advance(2_000);
      await close(house.receiver, clock);
      expect((await answering).status).toBe(503);
    },
  );

  it.each(["throws", "hangs"])(
    "any.19 a backend whose own closing %s frees the name, with a warning at most",
    async (how) => {
      const clock = manualClock();
      const inner = memory({ clock });
      const backend: Backend = {
        ...inner,
        close: () => {
          if (how === "throws") throw new Error("no");
          return new Promise(() => {});
        },
      };
      const house = await openHouse(framework, "uphance", { clock, backend });
      await house.deliver(ticket);
      await close(house.receiver, clock);
      const next = await openHouse(framework, "uphance", { clock, backend });
      expect((await next.deliver(ticket)).status).toBe(200);
    },
  );
});

async function close(receiver: Receiver, clock: ManualClock): Promise<void> {
  const closing = receiver.close({ within: "1s" });
  await clock.advance(10_000);
  await closing;
}

/** Records outlive their receiver, as in an engine. */
function keptOpen(backend: Backend): Backend {
  return { ...backend, close: async () => {} };
}

/** Resolves when the server has read what was sent before. */
async function joined(url: string): Promise<void> {
  for (let i = 0; i < 3; i += 1) await fetch(`${url}/elsewhere`, { headers: { connection: "close" } });
}
