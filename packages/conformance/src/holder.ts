/** A holder: it claims, takes and saves one record under one token, and numbers its saves. */
import { randomUUID } from "node:crypto";
import type { About, Change, Claimed, LeaseToken, Records, Taken } from "@answerback/core/backend";

/** The verbs on one record under one token. */
export interface Holder {
  readonly token: string;
  claim(about?: About): Promise<Claimed>;
  take(): Promise<Taken | undefined>;
  takeEarly(): Promise<Taken | undefined>;
  /** Takes the record that has been due longest, which is the one that it saves from then on. */
  takeAny(): Promise<Taken | undefined>;
  /** Saves under the next sequence number. */
  save(change: Change): Promise<boolean>;
  /** Saves under any sequence number. */
  saveAs(sequence: number, change: Change): Promise<boolean>;
}

/** A holder under a fresh token, with a lease of a minute unless said otherwise. */
export function holderOf(records: Records, key: string, leaseMs: number = 60_000): Holder {
  const token: string = randomUUID();
  const lease = (sequence: number): LeaseToken => ({ token, sequence, leaseMs });
  let held = key;
  let last = 0;

  return {
    token,
    claim: async (about) => records.claim(held, lease(0), about),
    take: async () => records.take(lease(0), { key: held }),
    takeEarly: async () => records.take(lease(0), { key: held, early: true }),
    async takeAny() {
      const taken = await records.take(lease(0));
      held = taken?.key ?? held;
      return taken;
    },
    save: async (change) => records.save(held, lease(++last), change),
    saveAs: async (sequence, change) => records.save(held, lease(sequence), change),
  };
}
