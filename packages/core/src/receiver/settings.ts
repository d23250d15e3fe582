/** The options as the receiver works with them: what holds when nothing is said, and what is refused at creation. */
import { systemClock, type Clock } from "../clock.ts";
import { toMs, type Duration } from "../duration.ts";
import { OptionError } from "../option-error.ts";
import type { Provider, Warning } from "../provider.ts";
import { defaultStatuses, type Statuses } from "../statuses.ts";
import { isComing } from "../soon.ts";
import type { Handle } from "./handler.ts";
import type { Observation } from "./observe.ts";
import type { ReceiverOptions, Transport } from "./options.ts";
import { checkedOrder, type Order } from "./order.ts";

/** The options as the receiver works with them: checked, complete, in ms. */
export interface Settings {
  readonly name: string;
  readonly provider: Provider;
  readonly statuses: Statuses;
  /** Those of `statuses`, which the provider reads. */
  readonly readable: ReadonlySet<number>;
  readonly handle: Handle<any, any>;
  readonly answerWithinMs: number;
  /** Was `answerWithin` written out? Then even memory may acknowledge early (any.11). */
  readonly answerWithinSet: boolean;
  readonly patienceMs: number;
  readonly handleWithinMs: number;
  readonly retentionMs: number;
  readonly bodyLimit: number;
  readonly bodyWithinMs: number;
  readonly backendWithinMs: number;
  readonly callbackWithinMs: number;
  readonly maxConcurrent: number;
  readonly maxBytesInFlight: number;
  readonly maxAttempts: number;
  readonly order: Order<any> | undefined;
  readonly requireHttps: boolean;
  readonly acknowledgeMalformed: boolean;
  readonly background: boolean;
  readonly transport: Transport;
  readonly observe: (record: Observation) => void;
  readonly onError: ReceiverOptions["onError"];
  readonly warn: (warning: Warning) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

const mebibyte = 2 ** 20;

/** Checks the options and fills in what was not said. Throws an OptionError that names the option and the cure. */
export function toSettings(
  provider: Provider,
  options: ReceiverOptions & {
    readonly handle: Handle<any, any>;
    readonly order?: Order<any> | undefined;
  },
): Settings {
  const ms = (
    option: "answerWithin" | "handleWithin" | "bodyWithin" | "backendWithin" | "retention",
    otherwise: Duration,
  ) => toMs(options[option] ?? otherwise, option);
  const statuses: Statuses = { ...defaultStatuses, ...provider.statuses };
  const settings: Settings = {
    name: options.name ?? provider.name,
    provider,
    statuses,
    readable: new Set(Object.values(statuses)),
    handle: checkedHandle(provider, options.handle),
    answerWithinMs: ms("answerWithin", provider.answerWithin ?? "5s"),
    answerWithinSet: options.answerWithin !== undefined,
    patienceMs: toMs(provider.patience ?? "60s", "patience"),
    handleWithinMs: ms("handleWithin", "15m"),
    retentionMs: ms("retention", provider.retention ?? "7d"),
    bodyLimit: count("bodyLimit", options.bodyLimit ?? provider.bodyLimit ?? mebibyte),
    bodyWithinMs: ms("bodyWithin", "10s"),
    backendWithinMs: ms("backendWithin", "2s"),
    callbackWithinMs: toMs(provider.callback?.within ?? "24h", "callback.within"),
    maxConcurrent: count("maxConcurrent", options.maxConcurrent ?? 256),
    maxBytesInFlight: count("maxBytesInFlight", options.maxBytesInFlight ?? 64 * mebibyte),
    maxAttempts: count("maxAttempts", options.maxAttempts ?? 8),
    order: checkedOrder(options.order),
    requireHttps: options.requireHttps ?? false,
    acknowledgeMalformed: options.malformed === "acknowledge",
    background: options.background ?? true,
    transport: options.transport ?? ((url, init) => fetch(url, init)),
    observe: harmless("observe", options.observe ?? (() => {})),
    onError: options.onError && harmless("onError", options.onError),
    warn: options.warn ? harmless("warn", options.warn) : emitWarning,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
  checkTimes(settings);
  return settings;
}

function checkedHandle(provider: Provider, handle: unknown): Handle<any, any> {
  if (typeof handle === "function") return handle as Handle<any, any>;
  if (typeof handle !== "object" || handle === null)
    throw new OptionError("handle", "missing", "missing; give a function, or one by event type");
  for (const [type, handler] of Object.entries(handle)) {
    if (type !== "*" && !Object.hasOwn(provider.events, type)) {
      throw new OptionError(
        "handle",
        "unknown",
        `${provider.name} has no event "${type}"; it has ${Object.keys(provider.events).join(", ")}, and "*" for the rest`,
      );
    }
    if (handler !== undefined && typeof handler !== "function")
      throw new OptionError("handle", "invalid", `"${type}" is not a function`);
  }
  return handle as Handle<any, any>;
}

function checkTimes({ answerWithinMs, patienceMs, retentionMs, handleWithinMs, provider }: Settings): void {
  if (answerWithinMs >= patienceMs) {
    throw new OptionError(
      "answerWithin",
      "out_of_range",
      `must be below the ${patienceMs / 1_000} s that ${provider.name} waits; leave it out for a good one`,
    );
  }
  if (handleWithinMs === 0)
    throw new OptionError(
      "handleWithin",
      "out_of_range",
      "0 leaves no time to handle anything; leave it out for 15 min",
    );
  const window = toMs(provider.retryWindow ?? 0, "retryWindow");
  if (retentionMs < window) {
    throw new OptionError(
      "retention",
      "out_of_range",
      `must be at least the ${window / 3_600_000} h for which ${provider.name} sends an event again, or duplicates are handled twice`,
    );
  }
}

function count(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new OptionError(option, "invalid", `${value} is not a whole number above 0`);
}

/** What only looks on and throws, or rejects, is nobody's failure but its own. */
function harmless<Given extends unknown[]>(
  option: string,
  call: (...given: Given) => unknown,
): (...given: Given) => void {
  const failed = () => emitWarning({ code: `${option}_failed`, message: `the ${option} option threw` });
  return (...given) => {
    try {
      const looking = call(...given);
      if (isComing(looking)) Promise.resolve(looking).catch(failed);
    } catch {
      failed();
    }
  };
}

function emitWarning({ code, message }: Warning): void {
  process.emitWarning(message, { type: "AnswerbackWarning", code });
}
