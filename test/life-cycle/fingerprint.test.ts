/** Two processes with receivers of one name: a difference between them is told once, when a receiver starts. */
import {
  basicAuth,
  bodySecret,
  createReceiver,
  memory,
  postback,
  uphance,
  type Warning,
} from "@answerback/core";
import type { Backend, Records } from "@answerback/core/backend";
import { describe, expect, it, onTestFinished } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { two } from "./support.ts";

const day = 86_400_000;

/** Backends of any number of processes on one store, and how many verbs their receivers asked. */
function storeOf(clock: ManualClock) {
  const store = memory({ clock });
  const opened = new Map<string, Promise<Records>>();
  const asked: string[] = [];
  const open = async (name: string): Promise<Records> => {
    if (!opened.has(name)) opened.set(name, store.open(name));
    const records = await opened.get(name)!;
    const claim: Records["claim"] = (...args) => (asked.push("claim"), records.claim(...args));
    return { ...records, claim, close: async () => {} };
  };
  const process = (): Backend => ({ durable: true, address: [{}], open, close: async () => {} });
  return { process, asked };
}

/** Starts a receiver in a process of its own. Resolves to what it told of others, once it has looked. */
async function starting(
  clock: ManualClock,
  backend: Backend,
  provider: any,
  options: object,
): Promise<Warning[]> {
  const told: Warning[] = [];
  const receiver = createReceiver(provider, {
    authenticate: false,
    handle: () => undefined,
    name: "orders",
    clock,
    backend,
    warn: (warning: Warning) => warning.code === "receiver_differs" && told.push(warning),
    ...options,
  } as any);
  onTestFinished(async () => {
    const closing = receiver.close({ within: 0 });
    await clock.advance(5_000);
    await closing;
  });
  await Promise.all([receiver.ready(), clock.advance(0)]);
  return told;
}

const create = { "contact.create": () => undefined };
const both = { ...create, "contact.delete": () => undefined };
const basic = basicAuth({ username: "hook", password: "correct-horse-battery" });

it("any.10 receivers that are alike tell nothing, whatever their secrets and the order of their handlers", async () => {
  const clock = manualClock();
  const { process } = storeOf(clock);
  const other = basicAuth({ username: "other", password: "another-horse-battery" });
  const reversed = Object.fromEntries(Object.entries(both).toReversed());
  const told = [
    await starting(clock, process(), postback(), { handle: both, authenticate: basic }),
    await starting(clock, process(), postback(), { handle: reversed, authenticate: other }),
  ];
  expect(told).toEqual([[], []]);
});

it.each<[string, any, object, RegExp]>([
  [
    "the provider",
    uphance(),
    {},
    /\(provider postback there, uphance here; .*events contact\.create there, all here\)/,
  ],
  [
    "the authenticators",
    postback(),
    { handle: create, authenticate: bodySecret("key", "a-secret-of-4711") },
    /\(authentication basic there, body here\)/,
  ],
  ["that there are none", postback(), { handle: create }, /\(authentication basic there, none here\)/],
  [
    "the events",
    postback(),
    { handle: both, authenticate: basic },
    /\(events contact\.create there, contact\.create, contact\.delete here\)/,
  ],
])(
  "any.10 %s differ: told once, at the start of the later one, with the cure",
  async (_, provider, options, what) => {
    const clock = manualClock();
    const { process } = storeOf(clock);
    const first = await starting(clock, process(), postback(), { handle: create, authenticate: basic });
    const second = await starting(clock, process(), provider, options);
    expect([first.length, second.length]).toEqual([0, 1]);
    expect(second[0]!.message).toMatch(what);
    expect(second[0]!.message).toMatch(/^orders: .*give each a name of its own/);
    expect(second[0]!.message).not.toMatch(/4711|horse/);
    // the same again, as after a deployment
    expect(await starting(clock, process(), provider, options)).toEqual([]);
  },
);

it("any.10 receivers of different names tell nothing of each other", async () => {
  const clock = manualClock();
  const { process } = storeOf(clock);
  await starting(clock, process(), postback(), {});
  expect(await starting(clock, process(), uphance(), { name: "other" })).toEqual([]);
});

it("any.10 a receiver that has run for longer than the engine keeps a record is still known, and learns of the other within a day", async () => {
  const clock = manualClock();
  const { process } = storeOf(clock);
  const old = await starting(clock, process(), postback(), { background: false, handle: create });
  await clock.advance(8 * day);
  const young = await starting(clock, process(), postback(), { background: false, handle: both });
  expect([old.length, young.length]).toEqual([0, 1]);
  await clock.advance(2 * day);
  expect([old.length, young.length]).toEqual([1, 1]);
});

it("any.10 another process that looks at the same time is waited for", async () => {
  const clock = manualClock();
  const { process } = storeOf(clock);
  const slow = process();
  const { promise: saved, resolve: save } = Promise.withResolvers<void>();
  const open: Backend["open"] = async (name) => {
    const records = await slow.open(name);
    return { ...records, save: async (...args) => (await saved, records.save(...args)) };
  };
  await starting(clock, { ...slow, open }, postback(), { handle: create });
  const told = await starting(clock, process(), postback(), { handle: both });
  expect(told).toEqual([]);
  save();
  await clock.advance(1_000);
  expect(told).toHaveLength(1);
});

describe.each(two)("$name", (framework) => {
  it("any.10 a delivery does not wait for it", async () => {
    const clock = manualClock();
    const { process } = storeOf(clock);
    const backend = process();
    let looks = 0;
    const open: Backend["open"] = async (name) => {
      const records = await backend.open(name);
      const hang = () => (looks++, new Promise<never>(() => {}));
      return { ...records, claim: (...args) => (looks === 0 ? hang() : records.claim(...args)) };
    };
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: { ...backend, open },
      options: { background: false },
    });
    expect((await house.deliver(sample("uphance/pick-ticket-update"))).status).toBe(200);
    expect(looks).toBe(1);
  });

  it("any.10 a backend that no other process reaches is not asked", async () => {
    const clock = manualClock();
    const { process, asked } = storeOf(clock);
    const backend = { ...process(), address: undefined };
    const house = await openHouse(framework, "uphance", { clock, backend });
    await clock.advance(10 * day);
    await house.deliver(sample("uphance/pick-ticket-update"));
    expect(asked).toEqual(["claim"]);
  });
});
