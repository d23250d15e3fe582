/** The stage of one scenario: the receiver on it, what its handler did, and what was found wanting. */
import type { CallbackUrls, CallbackUse } from "../callback-urls.ts";
import { callbackUrls } from "../callback-urls.ts";
import type { Clock } from "../clock.ts";
import { passTime, virtualClock } from "../clock.ts";
import type { BuildOptions, RawDelivery } from "../deliveries/delivery.ts";
import type { CallbackFaultPlan } from "../faults.ts";
import { idOf } from "../json.ts";
import type { AttemptEntry, JournalEntry } from "../journal.ts";
import type { Step } from "../play.ts";
import type { PlayOptions } from "../scene.ts";
import { play } from "../play.ts";
import { protocols } from "../protocols/index.ts";
import { seedOf } from "../random.ts";
import { openTarget } from "../target.ts";
import type { Need, Run, Scenario } from "./scenario.ts";
import type { JudgeOptions } from "./judge.ts";
import type { Subject } from "./subject.ts";

/** What a scenario plays on. */
export interface Stage {
  readonly clock: Clock;
  readonly options: JudgeOptions;
  /** How long the provider waits: ms. */
  readonly patienceMs: number;
  /** Everything that reached a callbackUrl, or was meant to. */
  readonly uses: readonly CallbackUse[];
  /** The options of the `n`th delivery of this scenario: a seed of its own, the mount. */
  nth(n: number): BuildOptions & { readonly seed: number };
  /** Plays events at the receiver; resolves to their attempts, in the order in which they were concluded. */
  play(steps: Step | readonly Step[], options?: PlayOptions): Promise<AttemptEntry[]>;
  /** Lets so many ms go by. */
  wait(ms: number): Promise<void>;
  /** A request that is no delivery. Resolves to its status. */
  request(method: string, path: string): Promise<number>;
  /** How often the handler began for this id; `undefined`: nobody says. */
  runs(id: string): Promise<number | undefined>;
  /** How often it succeeded; `undefined`: nobody says. */
  successes(id: string): number | undefined;
  /** Unless `ok`, the receiver is found wanting: a sentence with the receiver as its subject. */
  demand(ok: boolean, says: string, clause?: string): void;
}

/** What came of a scenario. */
export interface StageEnd {
  readonly wants: readonly { readonly clause: string; readonly says: string }[];
  readonly journal: readonly JournalEntry[];
}

/** What this subject lacks for a scenario. */
export function lacks(subject: Subject, scenario: Scenario, options: JudgeOptions): Need | undefined {
  const has: Record<Need, boolean> = {
    handler: "build" in subject,
    callbacks: "build" in subject || subject.callbacks !== undefined,
    credentials: options.credentials !== undefined,
    secret: options.secret !== undefined,
    authenticationKey: options.authenticationKey !== undefined,
  };
  const needs: readonly Need[] = [
    ...(scenario.handle ? (["handler"] as const) : []),
    ...(scenario.needs ?? []),
  ];
  return needs.find((need) => !has[need]);
}

/** Plays one scenario on a stage of its own. */
export async function perform(
  subject: Subject,
  scenario: Scenario,
  options: JudgeOptions,
): Promise<StageEnd> {
  const clock = "build" in subject ? virtualClock() : (subject.callbacks?.clock ?? virtualClock());
  const callbacks = callbacksOf(subject, clock, scenario.callbackFaults);
  const handler = handlerOf(scenario, clock);
  const bench = { handle: handler.handle, transport: callbacks.transport, clock };
  const target = "build" in subject ? await subject.build(bench) : subject.target;
  const { url, close } = await openTarget(target);
  const journal: JournalEntry[] = [];
  const wants: { clause: string; says: string }[] = [];
  const playHere = async (steps: Step | readonly Step[], more: PlayOptions = {}) => {
    const lines = await play(url, steps, {
      callbackWithinMs: 120_000,
      ...options,
      clock,
      callbacks,
      ...more,
    });
    journal.push(...lines);
    return lines.filter((line) => line.kind === "attempt");
  };
  const stage: Stage = {
    clock,
    options,
    patienceMs: protocols(options)[scenario.provider].patienceMs,
    uses: callbacks.uses,
    nth: (n) => ({ seed: seedOf(options.seed ?? 1, scenario.name, n), mount: options.mount ?? "" }),
    play: playHere,
    wait: (ms) => passTime(clock, ms, options.quietMs),
    request: async (method, path) => (await fetch(new URL(path || "/", url), { method })).status,
    runs: async (id) => ("build" in subject ? handler.runs(id) : count(await subject.handled?.(), id)),
    successes: (id) => ("build" in subject ? handler.successes(id) : undefined),
    demand: (ok, says, clause = scenario.clause) => void (ok || wants.push({ clause, says })),
  };
  try {
    await scenario.play(stage);
  } finally {
    await close();
    if ("build" in subject) await subject.close?.();
  }
  return { wants, journal };
}

function callbacksOf(subject: Subject, clock: Clock, faults: CallbackFaultPlan | undefined): CallbackUrls {
  if ("target" in subject && subject.callbacks) return subject.callbacks;
  return callbackUrls({ clock, ...(faults ? { faults } : {}) });
}

/** The judge's handler: it does what the scenario says, and counts. */
function handlerOf(scenario: Scenario, clock: Clock) {
  const begun: string[] = [];
  const done: string[] = [];
  return {
    runs: (id: string) => begun.filter((each) => each === id).length,
    successes: (id: string) => done.filter((each) => each === id).length,
    handle: async (data: unknown): Promise<unknown> => {
      const id = idOf(data);
      begun.push(id);
      const run: Run = {
        id,
        ordinal: begun.filter((each) => each === id).length,
        sleep: (ms) => new Promise((resolve) => void clock.after(ms, resolve)),
      };
      const answer = await scenario.handle?.(run);
      done.push(id);
      return answer;
    },
  };
}

const count = (ids: readonly string[] | undefined, id: string) => ids?.filter((each) => each === id).length;

/** The delivery with other headers. */
export function withHeaders(delivery: RawDelivery, headers: Readonly<Record<string, string>>): RawDelivery {
  return { ...delivery, headers: { ...delivery.headers, ...headers } };
}
