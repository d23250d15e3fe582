/** What goes wrong between a provider and its receiver: written out, or by a seeded plan. */
import {
  listOf,
  objectWith,
  OptionError,
  readOptions,
  withDefault,
  wrongKind,
  type Kind,
} from "@answerback/core/provider";
import { seed } from "../lib/numbers.ts";
import { seeded, seedOf } from "../lib/random.ts";

/** What goes wrong with one attempt. */
export type Fault =
  /** It never arrives; the provider sees a lost connection. */
  | { readonly kind: "drop request" }
  /** It arrives and is answered; the provider sees a lost connection. */
  | { readonly kind: "drop response" }
  /** The connection breaks in the middle of the body. */
  | { readonly kind: "drop connection" }
  /** The body stops in the middle; the provider hangs up when its patience ends. */
  | { readonly kind: "stall" }
  /** It is sent twice at once; the provider concludes from the answer to the first of the two. */
  | { readonly kind: "twice" }
  /** It is sent once more, `afterMs` after its answer, whatever the answer was. */
  | {
      readonly kind: "again";
      /** ms on the clock. */
      readonly afterMs: number;
    }
  /** It is sent `byMs` later than it should be, so that a later event overtakes it. */
  | {
      readonly kind: "late";
      /** ms on the clock. */
      readonly byMs: number;
    };

/** Which fault an attempt meets, `undefined` for none: `event` counts the events from 0, `attempt` from 1. */
export type FaultPlan = (at: { readonly event: number; readonly attempt: number }) => Fault | undefined;

/** What a seeded plan is made of. */
export interface SeededFaults {
  /** The same seed gives the same plan. */
  readonly seed: number;
  /** The share of attempts that go wrong: 0 to 1. Default 0.3. */
  readonly rate?: number;
  /** The faults to pick from. Default: one of each kind. */
  readonly faults?: readonly Fault[];
}

/**
 * A plan from a seed: the same events meet the same faults on every machine and in any order.
 *
 * @throws OptionError for a mistake in the options.
 * @example await play(app, events, { faults: seededFaults({ seed: 42, rate: 0.5 }) });
 */
export function seededFaults(options: SeededFaults): FaultPlan {
  const plan = readOptions("seededFaults", options, {
    seed,
    rate: withDefault(share, 0.3),
    faults: withDefault(listOf(objectWith<Fault>('a fault, such as { kind: "stall" }')), oneOfEach),
  });
  return ({ event, attempt }) => {
    const random = seeded(seedOf(plan.seed, event, attempt));
    return random.fraction() < plan.rate ? random.pick(plan.faults) : undefined;
  };
}

const share: Kind<number> = (option, value) => {
  if (typeof value !== "number") throw wrongKind(option, value, "a share from 0 to 1");
  if (value >= 0 && value <= 1) return value;
  throw new OptionError(option, "out_of_range", `${value} is no share from 0 to 1`);
};

/**
 * A plan written out: the faults of the first attempt, the second and so on, for every event.
 *
 * @example faultsInTurn("drop response", undefined, { kind: "again", afterMs: 5_000 });
 */
export function faultsInTurn(...faults: readonly (Fault | PlainFault | undefined)[]): FaultPlan {
  return ({ attempt }) => {
    const fault = faults[attempt - 1];
    return typeof fault === "string" ? { kind: fault } : fault;
  };
}

/** A fault that needs no number. */
export type PlainFault = Exclude<Fault, { kind: "again" | "late" }>["kind"];

const oneOfEach: readonly Fault[] = [
  { kind: "drop request" },
  { kind: "drop response" },
  { kind: "drop connection" },
  { kind: "stall" },
  { kind: "twice" },
  { kind: "again", afterMs: 5_000 },
  { kind: "late", byMs: 2_500 },
];
