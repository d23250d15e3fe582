/** The options of a receiver, and their types. */
import type { Authenticate, Signing } from "../contract/authenticator.ts";
import type { Backend } from "../contract/backend.ts";
import type { Clock } from "../lib/clock.ts";
import type { Duration } from "../contract/duration.ts";
import type { ErrorCode } from "../contract/errors.ts";
import type { Post } from "../contract/callback-terms.ts";
import type { EventSpecs } from "../contract/event-spec.ts";
import type { Transport } from "../contract/transport.ts";
import type { Warning } from "../contract/warning.ts";
import type { AnyEvent, Complaints } from "./handler.ts";
import type { Instrument } from "./instrument.ts";
import type { Observation } from "./observe.ts";
import type { Order } from "./order.ts";

/**
 * What `createReceiver` takes beside the provider. Every option but `authenticate` and `handle` has a default;
 * `authenticate` has one where the provider signs what it sends.
 */
export interface ReceiverOptions<Db = any> {
  /**
   * Who may send: an authenticator, your own function, a list in which all must agree, or `false`, which lets everybody in
   * and has to be written out. Default: the provider's own authenticator, where it has one; what is given is asked, too.
   */
  readonly authenticate?: Authenticate | undefined;
  /** Where records live. Default: `memory()`, which forgets at a restart. */
  readonly backend?: Backend<Db> | undefined;
  /** The receiver's name, which scopes the event keys. Default: the provider's name. */
  readonly name?: string | undefined;
  /**
   * How long after its head a delivery is acknowledged at the latest, while its handler goes on; below the provider's
   * patience. 0 acknowledges before the handler runs. Default: the provider's; Upsales `"25s"`, the others `"5s"`, and
   * at most half of what the provider waits.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.11 any.11}
   */
  readonly answerWithin?: Duration | undefined;
  /**
   * How long one run of the handler may take; above 0. Then its signal aborts, and the run has failed. Default `"1h"`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.21 any.21}
   */
  readonly handleWithin?: Duration | undefined;
  /**
   * How long an event key is remembered; at least as long as the provider may send an event again. Default: the
   * provider's; Upsales `"24h"`, Uphance `"72h"`, App Inbox and Postback `"7d"`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.10 any.10}
   */
  readonly retention?: Duration | undefined;
  /**
   * How long a dead letter is kept, at least as long as the retention; `"forever"`: until it is retried or discarded.
   * Default `"30d"`, or the retention where that is longer.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.26 any.26}
   */
  readonly keepDead?: Duration | "forever" | undefined;
  /**
   * How long an event that was handled is kept with its record, so that people can look at it and replay it with
   * `receiver.records.retry`; at most the retention. Default: not at all; then a payload that is handled in time is stored
   * nowhere.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.47 any.47}
   */
  readonly keep?: Duration | undefined;
  /**
   * The largest body that is read: bytes. Default 1 MiB, App Inbox 8 MiB.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.3 any.3}
   */
  readonly bodyLimit?: number | undefined;
  /**
   * How long a body may take to arrive. Default `"10s"`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.3 any.3}
   */
  readonly bodyWithin?: Duration | undefined;
  /**
   * How long one verb of the backend may take. Default `"2s"`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.22 any.22}
   */
  readonly backendWithin?: Duration | undefined;
  /**
   * How many deliveries may have their body read or be handled at a time. Default 256.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.17 any.17}
   */
  readonly maxConcurrent?: number | undefined;
  /**
   * How many bytes the bodies of these deliveries may have together. Default 64 MiB.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.17 any.17}
   */
  readonly maxBytesInFlight?: number | undefined;
  /**
   * Refuse plain HTTP. Default `false`, since TLS usually ends at a proxy.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.15 any.15}
   */
  readonly requireHttps?: boolean | undefined;
  /**
   * The public address at which it is mounted: `"https://example.com/hooks/twilio"`. Needed for a provider that signs the
   * address to which it sends. Default: not known.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.29 any.29}
   */
  readonly publicUrl?: string | undefined;
  /** Refuse a malformed body, or acknowledge it and keep it as a dead letter. Default `"refuse"`. */
  readonly malformed?: "refuse" | "acknowledge" | undefined;
  /** Does this process work due records, from the creation on? Default `true`; `false` where it only answers. */
  readonly background?: boolean | undefined;
  /**
   * How long an accepted event that fails is run again, from seconds to an hour apart, before it is a dead letter. Default:
   * as long as the provider would send it again, Uphance `"48h"`, Postback `"5d"`; `"24h"` where it would not.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.23 any.23}
   */
  readonly retryFor?: Duration | undefined;
  /**
   * How many runs of an event in a row may begin and never end, as their process ended first, before the event is a dead
   * letter. Default 8.
   */
  readonly maxAttempts?: number | undefined;
  /**
   * What becomes of an event whose handler fails for now, in time. `"accept"`: it is acknowledged, and run again by us.
   * `"refuse"`: the provider gets the status of a failure, and has to send it again. Default: `"accept"` for what
   * its provider does not send again by itself, as Upsales, GitHub and the commands of Slack; `"refuse"` for the others. A
   * wrong answer is refused in any case, as the same code would return it again, and so is what somebody waits for at a
   * screen.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.24 any.24}
   */
  readonly onFailure?: "accept" | "refuse" | undefined;
  /**
   * How many accepted events (`runs`) and how many callbacks (`posts`) this process works in the background at a time.
   * Neither kind takes the other's slots. Default 16 each.
   */
  readonly concurrency?:
    { readonly runs?: number | undefined; readonly posts?: number | undefined } | undefined;
  /**
   * Sends callbacks. Default: the global `fetch`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
   */
  readonly transport?: Transport | undefined;
  /**
   * Gives the headers that let a post in, such as `authorization`. It is asked at each send, and what it gives is stored
   * nowhere. An error means that nothing was sent, and it is tried again. Default: a post has the headers that its provider
   * gives it.
   *
   * @example
   * authorize: async ({ account }) => ({ authorization: `Bearer ${await tokenOf(account)}` }),
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.41 any.41}
   */
  readonly authorize?:
    | ((
        post: Pick<Post, "url" | "method" | "account">,
        event: AuthorizedEvent,
      ) => Record<string, string> | Promise<Record<string, string>>)
    | undefined;
  /** Gets a record of each delivery, run and post, with no secret in it. Default: no observer. */
  readonly observe?: ((record: Observation) => void) | undefined;
  /**
   * Follows each delivery, run and post from its beginning to its end: `opentelemetry()` of `@answerback/opentelemetry`. Runs
   * and posts find the delivery that brought their event, in other processes, too. Default: nobody follows.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.51 any.51}
   */
  readonly instrument?: Instrument | undefined;
  /**
   * Gets whatever went wrong, once, for your error reporting: each delivery that is not answered 2xx, and each run, answer,
   * post, schema, authenticator, observer and verb of the backend that failed. What a handler threw comes as it was
   * thrown, and may carry anything; every other error is an `AnswerbackError`, whose `cause` is what led to it. Default: a
   * warning, once a minute and code, in one sentence.
   */
  readonly onError?: ((error: unknown, facts: ErrorFacts) => void) | undefined;
  /**
   * Gets what works, but probably not as it was meant, and what the backend and its carrier tell, such as that it is back.
   * Default: `process.emitWarning`, with `warning.code`.
   */
  readonly warn?: ((warning: Warning) => void) | undefined;
  /** Time, for tests. Default: the process's clock. */
  readonly clock?: Clock | undefined;
  /** Gives a number from 0 up to 1, for jitter; for tests. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The event whose post is to be let in. */
export interface AuthorizedEvent {
  /** The event's key. */
  readonly key: string;
  /** A type that the provider lists, or `"*"`. */
  readonly type: string;
  /** The same as `type`; the provider's own name where that is `"*"`. */
  readonly name: string;
  /** The provider's own id of what the event is about; `undefined`: it has none. */
  readonly id?: string | undefined;
}

/**
 * Where something went wrong. `"handshake"`: before anything was sent. `"head"`: before the sender was known. `"authenticate"`, `"body"`, `"decode"`: on the way of
 * a delivery. `"run"`: in the handler, or in its time. `"answer"`: what the handler returned. `"post"`: a callback.
 * `"backend"`: the records, or what carries the work. `"observe"`: the option `observe` or `instrument`.
 */
export type Stage =
  | "handshake"
  | "head"
  | "authenticate"
  | "body"
  | "decode"
  | "run"
  | "answer"
  | "post"
  | "backend"
  | "observe";

/** What is known of an error beside itself, with no secret in it. */
export interface ErrorFacts {
  /** The receiver's name. */
  readonly receiver: string;
  /** Where it went wrong. */
  readonly stage: Stage;
  /** What went wrong: the code of the error, or that under which the receiver counts what a handler threw. */
  readonly code: ErrorCode;
  /** The HTTP status that the provider got for the delivery, or that it answered a post with. */
  readonly status?: number | undefined;
  /** The event's key, where the event is known. */
  readonly key?: string | undefined;
  /** The event's type, or the provider's own name for it. */
  readonly name?: string | undefined;
  /** The ordinal of the run, or of the use of the callback address, from 1. */
  readonly attempt?: number | undefined;
}

/** `authenticate` has to be given for a provider that has no authenticator of its own. */
export type Authenticating<Given> = [Given] extends [Signing]
  ? unknown
  : { readonly authenticate: Authenticate };

/** All options of a receiver: those that the provider types, `order` and `handle`, and the rest. */
export type OptionsFor<
  Events extends EventSpecs<Events>,
  Extra extends object,
  Handling,
  Db = any,
> = ReceiverOptions<Db> & {
  /** Handles the events of one entity one at a time, and none after a newer event. Default: no order. */
  readonly order?: Order<AnyEvent<Events, Extra>> | undefined;
  /** One function for every event, or a function by event type; `"*"` handles the events that have no other. */
  readonly handle: Handling & Complaints<Events, Handling>;
};
