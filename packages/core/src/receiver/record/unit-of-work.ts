/** What is written at the end of a run, all or nothing: the step of its event, its entity's version, the handler's own writes. */
import type { Change, Entry, Saving } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { MaybePromise } from "../../lib/maybe-promise.ts";
import { sleep, timedOut, withTimeout } from "../../lib/timeout.ts";
import { times } from "../patience.ts";
import type { Runtime } from "../runtime.ts";
import type { EntityLock } from "./entity-lock.ts";
import type { Lease } from "./lease.ts";

/** The unit was rolled back: the run has failed, and nothing of it is left. */
export class RolledBack extends AnswerbackError {
  constructor(cause: unknown) {
    super("failed", cause instanceof Error ? cause.message : "the transaction was rolled back", { cause });
  }
}

/** A transaction of the backend that has begun. */
interface Transaction {
  readonly db: Promise<unknown>;
  /** Was it committed? */
  readonly outcome: Promise<boolean>;
  /** Resolves with the saves to end it with; rejects to end it with nothing. */
  readonly ending: PromiseWithResolvers<readonly Saving[]>;
}

/** The unit of one run. The handler writes in it; it is closed when the run ends, then committed or rolled back, once. */
export class UnitOfWork {
  readonly #runtime: Runtime;
  readonly #lease: Lease | undefined;
  #lock: EntityLock | undefined;
  /** Begins with the handler's first write. */
  #transaction: Transaction | undefined;
  #writesUnderWay = 0;
  #isClosed = false;
  #isOver = false;

  /** @param lease Ours on the event's record; absent where nothing was claimed. */
  constructor(runtime: Runtime, lease?: Lease) {
    this.#runtime = runtime;
    this.#lease = lease;
  }

  /** The lock on the event's entity is released with the unit. */
  join(lock: EntityLock): void {
    this.#lock = lock;
  }

  /** What a handler calls as `transaction`. A write that throws dooms the run, whoever catches it. */
  async write<Result>(work: (db: any) => Result | Promise<Result>): Promise<Result> {
    if (this.#isClosed)
      throw new AnswerbackError("failed", "transaction() was called after the run was over");
    this.#writesUnderWay += 1;
    try {
      this.#transaction ??= begin(this.#runtime);
      return await work(await this.#transaction.db);
    } catch (error) {
      this.#doom(error);
      throw error;
    } finally {
      this.#writesUnderWay -= 1;
    }
  }

  /** The run is over: nobody writes in the unit any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** Has the handler written in it? */
  get hasWrites(): boolean {
    return this.#transaction !== undefined;
  }

  /**
   * Ends the unit with this change of the event's record. `false`: the record is no longer ours, and nothing is left.
   * Rejects with {@link RolledBack} where the transaction was refused, and nothing is left; with anything else only
   * when the receiver closes before the backend said yes or no.
   */
  commit(change: Change): MaybePromise<boolean> {
    this.#isOver = true;
    if (this.#transaction) return this.#commitTogether(change);
    if (this.#lock) return this.#commitVersionFirst(this.#lock, change);
    return this.#lease!.saveUntilKnown(change);
  }

  /** Ends the unit of a run whose event has no record. Rejects with {@link RolledBack}, or where nobody knows. */
  async commitWrites(): Promise<void> {
    this.#isOver = true;
    await this.#end([]);
  }

  /** Ends the unit with nothing, unless it has ended. */
  rollback(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#transaction && !this.#lock) return;
    this.#doom(reason);
    void this.#runtime.tasks.track(
      Promise.allSettled([this.#transaction?.outcome, this.#lock?.release("failed")]),
    );
  }

  /** The version comes first: after a crash in between the event is handled again, and its version is equal. */
  async #commitVersionFirst(lock: EntityLock, change: Change): Promise<boolean> {
    return (await lock.release("handled")) && this.#lease!.saveUntilKnown(change);
  }

  async #commitTogether(change: Change): Promise<boolean> {
    const { backendWithinMs, clock, tasks } = this.#runtime;
    const lock = this.#lock;
    const saves = [...(lock ? [lock.asSaving()] : []), this.#lease!.asSaving(change)];
    try {
      // a moment longer than the deliveries wait, which are told that the backend is away
      const ours = await withTimeout(this.#end(saves), backendWithinMs + 1, clock);
      if (ours !== timedOut) return ours;
      throw new Error("the backend did not say whether it committed");
    } catch (error) {
      if (error instanceof RolledBack) throw error;
      return await this.#findOut(change, error);
    } finally {
      if (lock) void tasks.track(lock.release("failed").catch(() => false));
    }
  }

  async #end(saves: readonly Saving[]): Promise<boolean> {
    if (this.#writesUnderWay > 0)
      this.#doom(new Error("the handler ended before its transaction(): await it"));
    this.#transaction?.ending.resolve(saves);
    return (await this.#transaction?.outcome) ?? true;
  }

  /** Nobody knows whether it was committed. After an empty step of ours it either was, or never will be. */
  async #findOut(change: Change, error: unknown): Promise<boolean> {
    const lease = this.#lease!;
    if (!(await lease.saveUntilKnown({}))) return false;
    if (!isStored(await lookUp(this.#runtime, lease.key), change)) throw new RolledBack(error);
    // the lease that began with the commit may be over
    return change.forMs === times.lease ? lease.saveUntilKnown({ forMs: times.lease }) : true;
  }

  /** Ends the unit of a run that nobody has settled with nothing. */
  abandon(): void {
    // an Error takes longer to make than all the rest of a run in time
    if (!this.#isOver) this.rollback(new Error("nobody was left to settle the event"));
  }

  #doom(reason: unknown): void {
    this.#transaction?.ending.reject(new RolledBack(reason));
  }
}

function begin({ records }: Runtime): Transaction {
  const ending = Promise.withResolvers<readonly Saving[]>();
  ending.promise.catch(() => {});
  const db = Promise.withResolvers<unknown>();
  const outcome = records.run((opened) => {
    db.resolve(opened);
    return ending.promise;
  });
  outcome.catch(db.reject);
  return { db: db.promise, outcome, ending };
}

async function lookUp({ records, clock, shutdown }: Runtime, key: string): Promise<Entry | undefined> {
  for (;;) {
    try {
      return await records.get(key);
    } catch (error) {
      if (shutdown.isAborted) throw error;
      await sleep(times.lookUpAgain, clock, shutdown);
    }
  }
}

function isStored(entry: Entry | undefined, { work, answer }: Change): boolean {
  return entry?.work === work && (answer === undefined || entry?.answer === answer);
}
