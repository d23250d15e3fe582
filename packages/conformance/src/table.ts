/** The table of states as laws: what each verb makes of a record in each. */
import type { Claimed, Entry } from "@answerback/core/backend";
import type { Holder } from "./holder.ts";
import { keysOf } from "./pages.ts";
import {
  about,
  accepted,
  answer,
  dead,
  due,
  error,
  event,
  held,
  kept,
  paused,
  released,
  settled,
  waiting,
} from "./recipes.ts";
import { day, hour, minute, month, type Scene, type Suite } from "./suite.ts";

interface Line {
  /** Brings the record "key" into the state. */
  readonly make: (scene: Scene) => Promise<Holder>;
  /** What a claim is told. */
  readonly claim: Claimed;
  /** Who may take it by its key: anybody, only people (early), or nobody. */
  readonly taken: "by anybody" | "by people" | "by nobody";
  /** What `get` shows. */
  readonly get: Entry | undefined;
}

const times = { arrivedAt: 0, diedAt: null };
const nothing = {
  key: "key",
  ...about,
  ...times,
  attempts: 1,
  work: null,
  answer: null,
  note: null,
  kept: null,
};
const owed = { ...nothing, work: event, answer };

const lines: Record<string, Line> = {
  "held by a delivery": {
    make: (scene) => held(scene, "key"),
    claim: { state: "held", forMs: minute },
    taken: "by nobody",
    get: { ...nothing, state: "held", forMs: minute },
  },
  "released, so free": {
    make: (scene) => released(scene, "key"),
    claim: { state: "claimed", attempts: 2, note: error },
    taken: "by nobody",
    get: { ...nothing, state: "free", note: error, forMs: 0 },
  },
  "left behind by a process that died, so free": {
    make: (scene) => after(hour, scene, held),
    claim: { state: "claimed", attempts: 2, note: null },
    taken: "by nobody",
    get: { ...nothing, state: "free", forMs: minute - hour },
  },
  "accepted, while the handler goes on": {
    make: (scene) => accepted(scene, "key"),
    claim: { state: "settled", answer },
    taken: "by nobody",
    get: { ...owed, state: "held", forMs: minute },
  },
  "held by a worker": {
    make: async (scene) => {
      await due(scene, "key");
      const worker = scene.holder("key");
      await worker.take();
      return worker;
    },
    claim: { state: "settled", answer },
    taken: "by nobody",
    get: { ...owed, state: "held", forMs: minute },
  },
  "waiting for its next attempt": {
    make: (scene) => waiting(scene, "key"),
    claim: { state: "settled", answer },
    taken: "by people",
    get: { ...owed, state: "waiting", note: error, forMs: hour },
  },
  due: {
    make: (scene) => due(scene, "key"),
    claim: { state: "settled", answer },
    taken: "by anybody",
    get: { ...owed, state: "due", attempts: 0, forMs: 0 },
  },
  "due, because whoever had it died": {
    make: (scene) => after(hour, scene, accepted),
    claim: { state: "settled", answer },
    taken: "by anybody",
    get: { ...owed, state: "due", forMs: minute - hour },
  },
  paused: {
    make: (scene) => paused(scene, "key"),
    claim: { state: "settled", answer },
    taken: "by people",
    get: { ...owed, state: "paused", attempts: 0, note: error, forMs: minute },
  },
  "paused, long after its time": {
    make: (scene) => after(2 * month, scene, paused),
    claim: { state: "settled", answer },
    taken: "by people",
    get: { ...owed, state: "paused", attempts: 0, note: error, forMs: minute - 2 * month },
  },
  "a dead letter": {
    make: (scene) => dead(scene, "key"),
    claim: { state: "settled", answer },
    taken: "by people",
    get: { ...owed, state: "dead", note: error, forMs: month, diedAt: 0 },
  },
  "a dead letter, forgotten": {
    make: (scene) => after(2 * month, scene, dead),
    claim: { state: "claimed", attempts: 1, note: null },
    taken: "by nobody",
    get: undefined,
  },
  settled: {
    make: (scene) => settled(scene, "key"),
    claim: { state: "settled", answer },
    taken: "by nobody",
    get: { ...nothing, state: "settled", answer, note: error, forMs: day },
  },
  "settled, and its event is kept": {
    make: (scene) => kept(scene, "key"),
    claim: { state: "settled", answer },
    taken: "by people",
    get: { ...nothing, state: "settled", answer, note: error, forMs: day, kept: event },
  },
  "settled, and its event is kept no longer": {
    make: (scene) => after(2 * hour, scene, kept),
    claim: { state: "settled", answer },
    taken: "by nobody",
    get: { ...nothing, state: "settled", answer, note: error, forMs: day - 2 * hour },
  },
  forgotten: {
    make: (scene) => after(2 * day, scene, settled),
    claim: { state: "claimed", attempts: 1, note: null },
    taken: "by nobody",
    get: undefined,
  },
};

/** Of the times on the engine's clock, only whether they are there. */
function withoutTimes(seen: Entry | Claimed | undefined): unknown {
  const times = seen && "diedAt" in seen ? [typeof seen.diedAt, typeof seen.arrivedAt] : undefined;
  return { ...seen, forMs: 0, diedAt: 0, arrivedAt: 0, times };
}

const states = ["held", "free", "due", "waiting", "paused", "dead", "settled"] as const;

async function after(ms: number, scene: Scene, recipe: typeof held): Promise<Holder> {
  const holder = await recipe(scene, "key");
  await scene.advance(ms);
  return holder;
}

export function table({ describe, law, expect, expectMs }: Suite): void {
  /** Expects them to be equal, but for the ms that the clock may have run on. */
  function expectAlike(actual: Entry | Claimed | undefined, expected: Entry | Claimed | undefined): void {
    expect(withoutTimes(actual)).toEqual(withoutTimes(expected));
    if (expected && "forMs" in expected) expectMs((actual as Entry).forMs, expected.forMs);
  }

  for (const [state, { make, claim, taken, get }] of Object.entries(lines)) {
    describe(`a record that is ${state}`, () => {
      law("looks like it, and looking changes nothing", async (scene) => {
        await make(scene);
        expectAlike(await scene.records.get("key"), get);
        expectAlike(await scene.records.get("key"), get);
      });

      law(`says ${claim.state} to a claim`, async (scene) => {
        await make(scene);
        expectAlike(await scene.holder("key").claim(), claim);
      });

      law(`is taken ${taken}`, async (scene) => {
        await make(scene);
        expect((await scene.holder("key").take()) !== undefined).toBe(taken === "by anybody");
        if (taken === "by anybody") return;
        expect((await scene.holder("key").takeEarly()) !== undefined).toBe(taken === "by people");
      });

      law(`is ${get ? `listed as ${get.state}, and as nothing else` : "not listed"}`, async (scene) => {
        await make(scene);
        expect(await keysOf(scene)).toEqual(get ? ["key"] : []);
        for (const one of states)
          expect(await keysOf(scene, { state: one })).toEqual(one === get?.state ? ["key"] : []);
      });

      law(`is counted ${get ? `as ${get.state}` : "nowhere"}`, async (scene) => {
        await make(scene);
        const { counts } = await scene.records.stats(10);
        for (const one of states) expect(counts[one]).toBe(one === get?.state ? 1 : 0);
      });
    });
  }
}
