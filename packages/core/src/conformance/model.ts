/** The contract as a model: the table and the verbs in the fewest words, for one clock and no limits. */
import type { Change, Claimed, Entry, HoldToken, Records, Taken } from "../backend.ts";

interface Modelled {
  readonly key: string;
  attempts: number;
  work: string | null;
  answer: string | null;
  note: string | null;
  /** Infinity: never. */
  until: number;
  token: string;
  step: number;
  held: boolean;
}

/** The verbs that the model has. */
export type Verbs = Pick<Records, "claim" | "take" | "save" | "get" | "dead">;

/** What the verbs must do. */
export class Model implements Verbs {
  now = 0;
  readonly #all = new Map<string, Modelled>();

  async claim(key: string, hold: HoldToken): Promise<Claimed> {
    const record = this.#find(key);
    if (record?.token === hold.token)
      return { state: "claimed", attempts: record.attempts, note: record.note };
    if (record && (record.work !== null || record.answer !== null || record.until > this.now)) {
      if (record.answer !== null) return { state: "settled", answer: record.answer };
      return { state: "held", forMs: record.until === Infinity ? 0 : Math.max(0, record.until - this.now) };
    }
    const { attempts, note } = this.#hand(record ?? this.#add(key), hold);
    return { state: "claimed", attempts, note };
  }

  async take(hold: HoldToken, from?: { key: string; early?: boolean }): Promise<Taken | undefined> {
    const isOwed = (record: Modelled) => record.work !== null && (!from || record.key === from.key);
    const isThere = (record: Modelled) => record.until <= this.now || (from?.early && !this.#isHeld(record));
    const [record] = [...this.#all.values()]
      .filter((one) => isOwed(one) && isThere(one))
      .toSorted((a, b) => a.until - b.until);
    if (!record) return undefined;
    const { key, attempts, answer, note } = this.#hand(record, hold);
    return { key, attempts, work: record.work!, answer, note };
  }

  async save(key: string, hold: HoldToken, change: Change): Promise<boolean> {
    const record = this.#find(key);
    if (!record || record.token !== hold.token || record.step > hold.step) return false;
    if (record.step === hold.step) return true;
    const { forMs, ...rest } = change;
    Object.assign(record, rest, { step: hold.step });
    if (forMs !== undefined) record.until = forMs === null ? Infinity : this.now + forMs;
    return true;
  }

  async get(key: string): Promise<Entry | undefined> {
    const record = this.#find(key);
    return record && this.#entry(record);
  }

  async dead({ limit, after = "" }: { limit: number; after?: string | undefined }): Promise<Entry[]> {
    const isDead = ({ key, work, until }: Modelled) => work !== null && until === Infinity && key > after;
    const records = [...this.#all.values()].filter(isDead).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return records.slice(0, limit).map((record) => this.#entry(record));
  }

  #find(key: string): Modelled | undefined {
    const record = this.#all.get(key);
    const isForgotten = record && record.answer !== null && record.work === null && record.until <= this.now;
    return isForgotten ? undefined : record;
  }

  #add(key: string): Modelled {
    const none = { work: null, answer: null, note: null };
    const record = { key, attempts: 0, ...none, until: 0, token: "", step: 0, held: false };
    this.#all.set(key, record);
    return record;
  }

  #hand(record: Modelled, { token, step, leaseMs }: HoldToken): Modelled {
    return Object.assign(record, {
      token,
      step,
      held: true,
      until: this.now + leaseMs,
      attempts: record.attempts + 1,
    });
  }

  #isHeld({ held, work, answer, until }: Modelled): boolean {
    return held && until > this.now && until !== Infinity && (work !== null || answer === null);
  }

  #entry(record: Modelled): Entry {
    const { key, attempts, work, answer, note, until } = record;
    const forMs = until === Infinity ? null : until - this.now;
    return { key, attempts, work, answer, note, forMs, held: this.#isHeld(record) };
  }
}
