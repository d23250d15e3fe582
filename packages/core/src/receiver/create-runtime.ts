/** Making a runtime: the options checked, the authenticators in order, the records behind their deadlines. */
import { randomUUID } from "node:crypto";
import type { Backend } from "../contract/backend.ts";
import { toMs } from "../contract/duration.ts";
import type { Provider } from "../contract/provider.ts";
import type { Warning } from "../contract/warning.ts";
import { Cancellation } from "../lib/cancellation.ts";
import { authenticatorsOf } from "./delivery/authenticate.ts";
import { createRouter } from "./delivery/route.ts";
import type { OptionsFor } from "./options.ts";
import { defaultTimes, mayAccept, waitMs } from "./patience.ts";
import { guardRecords } from "./record/guarded-records.ts";
import type { Runtime } from "./runtime.ts";
import { toSettings, type Settings } from "./settings.ts";
import { createTasks } from "./tasks.ts";
import { createTell, lookingOn, type Tell } from "./tell.ts";
import { Thrown } from "./thrown.ts";

/** Everything of a receiver but its way in. Throws an OptionError for a mistake in the options. */
export function createRuntime(
  provider: Provider,
  options: OptionsFor<any, any, any>,
  backend: Backend<any>,
): Runtime {
  const settings = toSettings(provider, options);
  const authenticators = authenticatorsOf(options.authenticate);
  const { backendWithinMs: withinMs, clock, name } = settings;
  const { durable } = backend;
  const acceptsLate = mayAccept({ ...settings, durable, retries: provider.retries !== false });
  const warned = new Set<string>();
  const tell = tellOf(settings);
  const runtime: Runtime = {
    ...settings,
    tell,
    observe: lookingOn(settings.observe, (cause) => tell(new Thrown("observe", cause), { stage: "observe" })),
    authenticators,
    route: createRouter(provider, authenticators.find(({ path }) => path)?.path),
    records: guardRecords(backend, name, { withinMs, clock }),
    durable,
    acceptsLate,
    waitMs: waitMs(acceptsLate, settings),
    // whoever accepts first, with `answerWithin: 0`, cannot do so while somebody waits at a screen
    interactiveWithinMs:
      settings.answerWithinMs || toMs(provider.answerWithin ?? defaultTimes.answerWithin, "answerWithin"),
    newToken: createTokens(),
    tasks: createTasks(),
    running: new Map(),
    entityQueues: new Map(),
    inFlight: { deliveries: 0, bytes: 0 },
    isClosing: false,
    shutdown: new Cancellation(),
    warnOnce(code, message) {
      if (!warned.has(code)) settings.warn({ code, message });
      warned.add(code);
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
  { name, provider, requireHttps, authenticators }: Runtime,
  { backend }: OptionsFor<any, any, any>,
): Warning[] {
  const warnings = authenticators.flatMap((authenticator) => authenticator.warnings ?? []);
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
