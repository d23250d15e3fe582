/** An event in the receiver's hands: what is stored of it, and what its handler sees. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { AnswerbackError } from "../../contract/errors.ts";
import type { Post } from "../../contract/callback-terms.ts";
import type { EventSpec } from "../../contract/event-spec.ts";
import type { EncodableEvent } from "../../contract/provider-view.ts";
import type { Warning } from "../../contract/warning.ts";
import { freeze } from "../../decoding/json.ts";
import { differencesOf, differing, driftIn } from "../../decoding/schema.ts";
import type { Clock } from "../../lib/clock.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import type { AnyEvent } from "../handler.ts";
import type { AuthorizedEvent } from "../options.ts";
import type { PostWork, StoredEvent } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";
import type { Terms } from "../terms.ts";
import { Thrown } from "../thrown.ts";

/** A stored event with what its provider knows of it. */
export interface LoadedEvent {
  readonly stored: StoredEvent;
  /** What the handler gets. */
  readonly view: AnyEvent<any, any>;
  /** Absent: the provider does not list the event. */
  readonly spec: EventSpec | undefined;
  /** What the provider grants it. */
  readonly terms: Terms;
}

/** Loads an event. Throws, or rejects with, `malformed` when its data is not what the provider sends. */
export function loadEvent(runtime: Runtime, stored: StoredEvent): MaybePromise<LoadedEvent> {
  const { events } = runtime.provider;
  const isListed = Object.hasOwn(events, stored.type);
  const spec: EventSpec | undefined = isListed ? events[stored.type] : undefined;
  const terms = runtime.terms(stored.type);
  const loaded = (data: unknown) => ({ stored, view: viewOf(stored, data, isListed), spec, terms });
  if (!spec?.data) return loaded(stored.data);
  const checking = validate(spec.data, stored.data, "malformed");
  const checked = (result: Result) => dataOf(runtime, { stored, spec, result });
  const data = isPromise(checking) ? checking.then(checked) : checked(checking);
  return isPromise(data) ? data.then(loaded) : loaded(data);
}

/** What observations and `authorize` say of an event. */
export function aboutEvent({ stored: { id }, view: { key, type, name } }: LoadedEvent): AuthorizedEvent {
  return { key, type, name, id };
}

/** The event as `encode` sees it. @param accepted Is it acknowledged now, and answered later? */
export function encodable({ stored, view }: LoadedEvent, accepted: boolean = false): EncodableEvent {
  return { ...view, callbackUrl: stored.callbackUrl, accepted };
}

/** What the schema makes of an answer. Throws, or rejects with, `invalid_answer`, and says where the answer went wrong. */
export function conform<Answer>(
  schema: StandardSchemaV1<unknown, Answer>,
  answer: unknown,
): MaybePromise<Answer> {
  const result = validate(schema, answer, "invalid_answer");
  const checked = (one: StandardSchemaV1.Result<Answer>) => {
    if (!one.issues) return one.value;
    throw differing("invalid_answer", differencesOf(one.issues));
  };
  return isPromise(result) ? result.then(checked) : checked(result);
}

type Result = StandardSchemaV1.Result<unknown>;

/** Data, and what the schema of their event type says of them. */
interface Checked {
  readonly stored: StoredEvent;
  readonly spec: EventSpec;
  readonly result: Result;
}

/**
 * The data as the schema gave them; where they differ from it, but not in what is sure of them, as they came.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.28 any.28}
 */
function dataOf(runtime: Runtime, { stored: { type, data }, spec, result }: Checked): MaybePromise<unknown> {
  if (!result.issues) return result.value;
  const drifted = result.issues;
  if (!spec.sure) throw differing("malformed", differencesOf(drifted));
  const handOver = ({ issues }: Result) => {
    if (issues) throw differing("malformed", differencesOf(issues));
    tellOnce(runtime, driftIn(type, differencesOf(drifted, "data")));
    return data;
  };
  const sure = validate(spec.sure, data, "malformed");
  return isPromise(sure) ? sure.then(handOver) : handOver(sure);
}

/** Tells what is known of an event, each sentence once a receiver. */
export function tellOnce({ name, warnOnce }: Runtime, warnings: readonly Warning[]): void {
  for (const { code, message } of warnings) warnOnce(code, `${name}: ${message}`, message);
}

function viewOf(stored: StoredEvent, data: unknown, isListed: boolean): LoadedEvent["view"] {
  const { type: name, extra, params, key, deliveryAttempt, identity, receivedAt } = stored;
  return Object.freeze({
    ...freeze(extra),
    type: isListed ? name : "*",
    name,
    data: freeze(data),
    params,
    key,
    deliveryAttempt,
    identity,
    receivedAt,
    callback: stored.callbackUrl !== undefined,
  });
}

/** A schema that throws has said nothing about data. An answer can be the reason itself, by a getter that throws. */
function validate<Value>(
  schema: StandardSchemaV1<unknown, Value>,
  value: unknown,
  code: "malformed" | "invalid_answer",
): MaybePromise<StandardSchemaV1.Result<Value>> {
  const failed = (cause: unknown): never => {
    if (code === "malformed") throw new Thrown("a schema", cause);
    throw new AnswerbackError(code, "the answer cannot be read: its schema threw", { cause });
  };
  try {
    const result = schema["~standard"].validate(value);
    return isPromise(result) ? Promise.resolve(result).catch(failed) : result;
  } catch (cause) {
    return failed(cause);
  }
}

/** The work of posting a callback of this event. @param uses How often its address was used before. */
export function postWork(
  { clock }: { readonly clock: Clock },
  { view: { type, name }, stored: { id, trace, receivedAt, retentionMs }, terms }: LoadedEvent,
  { post, uses }: { readonly post: Post; readonly uses?: number | undefined },
): PostWork {
  const { expiresMs = Infinity, uses: allowed = 1 } = terms.address ?? {};
  return {
    kind: "post",
    post,
    type,
    name,
    id,
    trace,
    since: clock.now(),
    expiresAt: expiresMs === Infinity ? undefined : receivedAt + expiresMs,
    uses: uses || undefined,
    reusable: allowed > 1 ? true : undefined,
    retentionMs,
  };
}
