/** The options of a receiver: what may be said. */
import type { Authenticate } from "../authenticators/authenticator.ts";
import type { Backend } from "../backend.ts";
import type { Clock } from "../clock.ts";
import type { Duration } from "../duration.ts";
import type { EventSpecs, Warning } from "../provider.ts";
import type { AnyEvent, Complaints } from "./handler.ts";
import type { Observation } from "./observe.ts";
import type { Order } from "./order.ts";

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
