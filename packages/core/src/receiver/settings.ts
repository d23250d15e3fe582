/** The options as the receiver works with them: what holds when nothing is said, and what is refused at creation. */
import { systemClock, type Clock } from "../lib/clock.ts";
import { toMs } from "../contract/duration.ts";
import {
  aBackend,
  aClock,
  aFunction,
  anything,
  duration,
  flag,
  objectWith,
  oneOf,
  optional,
  text,
  wholeNumber,
  withDefault,
  type Kind,
} from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import type { Provider } from "../contract/provider.ts";
import { partsOf, readOptions } from "../contract/read-options.ts";
import { aMountUrl } from "../contract/registration.ts";
import { statusesOf, type Statuses } from "../contract/statuses.ts";
import type { Transport } from "../contract/transport.ts";
import { emitWarning, type Warning } from "../contract/warning.ts";
import type { Handle } from "./handler.ts";
import { handlersOf } from "./handlers.ts";
import type { Instrument } from "./instrument.ts";
import type { Observation } from "./observe.ts";
import type { OptionsFor, ReceiverOptions } from "./options.ts";
import { anOrder, type Order } from "./order.ts";
import { defaultTimes, times } from "./patience.ts";
import { lookingOn } from "./tell.ts";

/** The options as the receiver works with them: checked, complete, in ms. */
export interface Settings {
  readonly name: string;
  readonly provider: Provider;
  readonly statuses: Statuses;
  /** Those of `statuses`, which the provider reads. */
  readonly readable: ReadonlySet<number>;
  readonly handle: Handle<any, any>;
  /** As it was written out. Then even memory may acknowledge early (any.11). */
  readonly answerWithinMs: number | undefined;
  readonly handleWithinMs: number;
  readonly retentionMs: number;
  /** Was `retention` written out? */
  readonly retentionSet: boolean;
  readonly keepDeadMs: number;
  /** How long a handled event is kept; `undefined`: it is not. */
  readonly keepMs: number | undefined;
  readonly bodyLimit: number;
  readonly bodyWithinMs: number;
  readonly backendWithinMs: number;
  readonly maxConcurrent: number;
  readonly maxBytesInFlight: number;
  readonly retryForMs: number;
  readonly maxAttempts: number;
  /** As it was written out. */
  readonly onFailure: "accept" | "refuse" | undefined;
  readonly concurrency: { readonly runs: number; readonly posts: number };
  readonly order: Order<any> | undefined;
  readonly requireHttps: boolean;
  readonly publicUrl: string | undefined;
  readonly acknowledgeMalformed: boolean;
  readonly background: boolean;
  readonly transport: Transport;
  /** Was `transport` given? */
  readonly transportSet: boolean;
  readonly authorize: ReceiverOptions["authorize"];
  readonly observe: (record: Observation) => void;
  readonly instrument: Instrument | undefined;
  readonly onError: ReceiverOptions["onError"];
  readonly warn: (warning: Warning) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

const mebibyte = 2 ** 20;

/** Checks the options and fills in what was not said. Throws an OptionError that names the option and the cure. */
export function toSettings(provider: Provider, options: OptionsFor<any, any, any>): Settings {
  const { answerWithin, malformed, warn, ...given } = readOptions("createReceiver", options, known(provider));
  const statuses = statusesOf(provider.statuses);
  const settings: Settings = {
    name: given.name,
    provider,
    statuses,
    readable: new Set(Object.values(statuses)),
    handle: given.handle,
    answerWithinMs: answerWithin,
    handleWithinMs: given.handleWithin,
    retentionMs: given.retention,
    retentionSet: options.retention !== undefined,
    keepDeadMs: keepDeadMs(given.keepDead, given.retention),
    keepMs: given.keep,
    bodyLimit: given.bodyLimit,
    bodyWithinMs: given.bodyWithin,
    backendWithinMs: given.backendWithin,
    maxConcurrent: given.maxConcurrent,
    maxBytesInFlight: given.maxBytesInFlight,
    retryForMs: given.retryFor,
    onFailure: given.onFailure,
    maxAttempts: given.maxAttempts,
    concurrency: given.concurrency,
    order: given.order,
    requireHttps: given.requireHttps,
    publicUrl: given.publicUrl,
    acknowledgeMalformed: malformed === "acknowledge",
    background: given.background,
    transport: given.transport,
    transportSet: options.transport !== undefined,
    authorize: given.authorize,
    observe: given.observe,
    instrument: given.instrument,
    onError: given.onError,
    warn: warn ? lookingOn(warn, warnFailed) : emitWarning,
    clock: given.clock,
    random: given.random,
  };
  checkTimes(settings);
  return settings;
}

/** Every option, with its kind and its default. */
function known(provider: Provider) {
  return {
    authenticate: anything,
    handle: handlersOf(provider),
    backend: optional(aBackend),
    name: withDefault(text, provider.name),
    answerWithin: optional(duration),
    handleWithin: withDefault(duration, defaultTimes.handleWithin),
    retention: withDefault(duration, provider.retention ?? defaultTimes.retention),
    keepDead: optional(durationOrForever),
    keep: optional(duration),
    bodyLimit: withDefault(wholeNumber, provider.bodyLimit ?? mebibyte),
    bodyWithin: withDefault(duration, defaultTimes.bodyWithin),
    backendWithin: withDefault(duration, defaultTimes.backendWithin),
    maxConcurrent: withDefault(wholeNumber, 256),
    maxBytesInFlight: withDefault(wholeNumber, 64 * mebibyte),
    retryFor: withDefault(duration, provider.retryWindow ?? defaultTimes.retryFor),
    onFailure: optional(oneOf("accept", "refuse")),
    maxAttempts: withDefault(wholeNumber, 8),
    concurrency: withDefault(
      partsOf({ runs: withDefault(wholeNumber, 16), posts: withDefault(wholeNumber, 16) }),
      {},
    ),
    order: optional(anOrder),
    requireHttps: withDefault(flag, false),
    publicUrl: optional(aMountUrl),
    malformed: withDefault(oneOf("refuse", "acknowledge"), "refuse"),
    background: withDefault(flag, true),
    transport: withDefault(aFunction, post),
    authorize: optional(aFunction),
    observe: withDefault(aFunction, () => {}),
    instrument: optional(anInstrument),
    onError: optional(aFunction),
    warn: optional(aFunction),
    clock: withDefault(aClock, systemClock),
    random: withDefault(aFunction, Math.random),
  };
}

/** Looks `fetch` up at each call, so that tests may replace it. */
const post: Transport = (url, init) => fetch(url, init);

/** What follows the work, made. */
const anInstrument = objectWith<Instrument>(
  "what follows the work, such as opentelemetry() of @answerback/opentelemetry",
  "start",
);

/** A duration, or a word for no end of it. */
const durationOrForever: Kind<number> = (option, value) =>
  value === "forever" ? times.forEver : duration(option, value);

/** A dead letter answers its duplicates, so it is kept as long as they may come. */
function keepDeadMs(given: number | undefined, retentionMs: number): number {
  if (given === undefined) return Math.max(toMs(defaultTimes.keepDead, "keepDead"), retentionMs);
  if (given >= retentionMs) return given;
  throw new OptionError(
    "keepDead",
    "out_of_range",
    `must be at least the retention, ${retentionMs / 3_600_000} h, or a duplicate of a dead letter is handled again; leave it out for 30 d`,
  );
}

function checkTimes({ retentionMs, keepMs, handleWithinMs, provider }: Settings): void {
  if (keepMs === 0) throw new OptionError("keep", "out_of_range", "0 keeps nothing; leave it out for that");
  if (keepMs !== undefined && keepMs > retentionMs) {
    throw new OptionError(
      "keep",
      "out_of_range",
      `an event is kept no longer than its key is remembered, ${retentionMs / 3_600_000} h; give retention as well`,
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
