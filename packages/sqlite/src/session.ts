/** What the verbs of one receiver work on. */
import type { Clock } from "@answerback/core/backend";
import type { Lists } from "./lists.ts";
import type { Queue } from "./queue.ts";
import type { Statements } from "./statements.ts";

/** An open receiver in an open file. */
export interface Session {
  /** The prepared statements of the file. */
  readonly statements: Statements;
  /** What people look for in the file. */
  readonly lists: Lists;
  /** What is written goes through it, into the next commit. */
  readonly queue: Queue;
  /** Removes some of what was forgotten, or was kept for its time, where it is time to. */
  readonly sweepIfTime: () => void;
  /** The clock that `until` is on. */
  readonly clock: Clock;
  /** The receiver's number in the file. */
  readonly receiver: number;
  /** The longest retention that was ever given, as the file knows it: ms. */
  readonly lingerMs: number;
}
