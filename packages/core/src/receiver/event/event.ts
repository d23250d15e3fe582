/** An event in the receiver's hands: what is stored of it, and what its handler sees. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { AnswerbackError } from "../../contract/errors.ts";
import type { EncodableEvent, EventSpec, Post, Provider } from "../../contract/provider.ts";
import { freeze } from "../../decoding/json.ts";
import type { Clock } from "../../lib/clock.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import type { AnyEvent } from "../handler.ts";
import type { PostWork, StoredEvent } from "../record/stored.ts";
import { Thrown } from "../thrown.ts";

/** A stored event with what its provider knows of it. */
export interface LoadedEvent {
  readonly stored: StoredEvent;
  /** What the handler gets. */
  readonly view: AnyEvent<any, any>;
  /** Absent: the provider does not list the event. */
  readonly spec: EventSpec | undefined;
}

/** Loads an event. Throws, or rejects with, `malformed` when its data is not what the provider sends. */
export function loadEvent(provider: Provider, stored: StoredEvent): MaybePromise<LoadedEvent> {
  const isListed = Object.hasOwn(provider.events, stored.type);
  const spec: EventSpec | undefined = isListed ? provider.events[stored.type] : undefined;
  if (!spec?.data) return { stored, view: viewOf(stored, stored.data, isListed), spec };
  const data = conform(spec.data, stored.data, "malformed");
  const loaded = (value: unknown) => ({ stored, view: viewOf(stored, value, isListed), spec });
  return isPromise(data) ? data.then(loaded) : loaded(data);
}

/** The event as `encode` sees it. */
export function encodable({ stored, view }: LoadedEvent): EncodableEvent {
  return { ...view, callbackUrl: stored.callbackUrl };
}

/** What the schema makes of a value. Throws, or rejects, with `code`, and says where the value went wrong. */
export function conform<Value>(
  schema: StandardSchemaV1<unknown, Value>,
  value: unknown,
  code: "malformed" | "invalid_answer",
): MaybePromise<Value> {
  const result = validate(schema, value, code);
  return isPromise(result) ? result.then((one) => valueOf(one, code)) : valueOf(result, code);
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

function valueOf<Value>(result: StandardSchemaV1.Result<Value>, code: "malformed" | "invalid_answer"): Value {
  if (!result.issues) return result.value;
  throw new AnswerbackError(code, result.issues.map(describe).join("; "));
}

function describe({ message, path = [] }: StandardSchemaV1.Issue): string {
  const where = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return where ? `${where}: ${message}` : message;
}

/** The work of posting a callback of this event. */
export function postWork(
  { clock }: { readonly clock: Clock },
  { view, stored }: LoadedEvent,
  post: Post,
): PostWork {
  const { type, name } = view;
  return { kind: "post", post, type, name, since: clock.now(), retentionMs: stored.retentionMs };
}
