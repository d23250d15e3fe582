/** The transaction that a handler's own writes and the saves at the end of its run share, where the backend has one. */
import type { Saving } from "../../backend.ts";
import { AnswerbackError } from "../../errors.ts";
import type { GuardedRecords } from "./guarded-records.ts";

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

/** A transaction of one run: written in, closed, then committed or rolled back. It begins with the first write. */
export class Transaction {
  readonly #records: GuardedRecords;
  #begun: Begun | undefined;
  #writing = 0;
  #isOver = false;

  constructor(records: GuardedRecords) {
    this.#records = records;
  }

  /** What a handler calls. A write that throws dooms the run, whoever catches it. */
  async write<Result>(work: (db: any) => Result | Promise<Result>): Promise<Result> {
    if (this.#isOver) throw new AnswerbackError("failed", "transaction() was called after the run was over");
    this.#writing += 1;
    try {
      this.#begun ??= begin(this.#records);
      return await work(await this.#begun.db);
    } catch (error) {
      this.#end(error);
      throw error;
    } finally {
      this.#writing -= 1;
    }
  }

  /** Nothing is written from now on. Has anything been? */
  close(): boolean {
    this.#isOver = true;
    return this.#begun !== undefined;
  }

  /**
   * Ends it with these saves. False: one was not ours any more, and nothing is left. Rejects with a `RolledBack` where
   * nothing is left, and with anything else where nobody knows.
   */
  async commit(saves: readonly Saving[]): Promise<boolean> {
    if (this.#writing > 0) this.#end(new Error("the handler ended before its transaction(): await it"));
    this.#begun?.ending.resolve(saves);
    return (await this.#begun?.outcome) ?? true;
  }

  /** Ends it with nothing. */
  async rollBack(reason: unknown): Promise<void> {
    this.#end(reason);
    await this.#begun?.outcome.catch(() => {});
  }

  #end(reason: unknown): void {
    this.#begun?.ending.reject(new RolledBack(reason));
  }
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
