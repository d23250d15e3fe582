/** The transaction that a handler's own writes and the saves at the end of its run share, where the backend has one. */
import type { Saving } from "../../backend.ts";
import { AnswerbackError } from "../../errors.ts";
import type { GuardedRecords } from "./guarded-records.ts";

/** A transaction of one run: written in, closed, then committed or rolled back. It begins with the first write. */
export interface Transaction {
  /** What a handler calls. A write that throws dooms the run, whoever catches it. */
  write<Result>(work: (db: any) => Result | Promise<Result>): Promise<Result>;
  /** Nothing is written from now on. Has anything been? */
  close(): boolean;
  /**
   * Ends it with these saves. False: one was not ours any more, and nothing is left. Rejects with a `RolledBack` where
   * nothing is left, and with anything else where nobody knows.
   */
  commit(saves: readonly Saving[]): Promise<boolean>;
  /** Ends it with nothing. */
  rollBack(reason: unknown): Promise<void>;
}

/** What a transaction wrote was refused, or was not all: the run has failed, and nothing is left of it. */
export class RolledBack extends AnswerbackError {
  constructor(cause: unknown) {
    super("failed", cause instanceof Error ? cause.message : "the transaction was rolled back", { cause });
  }
}

/** A transaction that has begun. */
interface Begun {
  readonly db: Promise<unknown>;
  readonly outcome: Promise<boolean>;
  /** How it is to end. */
  readonly ending: PromiseWithResolvers<readonly Saving[]>;
}

/** A transaction that nobody has begun. */
export function createTransaction(records: GuardedRecords): Transaction {
  let begun: Begun | undefined;
  let writing = 0;
  let isOver = false;

  function end(reason: unknown): void {
    begun?.ending.reject(new RolledBack(reason));
  }

  return {
    close() {
      isOver = true;
      return begun !== undefined;
    },
    async write(work) {
      if (isOver) throw new AnswerbackError("failed", "transaction() was called after the run was over");
      writing += 1;
      try {
        begun ??= begin(records);
        return await work(await begun.db);
      } catch (error) {
        end(error);
        throw error;
      } finally {
        writing -= 1;
      }
    },
    async commit(saves) {
      if (writing > 0) end(new Error("the handler ended before its transaction(): await it"));
      begun?.ending.resolve(saves);
      return (await begun?.outcome) ?? true;
    },
    async rollBack(reason) {
      end(reason);
      await begun?.outcome.catch(() => {});
    },
  };
}

function begin(records: GuardedRecords): Begun {
  const ending = Promise.withResolvers<readonly Saving[]>();
  ending.promise.catch(() => {});
  const db = Promise.withResolvers<unknown>();
  const outcome = records.run((given) => {
    db.resolve(given);
    return ending.promise;
  });
  outcome.catch(db.reject);
  return { db: db.promise, outcome, ending };
}
