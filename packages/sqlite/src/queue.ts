/** Group commit: the verbs that come in one turn of the event loop share one transaction, and so one fsync. */
import type { DatabaseSync } from "node:sqlite";
import { isBusy } from "./database.ts";
import { inTransaction } from "./transaction.ts";

/** Where verbs wait for their turn. */
export interface Queue {
  /** Runs it in the next transaction. Resolves when that is on the disk; rejects when this verb failed, and left no trace. */
  add<Value>(run: () => Value): Promise<Value>;
}

interface Verb {
  readonly run: () => unknown;
  readonly resolve: (value: any) => void;
  readonly reject: (error: unknown) => void;
  /** When we stop waiting for another process, on `performance.now()`. */
  readonly until: number;
}

/** How long a verb waits for another process's transaction: ms; below the `backendWithin` of a receiver. */
const patienceMs = 1_500;

/** A queue of transactions; `afterwards` is called after each, also one that failed. */
export function openQueue(database: DatabaseSync, afterwards: () => void): Queue {
  const groups: Verb[][] = [];
  /** The group that still takes verbs. */
  let joining: Verb[] | undefined;
  let isComing = false;

  function add<Value>(run: () => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (!joining) groups.push((joining = []));
      joining.push({ run, resolve, reject, until: performance.now() + patienceMs });
      comeBack(0);
    });
  }

  function comeBack(afterMs: number): void {
    if (isComing || groups.length === 0) return;
    isComing = true;
    if (afterMs > 0) setTimeout(commitNext, afterMs);
    else setImmediate(commitNext);
  }

  function commitNext(): void {
    isComing = false;
    const group = groups.shift()!;
    joining = undefined;
    try {
      const values = inTransaction(database, () => group.map(({ run }) => run()));
      group.forEach(({ resolve }, index) => resolve(values[index]));
    } catch (error) {
      if (isBusy(error)) return retry(group, error);
      // which of them it was is known when each has a transaction of its own
      if (group.length > 1) groups.unshift(...group.map((verb) => [verb]));
      else group[0]?.reject(error);
    }
    afterwards();
    comeBack(0);
  }

  function retry(group: readonly Verb[], error: unknown): void {
    const now = performance.now();
    const patient = group.filter(({ until }) => now < until);
    for (const verb of group) if (now >= verb.until) verb.reject(error);
    if (patient.length > 0) groups.unshift(patient);
    // not all processes at once
    comeBack(5 + 20 * Math.random());
  }

  return { add };
}
