/** Making a runtime: the options checked, the authenticators in order, the records behind their deadlines. */
import { randomUUID } from "node:crypto";
import type { Backend } from "../contract/backend.ts";
import type { Warning } from "../contract/warning.ts";
import { Cancellation } from "../lib/cancellation.ts";
import { authenticatorsOf } from "./delivery/authenticate.ts";
import { createRouter } from "./delivery/route.ts";
import type { OptionsFor } from "./options.ts";
import { compareDaily } from "./record/fingerprint.ts";
import { guardRecords } from "./record/guarded-records.ts";
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
  const tell = tellOf(settings);
  const whenOpened = () => {
    // without an address no other process can reach the records
    if (durable && backend.address) compareDaily(runtime);
  };
  const runtime: Runtime = {
    ...settings,
    tell,
    observe: lookingOn(settings.observe, (cause) => tell(new Thrown("observe", cause), { stage: "observe" })),
    authenticators,
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

/** A random text for the receiver, and a number for each token. */
function createTokens(): () => string {
  const prefix = randomUUID();
  let count = 0;
  return () => `${prefix}-${(count += 1)}`;
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
