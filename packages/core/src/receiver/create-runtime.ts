/** Making a runtime: the options checked, the authenticators in order, the records behind their deadlines. */
import { randomUUID } from "node:crypto";
import { Alarm } from "../alarm.ts";
import type { Backend } from "../backend.ts";
import { toMs } from "../duration.ts";
import type { Provider, Warning } from "../provider.ts";
import { authenticatorsOf } from "./delivery/authenticate.ts";
import { createRouter } from "./delivery/route.ts";
import type { OptionsFor } from "./options.ts";
import { toSettings } from "./settings.ts";
import { guardRecords } from "./record/guarded-records.ts";
import type { Runtime } from "./runtime.ts";
import { createTasks } from "./tasks.ts";

/** Everything of a receiver but its way in. Throws an OptionError for a mistake in the options. */
export function createRuntime(
  provider: Provider,
  options: OptionsFor<any, any, any>,
  backend: Backend<any>,
): Runtime {
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
    newToken: createTokens(),
    tasks: createTasks(),
    running: new Map(),
    queues: new Map(),
    inFlight: { deliveries: 0, bytes: 0 },
    working: { runs: 0, posts: 0 },
    closing: false,
    abandoned: new Alarm(),
    warnOnce(code, message) {
      if (!said.has(code)) settings.warn({ code, message });
      said.add(code);
    },
  };
  for (const { code, message } of setUpWarnings(runtime, options)) runtime.warnOnce(code, message);
  return runtime;
}

/** One random text for all, and a number for each. */
function createTokens(): () => string {
  const prefix = randomUUID();
  let count = 0;
  return () => `${prefix}-${(count += 1)}`;
}

function setUpWarnings(
  { name, provider, requireHttps, authenticators }: Runtime,
  { backend }: OptionsFor<any, any, any>,
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
