/** The options of a receiver: what may be said, what holds when nothing is said, and what is refused at creation. */
import type { Authenticate } from "../authenticators/authenticator.ts";
import type { Backend } from "../backend.ts";
import { systemClock, type Clock } from "../clock.ts";
import { toMs, type Duration } from "../duration.ts";
import { OptionError } from "../option-error.ts";
import type { EventSpecs, Provider, Warning } from "../provider.ts";
import { defaultStatuses, type Statuses } from "../statuses.ts";
import type { AnyEvent, Complaints, Handle } from "./handler.ts";
import type { Observation } from "./observe.ts";
import { checkedOrder, type Order } from "./order.ts";

/** What `createReceiver` takes beside the provider. Every option but `authenticate` and `handle` has a default. */
export interface ReceiverOptions<Db = any> {
  /** Who may send: an authenticator, your own function, a list in which all must agree, or a written-out `false`. */
  readonly authenticate: Authenticate;
  /** Where records live. Default: `memory()`, which forgets at a restart. */
  readonly backend?: Backend<Db> | undefined;
  /** Scopes the event keys. Default: the provider's name. */
  readonly name?: string | undefined;
  /** From the arrival of the head to the acknowledgement of what is not done. 0 accepts first. @see any.11 */
  readonly answerWithin?: Duration | undefined;
  /** How long one run of the handler may take. Default `"15m"`. @see any.21 */
  readonly handleWithin?: Duration | undefined;
  /** How long an event key is remembered. @see any.10 */
  readonly retention?: Duration | undefined;
  /** The largest body, in bytes. Default 1 MiB, App Inbox 8 MiB. @see any.3 */
  readonly bodyLimit?: number | undefined;
  /** How long a body may take to arrive. Default `"10s"`. @see any.3 */
  readonly bodyWithin?: Duration | undefined;
  /** How long one verb of the backend may take. Default `"2s"`. @see any.22 */
  readonly backendWithin?: Duration | undefined;
  /** Deliveries at a time. Default 256. @see any.17 */
  readonly maxConcurrent?: number | undefined;
  /** Bytes of bodies at a time. Default 64 MiB. @see any.17 */
  readonly maxBytesInFlight?: number | undefined;
  /** Refuse plain HTTP. Default `false`, since TLS usually ends at a proxy. @see any.15 */
  readonly requireHttps?: boolean | undefined;
  /** A malformed body: refuse it, or acknowledge it and keep it as a dead letter. Default `"refuse"`. */
  readonly malformed?: "refuse" | "acknowledge" | undefined;
  /** Work what is due, from the creation on? Default `true`; `false` for a process that only answers. */
  readonly background?: boolean | undefined;
  /** Runs of an accepted event before it is a dead letter. Default 8. */
  readonly maxAttempts?: number | undefined;
  /** Posts callbacks. Default: the global `fetch`. @see upsales.17 */
  readonly transport?: Transport | undefined;
  /** One record a delivery, a run and a post. */
  readonly observe?: ((record: Observation) => void) | undefined;
  /** What a handler threw, for your error reporting. Nothing else shows it: it may carry anything. */
  readonly onError?:
    ((error: unknown, event: { readonly key: string; readonly name: string }) => void) | undefined;
  /** What works but is probably not meant so. Default: `process.emitWarning`, with `warning.code`. */
  readonly warn?: ((warning: Warning) => void) | undefined;
  /** Time, for tests. */
  readonly clock?: Clock | undefined;
  /** A number from 0 up to 1, for jitter; for tests. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The options with their handlers, typed by the provider. */
export type OptionsFor<
  Events extends EventSpecs<Events>,
  Extra extends object,
  Handling,
  Db = any,
> = ReceiverOptions<Db> & {
  /** Events of one entity one at a time, and none after a newer one. Default: no order. */
  readonly order?: Order<AnyEvent<Events, Extra>> | undefined;
  /** One function for every event, or one by event type; `"*"` has all that is not named. */
  readonly handle: Handling & Complaints<Events, Handling>;
};

/** Sends one post. `init` is a plain request; the answer is a fetch `Response`. */
export type Transport = (
  url: string,
  init: {
    readonly method: "POST";
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly redirect: "manual";
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/** The options as the receiver works with them: checked, complete, in ms. */
export interface Settings {
  readonly name: string;
  readonly provider: Provider;
  readonly statuses: Statuses;
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
  const settings: Settings = {
    name: options.name ?? provider.name,
    provider,
    statuses: { ...defaultStatuses, ...provider.statuses },
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
  return (...given) => void (async () => call(...given))().catch(failed);
}

function emitWarning({ code, message }: Warning): void {
  process.emitWarning(message, { type: "AnswerbackWarning", code });
}
