/** Random histories, the same ones each time: whatever several holders do, in whatever order, the table holds. */
import type { About, Change } from "@answerback/core/backend";
import { play, type Command } from "./play.ts";
import { answer, error, event } from "./recipes.ts";
import { day, minute, type Suite } from "./suite.ts";

/**
 * The changes that holders save in a history: those of the table of `Change`, and some that no receiver makes. Every
 * duration is half a minute off a whole one, so that the drift of a clock decides nothing.
 */
export const changes: readonly Change[] = [
  { forMs: 1.5 * minute },
  { answer, work: event, attempts: 1, forMs: 1.5 * minute },
  { answer, work: event, attempts: 0, forMs: 0 },
  { answer, work: null, forMs: 3.5 * minute },
  { work: null, forMs: 2.5 * minute },
  { work: '"callback"', kind: "post", attempts: 1, forMs: 1.5 * minute },
  { answer, work: '"callback"', kind: "post", attempts: 0, forMs: 0 },
  { note: error, forMs: 0 },
  { note: error, forMs: 2.5 * minute, held: false },
  { answer, work: event, forMs: 5.5 * minute, held: false },
  { answer, work: event, kind: "dead", note: error, forMs: 5.5 * minute },
  { work: event, kind: "dead", note: null, forMs: 9.5 * minute },
  { kind: "dead", note: error, forMs: 3.5 * minute },
  { work: event, forMs: 0, attempts: 0 },
  { answer, work: event, kind: "paused", attempts: 0 },
  { kind: "paused" },
  { answer, work: null, forMs: 3.5 * minute, kept: event, keptForMs: 2.5 * minute },
  { answer, work: '"callback"', kind: "post", forMs: 0, kept: event, keptForMs: 9.5 * minute },
  { kept: null },
  { note: '"version 3"' },
  { attempts: 2 },
];

/** What claims in a history say of their records: something or nothing, in part the same. */
export const abouts: readonly (About | undefined)[] = [
  { name: '"one"', id: '"1"' },
  { name: '"one"', id: '"2"' },
  { name: '"other"', id: '"1"' },
  { name: null, id: null },
  undefined,
];

export function histories({ describe, law, expect, driftMs }: Suite): void {
  describe("any history of verbs goes as the table says", () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      law(`seed ${seed}`, async ({ records, advance }) => {
        // a free record may be forgotten after the longest retention given, which must be longer than the history
        const ruler = { token: "ruler", sequence: 0, leaseMs: minute };
        await records.claim("ruler", ruler);
        await records.save("ruler", { ...ruler, sequence: 1 }, { answer, work: null, forMs: 30 * day });
        const difference = await play(historyOf(seed, 300), { records, advance, driftMs });
        expect(difference).toBe(undefined);
      });
    }
  });
}

function historyOf(seed: number, length: number): Command[] {
  const upTo = randomNumbers(seed);
  const oneOf = <T>(list: readonly T[]): T => list[upTo(list.length)]!;
  const command = (): Command => {
    const [who, key] = [upTo(3), oneOf(["a", "b", "c", "d"])];
    const verb = oneOf([
      "claim",
      "claim",
      "save",
      "save",
      "save",
      "save again",
      "save late",
      "other",
    ] as const);
    if (verb === "claim")
      return {
        verb: oneOf(["claim", "claim", "claim again", "take", "take early"]),
        who,
        key,
        about: oneOf(abouts),
      };
    if (verb !== "other") return { verb, who, key, change: oneOf(changes) };
    const others: Command[] = [
      { verb: "take any", who, kind: oneOf([undefined, "run", "post"]) },
      { verb: "get", key },
      { verb: "list", limit: 1 + upTo(3), state: oneOf([undefined, "dead", "settled", "held", "due"]) },
      { verb: "list", limit: 1 + upTo(3), name: oneOf([undefined, '"one"']), id: oneOf([undefined, '"1"']) },
      { verb: "stats" },
      { verb: "erase", key },
      { verb: "wait", minutes: 1 + upTo(4) },
    ];
    return oneOf(others);
  };
  return Array.from({ length }, command);
}

/** Numbers below a bound, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}
