/** Performs one scenario: puts the receiver on a stage, plays, and notes which demands were not met. */
import { OptionError } from "@answerback/core/provider";
import type { CallbackUrls } from "../callbacks/urls.ts";
import { callbackUrls } from "../callbacks/urls.ts";
import type { Clock } from "../lib/clock.ts";
import { sleep, virtualClock } from "../lib/clock.ts";
import { idOf } from "../lib/json.ts";
import { seedOf } from "../lib/random.ts";
import { passTime } from "../play/drive.ts";
import type { JournalEntry } from "../play/journal.ts";
import { play } from "../play/play.ts";
import type { PlayOptions } from "../play/scene.ts";
import { openTarget } from "../play/target.ts";
import { protocolsOf } from "../protocols/index.ts";
import type { Protocol } from "../protocols/protocol.ts";
import type { Need, Run, Scenario, Stage } from "./scenario.ts";
import type { JudgeOptions, Subject } from "./subject.ts";

/** What came of a scenario. */
export interface ScenarioResult {
  /** The demands that the receiver did not meet. */
  readonly unmet: readonly { readonly clause: string; readonly says: string }[];
  /** What was sent and seen. */
  readonly journal: readonly JournalEntry[];
}

/** What this subject lacks for a scenario; `undefined`: nothing. */
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
): Promise<ScenarioResult> {
  const clock = "build" in subject ? virtualClock() : (subject.callbacks?.clock ?? virtualClock());
  const callbacks = callbacksOf(subject, scenario, clock);
  const handler = handlerOf(scenario, clock);
  const bench = { handle: handler.handle, transport: callbacks.transport, clock };
  const target = "build" in subject ? await subject.build(bench) : subject.target;
  const { url, close } = await openTarget(target);
  const journal: JournalEntry[] = [];
  const unmet: { clause: string; says: string }[] = [];
  const stage: Stage = {
    clock,
    options,
    patienceMs: protocolIn(scenario, options).patienceMs,
    uses: callbacks.uses,
    nth: (n) => ({ seed: seedOf(options.seed ?? 1, scenario.name, n), mount: options.mount ?? "" }),
    async play(steps, more = {}) {
      const given = { callbackWithinMs: 120_000, ...playOptionsIn(options), clock, callbacks, ...more };
      const entries = await play(url, steps, given);
      journal.push(...entries);
      return entries.filter((entry) => entry.kind === "attempt");
    },
    wait: (ms) => passTime(clock, ms, options.quietMs),
    request: async (method, path) => (await fetch(new URL(path || "/", url), { method })).status,
    async runs(id) {
      const ids = "build" in subject ? handler.begun : await subject.handled?.();
      return ids && count(ids, id);
    },
    successes: (id) => ("build" in subject ? count(handler.done, id) : undefined),
    demand: (ok, says, clause = scenario.clause) => void (ok || unmet.push({ clause, says })),
  };
  try {
    await scenario.play(stage);
  } finally {
    await close();
    if ("build" in subject) await subject.close?.();
  }
  return { unmet, journal };
}

function protocolIn({ provider, protocol }: Scenario, options: JudgeOptions): Protocol {
  const known: Readonly<Record<string, Protocol>> = protocolsOf(options);
  const own = protocol ?? known[provider];
  if (own) return own;
  const cure = `give the scenarios of ${JSON.stringify(provider)} the protocol of their sender`;
  throw new OptionError("judge: scenario.provider", "unknown", cure);
}

/** What the options of the judge say of the playing. */
function playOptionsIn(options: JudgeOptions): PlayOptions {
  const names = ["upsales", "uphance", "appInbox", "postback", "quietMs"] as const;
  const given = names.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

function callbacksOf(subject: Subject, { callbackFaults }: Scenario, clock: Clock): CallbackUrls {
  if ("target" in subject && subject.callbacks) return subject.callbacks;
  return callbackUrls({ clock, ...(callbackFaults ? { faults: callbackFaults } : {}) });
}

/** The judge's handler: it does what the scenario says, and counts. */
function handlerOf(scenario: Scenario, clock: Clock) {
  const begun: string[] = [];
  const done: string[] = [];
  const handle = async (data: unknown): Promise<unknown> => {
    const id = idOf(data);
    begun.push(id);
    const run: Run = { id, ordinal: count(begun, id), sleep: (ms) => sleep(clock, ms) };
    const answer = await scenario.handle?.(run);
    done.push(id);
    return answer;
  };
  return { begun, done, handle };
}

const count = (ids: readonly string[], id: string) => ids.filter((each) => each === id).length;
