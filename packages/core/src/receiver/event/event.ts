/** An event in the receiver's hands: what is stored of it, and what its handler sees. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { AnswerbackError } from "../../errors.ts";
import { after, rescue, type Soon } from "../../soon.ts";
import { freeze } from "../../decoding/json.ts";
import type { EncodableEvent, EventSpec, Provider } from "../../provider.ts";
import type { AnyEvent } from "../handler.ts";

/** An event as it was decoded: plain JSON, and all that is needed to handle it again elsewhere. */
export interface StoredEvent {
  readonly type: string;
  readonly data: unknown;
  readonly params: Readonly<Record<string, string>>;
  readonly key: string;
  readonly attempt?: number | undefined;
  readonly identity?: string | undefined;
  readonly receivedAt: number;
  readonly callbackUrl?: string | undefined;
  readonly retentionMs: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A stored event with what its provider knows of it. */
export interface EventInHand {
  readonly stored: StoredEvent;
  /** What the handler gets. */
  readonly seen: AnyEvent<any, any>;
  /** Undefined: the provider does not list it. */
  readonly spec: EventSpec | undefined;
}

/** Checks the event's data. Throws, or rejects with, `malformed` when it is not what the provider sends. */
export function inHand(provider: Provider, stored: StoredEvent): Soon<EventInHand> {
  const listed = Object.hasOwn(provider.events, stored.type);
  const spec: EventSpec | undefined = listed ? provider.events[stored.type] : undefined;
  const data = spec?.data ? conform(spec.data, stored.data, "malformed") : stored.data;
  return after(data, (one) => ({ stored, seen: seenOf(stored, one, listed), spec }));
}

function seenOf(stored: StoredEvent, data: unknown, listed: boolean): EventInHand["seen"] {
  const { type: name, extra, params, key, attempt, identity, receivedAt } = stored;
  const callback = stored.callbackUrl !== undefined;
  return Object.freeze({
    ...freeze(extra),
    type: listed ? name : "*",
    name,
    data: freeze(data),
    params,
    key,
    attempt,
    identity,
    receivedAt,
    callback,
  });
}

/** The event as `encode` sees it. */
export function encodable({ stored, seen }: EventInHand): EncodableEvent {
  return { ...seen, callbackUrl: stored.callbackUrl };
}

/** What the schema makes of the value. Throws, or rejects, with `code`, and where the value went wrong. */
export function conform<Value>(
  schema: StandardSchemaV1<unknown, Value>,
  value: unknown,
  code: "malformed" | "invalid_answer",
): Soon<Value> {
  const checked = rescue(() => schema["~standard"].validate(value), noVerdict);
  return after(checked, (one) => valueOf(one, code));
}

/** A schema that throws has said nothing of the value: what it threw is no verdict, whatever it is. */
function noVerdict(cause: unknown): never {
  throw new Error("a schema threw", { cause });
}

function valueOf<Value>(
  checked: StandardSchemaV1.Result<Value>,
  code: "malformed" | "invalid_answer",
): Value {
  if (!checked.issues) return checked.value;
  throw new AnswerbackError(code, checked.issues.map(describe).join("; "));
}

function describe({ message, path = [] }: StandardSchemaV1.Issue): string {
  const where = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return where ? `${where}: ${message}` : message;
}
