/** What a record keeps, as JSON text: what is left to do, and what went wrong. */
import type { Change } from "../../contract/backend.ts";
import type { Failure, Post } from "../../contract/callback-terms.ts";
import type { Settings } from "../settings.ts";
import { failureOf } from "../thrown.ts";

/** An event as it was decoded: plain JSON, and all that is needed to handle it again in another process. */
export interface StoredEvent {
  readonly type: string;
  readonly data: unknown;
  readonly params: Readonly<Record<string, string>>;
  readonly key: string;
  /** The provider's own id of what it is about. */
  readonly id?: string | undefined;
  /** What its runs and posts find the delivery by that brought it: a text of the option `instrument`. */
  readonly trace?: string | undefined;
  readonly deliveryAttempt?: number | undefined;
  readonly identity?: string | undefined;
  readonly receivedAt: number;
  readonly callbackUrl?: string | undefined;
  readonly retentionMs: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What is left to do with an accepted event. */
export type Work = EventWork | PostWork | MalformedWork;

/** An event to run a handler for, or one whose handler returned `later()`. */
export interface EventWork {
  readonly kind: "event";
  readonly event: StoredEvent;
  /** The handler has run; `receiver.answer` brings the answer. */
  readonly later?: true | undefined;
  /** The callback address has been used, so that no run can post. */
  readonly spent?: true | undefined;
  /** How many uses of the callback address were begun before the answer. Default 0. */
  readonly uses?: number | undefined;
  /** The reply that acknowledged it is known to have gone. */
  readonly replied?: true | undefined;
  /** How many of the runs that the record counts came to an end, the last of them included. Default 0. */
  readonly ended?: number | undefined;
  /** A person sent it on while its handling was paused: no pause holds it up. */
  readonly unpaused?: true | undefined;
  /** Since when it is ours to handle: ms since the epoch. Default: since the event was received. */
  readonly since?: number | undefined;
}

/** A callback to post. */
export interface PostWork {
  readonly kind: "post";
  readonly post: Post;
  /** Of the event that it is a callback of: the type, the name, the id of what it is about, and its trace. */
  readonly type: string;
  readonly name: string;
  readonly id?: string | undefined;
  readonly trace?: string | undefined;
  /** When it became due for the first time: ms since the epoch. */
  readonly since: number;
  /** When the address ends: ms since the epoch. Default: nobody knows. */
  readonly expiresAt?: number | undefined;
  /** The first attempt that the record counts was the reply, which spends no use: no provider refuses a post after it. */
  readonly inline?: true | undefined;
  /** How many uses of the address were begun before those that the record counts. Default 0. */
  readonly uses?: number | undefined;
  /** The address is good for more than one use. */
  readonly reusable?: true | undefined;
  readonly retentionMs: number;
  /** The callback reports a dead letter, which remains once it is posted. */
  readonly dead?: { readonly event: StoredEvent; readonly error: Failure; readonly reason: string };
}

/** A body that was acknowledged, or an item of a batch, that is not the provider's. People can only look at it. */
export interface MalformedWork {
  readonly kind: "malformed";
  readonly body: unknown;
}

/** The part of a change that keeps a handled event, so that people can look at it and replay it: the option `keep`. */
export function keeping({ keepMs }: Pick<Settings, "keepMs">, event: StoredEvent): Change {
  if (keepMs === undefined) return nothingKept;
  // a replay has no callback: the one use of the address is spent
  const work: EventWork = { kind: "event", event, spent: event.callbackUrl === undefined ? undefined : true };
  return { kept: JSON.stringify(work), keptForMs: keepMs };
}

const nothingKept: Change = {};

/** The part of a change that says what is left to do. */
export function toDo(work: Work): Required<Pick<Change, "work" | "kind">> {
  return { work: JSON.stringify(work), kind: work.kind === "post" ? "post" : "run" };
}

/** The part of a change that makes a record a dead letter with this error. It comes after the work, whose kind it changes. */
export function dead({ keepDeadMs }: Settings, failure: Failure): Pick<Change, "kind" | "note" | "forMs"> {
  return { kind: "dead", note: JSON.stringify(failure), forMs: keepDeadMs };
}

/** What a record says is left to do; `undefined` for a text that no version of this package has written. */
export function readWork(text: string | null): Work | undefined {
  const work = parse(text) as Work | undefined;
  return work && ["event", "post", "malformed"].includes(work.kind) ? work : undefined;
}

/** An error as a record's note. */
export function writeNote(error: unknown): string {
  return JSON.stringify(failureOf(error));
}

/** The error that a record's note tells of. */
export function readNote(note: string | null): Failure | undefined {
  const failure = parse(note) as Failure | undefined;
  return failure && typeof failure.code === "string" ? failure : undefined;
}

function parse(text: string | null): object | undefined {
  try {
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
