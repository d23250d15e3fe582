/** The options as the receiver works with them: what holds when nothing is said, and what is refused at creation. */
import { systemClock, type Clock } from "../lib/clock.ts";
import { toMs, type Duration } from "../contract/duration.ts";
import { OptionError, wholeNumber } from "../contract/option-error.ts";
import type { Provider } from "../contract/provider.ts";
import { defaultStatuses, type Statuses } from "../contract/statuses.ts";
import type { Warning } from "../contract/warning.ts";
import type { Handle, Handler } from "./handler.ts";
import type { Observation } from "./observe.ts";
import type { ReceiverOptions, Transport } from "./options.ts";
import { checkedOrder, type Order } from "./order.ts";
import { defaultTimes } from "./patience.ts";
import { lookingOn } from "./tell.ts";

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
  readonly retryForMs: number;
  readonly maxAttempts: number;
  /** Is an event acknowledged whose handler fails in time? */
  readonly acceptsFailures: boolean;
  readonly concurrency: { readonly runs: number; readonly posts: number };
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
    option: "answerWithin" | "handleWithin" | "bodyWithin" | "backendWithin" | "retention" | "retryFor",
    fallback: Duration = defaultTimes[option],
  ) => toMs(options[option] ?? fallback, option);
  const statuses: Statuses = { ...defaultStatuses, ...provider.statuses };
  const settings: Settings = {
    name: options.name ?? provider.name,
    provider,
    statuses,
    readable: new Set(Object.values(statuses)),
    handle: checkedHandle(provider, options.handle),
    answerWithinMs: ms("answerWithin", provider.answerWithin),
    answerWithinSet: options.answerWithin !== undefined,
    patienceMs: toMs(provider.patience ?? defaultTimes.patience, "patience"),
    handleWithinMs: ms("handleWithin"),
    retentionMs: ms("retention", provider.retention),
    bodyLimit: wholeNumber("bodyLimit", options.bodyLimit ?? provider.bodyLimit ?? mebibyte),
    bodyWithinMs: ms("bodyWithin"),
    backendWithinMs: ms("backendWithin"),
    callbackWithinMs: toMs(provider.callback?.within ?? defaultTimes.callbackWithin, "callback.within"),
    maxConcurrent: wholeNumber("maxConcurrent", options.maxConcurrent ?? 256),
    maxBytesInFlight: wholeNumber("maxBytesInFlight", options.maxBytesInFlight ?? 64 * mebibyte),
    retryForMs: ms("retryFor", provider.retryWindow),
    acceptsFailures: (options.onFailure ?? (provider.retries === false ? "accept" : "refuse")) === "accept",
    maxAttempts: wholeNumber("maxAttempts", options.maxAttempts ?? 8),
    concurrency: {
      runs: wholeNumber("concurrency.runs", options.concurrency?.runs ?? 16),
      posts: wholeNumber("concurrency.posts", options.concurrency?.posts ?? 16),
    },
    order: checkedOrder(options.order),
    requireHttps: options.requireHttps ?? false,
    acknowledgeMalformed: options.malformed === "acknowledge",
    background: options.background ?? true,
    transport: options.transport ?? ((url, init) => fetch(url, init)),
    observe: options.observe ?? (() => {}),
    onError: options.onError,
    warn: options.warn ? lookingOn(options.warn, warnFailed) : emitWarning,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
  checkTimes(settings);
  return settings;
}

/** The handler that `handle` has for an event type; `undefined`: nobody asked for it. */
export function handlerFor({ handle }: Settings, type: string): Handler<any, any> | undefined {
  if (typeof handle === "function") return handle;
  const named = Object.hasOwn(handle, type) ? handle[type] : undefined;
  return named ?? handle["*"];
}

function checkedHandle(provider: Provider, handle: unknown): Handle<any, any> {
  if (typeof handle === "function") return handle as Handle<any, any>;
  if (typeof handle !== "object" || handle === null)
    throw new OptionError("handle", handle ? "invalid" : "missing", "give a function, or one by event type");
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
      "0 leaves no time to handle anything; leave it out for an hour",
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

function warnFailed(): void {
  emitWarning({ code: "warn_failed", message: "the warn option threw" });
}

function emitWarning({ code, message }: Warning): void {
  process.emitWarning(message, { type: "AnswerbackWarning", code });
}
