/** What a record says is left to do, and what its note says went wrong: both as JSON text. */
import type { Failure, Post } from "../../provider.ts";
import type { StoredEvent } from "./event.ts";
import { failureOf } from "../thrown.ts";

/** What is left to do with an accepted event. */
export type Work = EventWork | PostWork | MalformedWork;

/** An event to run, or one whose handler said `later()`. */
export interface EventWork {
  readonly kind: "event";
  readonly event: StoredEvent;
  /** The handler has run; `receiver.answer` brings the answer. */
  readonly later?: true | undefined;
  /** Its callback address has been used, so no run of it can post. */
  readonly spent?: true;
}

/** A callback to post. */
export interface PostWork {
  readonly kind: "post";
  readonly post: Post;
  /** Whose callback it is, in names. */
  readonly type: string;
  readonly name: string;
  /** When it became due for the first time: ms since the epoch. */
  readonly since: number;
  readonly retentionMs: number;
  /** It reports a dead letter: once it is over, this is what remains. */
  readonly dead?: { readonly event: StoredEvent; readonly error: Failure };
}

/** A body that was acknowledged, or an item of a batch, that is not the provider's. Nothing can be done but look at it. */
export interface MalformedWork {
  readonly kind: "malformed";
  readonly body: unknown;
}

/** As a record keeps it. */
export function writeWork(work: Work): string {
  return JSON.stringify(work);
}

/** As it was kept; `undefined` for what no version of ours has written. */
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
