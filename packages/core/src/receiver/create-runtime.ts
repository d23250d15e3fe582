/** Making a runtime: the options checked, the authenticators in order, the records behind their deadlines. */
import { randomUUID } from "node:crypto";
import type { Backend } from "../contract/backend.ts";
import type { Warning } from "../contract/warning.ts";
import { Cancellation } from "../lib/cancellation.ts";
import { authenticatorsOf } from "./delivery/authenticate.ts";
import { createRouter } from "./delivery/route.ts";
import { createFollow } from "./follow.ts";
import type { Observation } from "./observe.ts";
import type { OptionsFor } from "./options.ts";
import { Pauses } from "./pauses.ts";
import { compareDaily } from "./record/fingerprint.ts";
import { guardRecords } from "./record/guarded-records.ts";
import { followPauses } from "./record/paused-work.ts";
import type { Runtime } from "./runtime.ts";
import type { Settings } from "./settings.ts";
import { createTasks } from "./tasks.ts";
import { createTell, lookingOn, type Tell } from "./tell.ts";
import { termsOf } from "./terms.ts";
import { Thrown } from "./thrown.ts";

/** Everything of a receiver but its way in. Throws an OptionError for a mistake in the options. */
export function createRuntime(
  settings: Settings,
  options: OptionsFor<any, any, any>,
  backend: Backend<any>,
): Runtime {
  const { provider } = settings;
  const authenticators = authenticatorsOf(options.authenticate, settings);
  const { backendWithinMs: withinMs, clock, name, warn } = settings;
  const { durable } = backend;
  const terms = termsOf(settings, durable);
  const warned = new Set<string>();
  const watchers: Runtime["watchers"] = new Set();
  const tell = tellOf(settings);
  const observeFailed = (cause: unknown) => tell(new Thrown("observe", cause), { stage: "observe" });
  const observe = lookingOn(settings.observe, observeFailed);
  const look = lookingOn(
    (listener: (record: Observation) => void, record: Observation) => listener(record),
    observeFailed,
  );
  // without an address no other process can reach the records
  const isShared = durable && backend.address !== undefined;
  const whenOpened = () => {
    if (!isShared) return;
    compareDaily(runtime);
    void followPauses(runtime);
  };
  const runtime: Runtime = {
    ...settings,
    tell,
    observe: (record) => {
      observe(record);
      for (const { listener } of watchers) look(listener, record);
    },
    watchers,
    follow: createFollow(settings.instrument, { receiver: name, provider: provider.name, tell }),
    authenticators,
    types: Object.keys(provider.events),
    route: createRouter(provider, authenticators.find(({ path }) => path)?.path),
    records: guardRecords(backend, name, { withinMs, clock, tell, warn, whenOpened }),
    durable,
    terms,
    longestWaitMs: Math.max(...["*", ...Object.keys(provider.events)].map((type) => terms(type).waitMs)),
    newToken: createTokens(),
    tasks: createTasks(),
    running: new Map(),
    replies: new Map(),
    entityQueues: new Map(),
    pauses: new Pauses(),
    underWay: { runs: 0, posts: 0 },
    inFlight: { deliveries: 0, bytes: 0 },
    isClosing: false,
    shutdown: new Cancellation(),
    warnOnce(code, message, about = "") {
      const told = `${code} ${about}`;
      if (!warned.has(told)) settings.warn({ code, message });
      warned.add(told);
    },
  };
  for (const { code, message } of setUpWarnings(runtime, options)) runtime.warnOnce(code, message);
  return runtime;
}

function tellOf({ name: receiver, onError, warn, clock }: Settings): Tell {
  const failed = () => warn({ code: "onError_failed", message: `${receiver}: onError threw` });
  return createTell({ receiver, warn, clock, onError: onError && lookingOn(onError, failed) });
}

/** A random text for the receiver, and a number for each token. Workers have nothing random before the first request. */
function createTokens(): () => string {
  let prefix: string | undefined;
  let count = 0;
  return () => `${(prefix ??= randomUUID())}-${(count += 1)}`;
}

function setUpWarnings(
  { name, provider, authenticators }: Runtime,
  { backend, requireHttps, warn }: OptionsFor<any, any, any>,
): Warning[] {
  const warnings = authenticators.flatMap((authenticator) => authenticator.warnings ?? []);
  if (provider.httpsOnly && requireHttps === undefined) {
    const message = `${name}: the provider sends to HTTPS only, and plain HTTP is let in; set requireHttps, with the framework's proxy trust where TLS ends before it, or write out false`;
    warnings.push({ code: "plain_http", message });
  }
  if (!backend && (warn || !isTestRun()))
    warnings.push({
      code: "memory_forgets",
      message: `${name}: records are in memory, and a restart forgets them; hand in a durable backend`,
    });
  return warnings;
}

/**
 * Does a test runner run this process? What a test's receiver forgets is nobody's loss, and a suite makes hundreds of them.
 *
 * @see {@link https://vitest.dev/guide/features.html vitest}
 * @see {@link https://jestjs.io/docs/environment-variables jest}
 * @see {@link https://nodejs.org/api/test.html node:test}
 */
function isTestRun(): boolean {
  return ["VITEST", "JEST_WORKER_ID", "NODE_TEST_CONTEXT"].some((name) => process.env[name] !== undefined);
}
