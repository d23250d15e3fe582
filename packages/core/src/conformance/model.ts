/** The contract as a model: the table and the verbs in few lines, on one clock and without limits. */
import type {
  Change,
  Claimed,
  Death,
  Entry,
  LeaseToken,
  Records,
  Taken,
  TakeOptions,
  WorkKind,
} from "../contract/backend.ts";

interface Modelled {
  readonly key: string;
  attempts: number;
  work: string | null;
  kind: WorkKind | "dead";
  answer: string | null;
  note: string | null;
  /** ms on the model's clock. */
  until: number;
  /** ms on the model's clock. It counts while there is work of kind dead. */
  diedAt: number;
  token: string;
  sequence: number;
  held: boolean;
}

/** The verbs that the model has. */
export type Verbs = Pick<Records, "claim" | "take" | "save" | "get" | "dead">;

/** Records that do what the verbs must do. */
export class Model implements Verbs {
  /** The model's clock: ms. */
  now = 0;
  readonly #all = new Map<string, Modelled>();

  async claim(key: string, lease: LeaseToken): Promise<Claimed> {
    const record = this.#find(key);
    if (record?.token === lease.token)
      return { state: "claimed", attempts: record.attempts, note: record.note };
    if (record && (record.work !== null || record.answer !== null || record.until > this.now)) {
      if (record.answer !== null) return { state: "settled", answer: record.answer };
      return { state: "held", forMs: Math.max(0, record.until - this.now) };
    }
    const { attempts, note } = this.#hand(record ?? this.#add(key), lease);
    return { state: "claimed", attempts, note };
  }

  async take(lease: LeaseToken, which: TakeOptions = {}): Promise<Taken | undefined> {
    const isAsked = ({ key, kind }: Modelled) => (which.key ?? key) === key && (which.kind ?? kind) === kind;
    const isDue = (record: Modelled) => record.until <= this.now || (which.early && !this.#isHeld(record));
    const [record] = [...this.#all.values()]
      .filter((one) => one.work !== null && !this.#isForgotten(one) && isAsked(one) && isDue(one))
      .toSorted((a, b) => a.until - b.until);
    if (!record) return undefined;
    const kind = record.kind === "dead" ? "run" : record.kind;
    const { key, attempts, answer, note } = this.#hand(Object.assign(record, { kind }), lease);
    return { key, attempts, work: record.work!, kind, answer, note };
  }

  async save(key: string, lease: LeaseToken, change: Change): Promise<boolean> {
    const record = this.#find(key);
    if (!record || record.token !== lease.token || record.sequence > lease.sequence) return false;
    if (record.sequence === lease.sequence) return true;
    const { forMs, kind = change.work ? "run" : record.kind, ...rest } = change;
    Object.assign(record, rest, { kind }, { sequence: lease.sequence });
    if (forMs !== undefined) record.until = this.now + forMs;
    if (change.kind === "dead") record.diedAt = this.now;
    return true;
  }

  async get(key: string): Promise<Entry | undefined> {
    const record = this.#find(key);
    return record && this.#entry(record);
  }

  async dead({ limit, after }: Parameters<Verbs["dead"]>[0]): Promise<Entry[]> {
    const records = [...this.#all.values()]
      .filter((one) => isDead(one) && !this.#isForgotten(one) && (!after || isNewer(after, one)))
      .toSorted((a, b) => (isNewer(a, b) ? -1 : 1));
    return records.slice(0, limit).map((record) => this.#entry(record));
  }

  #find(key: string): Modelled | undefined {
    const record = this.#all.get(key);
    return record && this.#isForgotten(record) ? undefined : record;
  }

  #isForgotten(record: Modelled): boolean {
    const { work, answer, until } = record;
    return until <= this.now && (isDead(record) || (work === null && answer !== null));
  }

  #add(key: string): Modelled {
    const none = { work: null, kind: "run", answer: null, note: null } as const;
    const record = { key, attempts: 0, ...none, until: 0, diedAt: 0, token: "", sequence: 0, held: false };
    this.#all.set(key, record);
    return record;
  }

  #hand(record: Modelled, { token, sequence, leaseMs }: LeaseToken): Modelled {
    return Object.assign(record, {
      token,
      sequence,
      held: true,
      until: this.now + leaseMs,
      attempts: record.attempts + 1,
    });
  }

  #isHeld(record: Modelled): boolean {
    const { held, work, answer, until } = record;
    return held && until > this.now && !isDead(record) && (work !== null || answer === null);
  }

  #entry(record: Modelled): Entry {
    const { key, attempts, work, answer, note, until } = record;
    const diedAt = isDead(record) ? record.diedAt : null;
    return { key, attempts, work, answer, note, forMs: until - this.now, held: this.#isHeld(record), diedAt };
  }
}

function isDead({ work, kind }: Modelled): boolean {
  return work !== null && kind === "dead";
}

function isNewer(one: Death, other: Death): boolean {
  return one.diedAt > other.diedAt || (one.diedAt === other.diedAt && one.key > other.key);
}
