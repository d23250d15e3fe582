/** The option `instrument`: deliveries, runs and posts are followed, through the records into other processes. */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  later,
  memory,
  type Begun,
  type Instrument,
  type Instrumented,
  type Observation,
} from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, ask } from "../support/acme.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { asTwo, faulty, two } from "./support.ts";

/** What was followed, in the order of the beginnings. */
interface Span extends Begun {
  /** The number of the span inside of which it began. */
  readonly inside: number | undefined;
  observation?: Observation | undefined;
  ended: number;
}

const here = new AsyncLocalStorage<number>();

/** An instrument that writes down what it follows; a span's trace is its number. */
function recording() {
  const spans: Span[] = [];
  const instrument: Instrument = {
    start(begun) {
      const span: Span = { ...begun, inside: here.getStore(), ended: 0 };
      const at = spans.push(span) - 1;
      return {
        trace: `${at}`,
        within: (work) => here.run(at, work),
        end(observation) {
          span.observation = observation;
          span.ended += 1;
        },
      };
    },
  };
  return { spans, instrument };
}

const short = (spans: readonly Span[]) => spans.map(({ kind, trace, ended }) => [kind, trace, ended]);

describe.each(two)("$name", (framework) => {
  const open = ({ options, ...given }: HouseOptions = {}, parts: object = {}) =>
    openHouse(framework, "upsales", {
      provider: acme(parts),
      options: { authenticate: false, ...options },
      ...given,
    });

  it("any.51 a delivery, its run and its posts are followed to their ends, with what observe gets of them", async () => {
    const { spans, instrument } = recording();
    const clock = manualClock();
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { answerWithin: 0, instrument } },
      async handle(_: unknown, { post }: any) {
        await post({ text: "half" });
        return { text: "all" };
      },
    });
    await house.deliver(ask(1));
    await house.receiver.idle();
    expect(short(spans)).toEqual([
      ["delivery", undefined, 1],
      ["run", "0", 1],
      ["post", "0", 1],
      ["post", "0", 1],
    ]);
    expect(spans.map(({ receiver, provider }) => `${receiver} ${provider}`)).toEqual(
      Array(4).fill("acme acme"),
    );
    expect(spans.map(({ host }) => host)).toEqual([
      undefined,
      undefined,
      "hooks.acme.example",
      "hooks.acme.example",
    ]);
    const seen = spans.map(({ observation }) => observation);
    expect(seen.every((one) => house.observed.includes(one!))).toBe(true);
    expect(house.observed).toHaveLength(4);
  });

  it("any.51 a handler, what it calls, and what it does after the acknowledgement are inside of its run", async () => {
    const { spans, instrument } = recording();
    const clock = manualClock();
    const inside: unknown[] = [];
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { instrument, answerWithin: "1s" } },
      async handle() {
        inside.push(here.getStore());
        await new Promise<void>((resolve) => void clock.after(2_000, resolve));
        inside.push(here.getStore());
      },
    });
    const answering = house.deliver(ask(1));
    await expect.poll(() => inside).toHaveLength(1);
    await clock.advance(1_000);
    await answering;
    await clock.advance(1_000);
    await house.receiver.idle();
    expect(inside).toEqual([1, 1]);
    expect(spans.map((span) => span.inside)).toEqual([undefined, 0]);
  });

  it("any.51 what is handled and posted in another process finds the delivery of this one", async () => {
    const clock = manualClock();
    const [one, other] = asTwo(memory({ clock }));
    const [before, after] = [recording(), recording()];
    const accepts = await open({
      ...{ clock, backend: one },
      options: { answerWithin: 0, background: false, instrument: before.instrument, name: "one" },
      handle: () => Promise.reject(new Error("not here")),
    });
    await accepts.deliver(ask(1));
    await clock.advance(70_000);
    const works = await open({
      ...{ clock, backend: other },
      options: { answerWithin: 0, instrument: after.instrument, name: "other" },
      handle: () => ({ text: "late" }),
    });
    await works.receiver.idle();
    expect(before.spans[0]).toMatchObject({ kind: "delivery", observation: { outcome: "accepted" } });
    expect(short(after.spans)).toEqual([
      ["run", "0", 1],
      ["post", "0", 1],
    ]);
  });

  it("any.51 an answer that is brought later is posted in the name of its delivery", async () => {
    const { spans, instrument } = recording();
    const house = await open({ handle: () => later(), options: { instrument } });
    await house.deliver(ask(1));
    await house.receiver.answer(house.events[0].key, { text: "half" }, { final: false });
    await house.receiver.answer(house.events[0].key, { text: "all" });
    expect(short(spans).map(([kind, trace]) => [kind, trace])).toEqual([
      ["delivery", undefined],
      ["run", "0"],
      ["post", "0"],
      ["post", "0"],
    ]);
  });

  it("any.51 each event of a list is followed in the name of the one delivery", async () => {
    const { spans, instrument } = recording();
    const decode = ({ body }: any) => body.map((id: number) => ({ type: "noted", data: {}, key: [id] }));
    const house = await open({ options: { instrument } }, { decode });
    await house.deliver({ ...ask(1), body: "[1,2]" });
    expect(short(spans)).toEqual([
      ["delivery", undefined, 1],
      ["run", "0", 1],
      ["run", "0", 1],
    ]);
  });

  it("any.51 a refused delivery ends with its refusal; one that is not ours ends with nothing", async () => {
    const { spans, instrument } = recording();
    const house = await open({ options: { instrument } });
    await house.deliver({ ...ask(1), body: "{" });
    const elsewhere = await openHouse(framework, "uphance", {
      provider: acme({ events: { asked: { path: "/asked" } } }),
      options: { instrument, name: "elsewhere" },
    });
    await elsewhere.deliver({ ...ask(1), path: "/hooks/uphance/0b6f4a3c9d1e4f7fa2c58e7d6b901234/nobodys" });
    expect(spans).toMatchObject([
      { observation: { outcome: "refused", status: 400 }, ended: 1 },
      { observation: undefined, ended: 1 },
    ]);
  });

  it("any.51 the trace is no part of the event, nor of what people see of its record", async () => {
    const { instrument } = recording();
    const house = await open({
      handle: () => Promise.reject(new Error("no")),
      options: { answerWithin: 0, instrument },
    });
    await house.deliver(ask(1));
    await expect.poll(() => house.events).toHaveLength(1);
    const [event] = house.events;
    expect(event).not.toHaveProperty("trace");
    const { data } = (await house.receiver.records.get(event.key))!;
    expect(data).toMatchObject({ type: "asked" });
    expect(data).not.toHaveProperty("trace");
  });

  it("any.51 a trace that is too long, or no text, is not stored", async () => {
    for (const trace of ["x".repeat(1_025), 5, { toString: () => "x" }] as any[]) {
      const begun: Begun[] = [];
      const instrument: Instrument = {
        start: (one) => (begun.push(one), { trace, within: (work) => work(), end: () => {} }),
      };
      const house = await open({ options: { instrument } });
      await house.deliver(ask(1));
      expect(begun.map((one) => one.trace)).toEqual([undefined, undefined]);
    }
  });

  describe("any.51 any.25 what an instrument throws fails nothing, is told, and the handler is called once", () => {
    const boom = () => {
      throw new Error("boom");
    };
    const good = { within: (work: () => void) => work(), end: () => {} };
    it.each<[string, Partial<Instrument>]>([
      ["start", { start: boom }],
      ["within, before it has called", { start: () => ({ ...good, within: boom }) }],
      ["within, after it has called", { start: () => ({ ...good, within: (work) => (work(), boom()) }) }],
      ["end", { start: () => ({ ...good, end: boom }) }],
      [
        "trace",
        {
          start: () => ({
            ...good,
            get trace() {
              return boom();
            },
          }),
        },
      ],
      ["attach", { start: () => undefined, attach: boom }],
    ])("by %s", async (_, instrument) => {
      const house = await open({ handle: () => ({ text: "Hi" }), options: { instrument } });
      expect((await house.deliver(ask(1))).json).toEqual({ text: "Hi" });
      expect(house.events).toHaveLength(1);
      expect(house.told.length).toBeGreaterThan(0);
      for (const { error, facts } of house.told)
        expect([error.message, facts.stage]).toEqual(["boom", "observe"]);
    });

    it("nor is it called twice, or not at all, by an instrument that does so", async () => {
      for (const within of [(work: () => void) => (work(), work()), () => {}]) {
        const house = await open({ options: { instrument: { start: () => ({ ...good, within }) } } });
        expect((await house.deliver(ask(1))).status).toBe(200);
        expect(house.events).toHaveLength(1);
      }
    });

    it("and what the handler throws inside of it is the handler's failure", async () => {
      const { spans, instrument } = recording();
      const handle = () => {
        throw new Error("mine");
      };
      const house = await open({ handle, options: { instrument, onFailure: "refuse" } });
      expect((await house.deliver(ask(1))).status).toBe(500);
      expect(spans).toMatchObject([
        { observation: { outcome: "failed", code: "failed" } },
        { observation: { kind: "run", outcome: "failed", reason: "the handler threw Error" } },
      ]);
    });
  });

  it("any.51 it is shown the receiver that is made with it, until that has closed", async () => {
    const attached: Instrumented[] = [];
    const heard: Observation[] = [];
    let detached = 0;
    const instrument: Instrument = {
      start: () => undefined,
      attach(receiver) {
        attached.push(receiver);
        receiver.watch((record) => heard.push(record));
        return () => void (detached += 1);
      },
    };
    const house = await open({ options: { instrument, name: "ours" } });
    await house.deliver(ask(1));
    expect(attached).toMatchObject([{ name: "ours", provider: "acme" }]);
    expect(heard).toEqual(house.observed);
    expect(await attached[0]!.records.stats()).toMatchObject({
      counts: { settled: 1 },
      dueForMs: 0,
      runs: 0,
    });
    expect(detached).toBe(0);
    await house.receiver.close();
    expect(detached).toBe(1);
  });
});
