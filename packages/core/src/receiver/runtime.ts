/** What the rooms of one receiver share: its settings, its records, and what it has under way. */
import type { Authenticator } from "../authenticators/authenticator.ts";
import type { Backend, Records } from "../backend.ts";
import { toMs } from "../duration.ts";
import type { Provider, Warning } from "../provider.ts";
import type { Answered } from "./answered.ts";
import { authenticatorsOf } from "./authenticate.ts";
import { guardRecords } from "./guarded-records.ts";
import { toSettings, type OptionsFor, type Settings } from "./options.ts";
import { createRouter, type Router } from "./route.ts";
import { createTasks, type Tasks } from "./tasks.ts";

/** One receiver from the inside. */
export interface Runtime extends Settings {
  readonly authenticators: readonly Authenticator[];
  readonly route: Router;
  /** How long a person's reply may take: ms. */
  readonly personWithinMs: number;
  /** Every verb with its deadline. */
  readonly records: Records;
  /** Does the backend outlive this process? */
  readonly durable: boolean;
  /** What `idle` and `close` wait for. */
  readonly tasks: Tasks;
  /** Events that a delivery is being handled for here, by key. */
  readonly running: Map<string, RunningEvent>;
  /** Deliveries and bytes in the receiver's hands. */
  readonly inFlight: { deliveries: number; bytes: number };
  /** Runs and posts that workers have in hand. */
  readonly working: { runs: number; posts: number };
  /** New deliveries are refused from now on. */
  closing: boolean;
  /** Aborts what still runs when `close` has waited long enough. */
  readonly abort: AbortController;
  /** Says the same set-up warning once. */
  warnOnce(code: string, message: string): void;
}

/** An event in this process's hands, and the deliveries that wait for its answer. */
export interface RunningEvent {
  readonly answered: Promise<Answered>;
  /** How many others wait. */
  joined: number;
}

/** How long a hold lasts without a renewal. A process that died is taken over after it. */
export const leaseMs = 60_000;

/** Everything of a receiver but its way in. Throws a TypeError for a mistake in the options. */
export function createRuntime(provider: Provider, options: OptionsFor<any, any>, backend: Backend): Runtime {
  const settings = toSettings(provider, options);
  const authenticators = authenticatorsOf(options.authenticate);
  const { backendWithinMs: withinMs, clock, name } = settings;
  const said = new Set<string>();
  const runtime: Runtime = {
    ...settings,
    authenticators,
    route: createRouter(provider, authenticators.find(({ path }) => path)?.path),
    personWithinMs: settings.answerWithinMs || toMs(provider.answerWithin ?? "5s", "answerWithin"),
    records: guardRecords(backend, name, { withinMs, clock }),
    durable: backend.durable,
    tasks: createTasks(),
    running: new Map(),
    inFlight: { deliveries: 0, bytes: 0 },
    working: { runs: 0, posts: 0 },
    closing: false,
    abort: new AbortController(),
    warnOnce(code, message) {
      if (!said.has(code)) settings.warn({ code, message });
      said.add(code);
    },
  };
  for (const { code, message } of setUpWarnings(runtime, options)) runtime.warnOnce(code, message);
  return runtime;
}

function setUpWarnings(
  { name, provider, requireHttps, authenticators }: Runtime,
  { backend }: OptionsFor<any, any>,
): Warning[] {
  const warnings = authenticators.flatMap((one) => one.warnings ?? []);
  if (provider.httpsOnly && !requireHttps) {
    const message = `${name}: the provider sends to HTTPS only, and plain HTTP is let in; set requireHttps, with the framework's proxy trust where TLS ends before it`;
    warnings.push({ code: "plain_http", message });
  }
  if (!backend)
    warnings.push({
      code: "memory_forgets",
      message: `${name}: records are in memory, and a restart forgets them; hand in a durable backend`,
    });
  return warnings;
}
