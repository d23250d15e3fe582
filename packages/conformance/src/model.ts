/** The contract as a model: the verbs in few lines, on one clock and without limits. */
import {
  recordState,
  type About,
  type Change,
  type Claimed,
  type Entry,
  type Erased,
  type LeaseToken,
  type Listing,
  type ListOptions,
  type Place,
  type Records,
  type RecordState,
  type RecordStats,
  type Stateful,
  type Taken,
  type TakeOptions,
} from "@answerback/core/backend";

type Modelled = { -readonly [Field in keyof Stateful]: Stateful[Field] } & {
  readonly key: string;
  attempts: number;
  note: string | null;
  name: string | null;
  id: string | null;
  kept: string | null;
  token: string;
  sequence: number;
  // ms on the model's clock
  until: number;
  keptUntil: number;
  arrivedAt: number | null;
  /** It counts while there is work of kind dead. */
  diedAt: number;
};

/** The verbs that the model has. */
export type Verbs = Pick<Records, "claim" | "take" | "save" | "get" | "list" | "stats" | "erase">;

/** Records that do what the verbs must do. */
export class Model implements Verbs {
  /** The model's clock: ms. */
  now = 0;
  readonly #all = new Map<string, Modelled>();

  async claim(key: string, lease: LeaseToken, about?: About): Promise<Claimed> {
    const found = this.#find(key);
    if (found?.token === lease.token) return { state: "claimed", attempts: found.attempts, note: found.note };
    if (found && this.#state(found) !== "free") {
      if (found.answer !== null) return { state: "settled", answer: found.answer };
      return { state: "held", forMs: Math.max(0, found.until - this.now) };
    }
    const record = this.#hand(found ?? this.#add(key), lease);
    if (about && record.arrivedAt === null) Object.assign(record, about, { arrivedAt: this.now });
    record.id ??= about?.id ?? null;
    return { state: "claimed", attempts: record.attempts, note: record.note };
  }

  async take(lease: LeaseToken, which: TakeOptions = {}): Promise<Taken | undefined> {
    const isAsked = ({ key, kind }: Modelled) => (which.key ?? key) === key && (which.kind ?? kind) === kind;
    const [record] = [...this.#all.values()]
      .filter((one) => isAsked(one) && this.#mayBeTaken(one, which.early))
      .toSorted((a, b) => a.until - b.until);
    if (!record) return undefined;
    const kind = record.work !== null && record.kind === "post" ? "post" : "run";
    Object.assign(record, { work: record.work ?? record.kept, kind });
    const { key, attempts, work, answer, note } = this.#hand(record, lease);
    return { key, attempts, work: work!, kind, answer, note };
  }

  async save(key: string, lease: LeaseToken, change: Change): Promise<boolean> {
    const record = this.#find(key);
    if (!record || record.token !== lease.token || record.sequence > lease.sequence) return false;
    if (record.sequence === lease.sequence) return true;
    const { forMs, keptForMs = 0, kind = change.work ? "run" : record.kind, ...rest } = change;
    Object.assign(record, rest, { kind, sequence: lease.sequence });
    if (forMs !== undefined) record.until = this.now + forMs;
    if (change.kind === "dead") record.diedAt = this.now;
    if (change.kept) record.keptUntil = this.now + keptForMs;
    return true;
  }

  async get(key: string): Promise<Entry | undefined> {
    const record = this.#find(key);
    return record && this.#entry(record);
  }

  async list({ limit, after, state, name, id, since = 0 }: ListOptions): Promise<Listing> {
    const placeOf = ({ key, arrivedAt, diedAt }: Entry): Place => ({
      at: state === "dead" ? diedAt! : arrivedAt!,
      key,
    });
    const entries = this.#listed()
      .filter((one) => (state ?? one.state) === one.state)
      .filter((one) => (name ?? one.name) === one.name && (id ?? one.id) === one.id)
      .filter((one) => placeOf(one).at >= since && (!after || isNewer(after, placeOf(one))))
      .toSorted((a, b) => (isNewer(placeOf(a), placeOf(b)) ? -1 : 1));
    const page = entries.slice(0, limit);
    return { entries: page, next: entries.length > limit ? placeOf(page.at(-1)!) : null };
  }

  async stats(upTo: number): Promise<RecordStats> {
    const counts = { held: 0, free: 0, due: 0, waiting: 0, paused: 0, dead: 0, settled: 0 };
    for (const { state } of this.#listed()) counts[state] = Math.min(counts[state] + 1, upTo);
    const due = [...this.#all.values()].filter((one) => this.#state(one) === "due");
    return { counts, dueForMs: Math.max(0, ...due.map(({ until }) => this.now - until)) };
  }

  async erase(key: string, { answer, forMs }: Erased): Promise<boolean> {
    const record = this.#find(key);
    if (!record) return true;
    if (this.#state(record) === "held") return false;
    if (record.work !== null) record.until = this.now + forMs;
    if (record.work !== null || record.answer !== null) record.answer = answer;
    Object.assign(record, { id: null, note: null, work: null, kept: null, token: "" });
    return true;
  }

  #find(key: string): Modelled | undefined {
    const record = this.#all.get(key);
    return record && this.#state(record) !== "forgotten" ? record : undefined;
  }

  #state(record: Modelled): RecordState {
    return recordState(record, record.until - this.now);
  }

  #mayBeTaken(record: Modelled, early: TakeOptions["early"] = false): boolean {
    const state = this.#state(record);
    if (typeof early === "string" && state !== early) return false;
    if (state === "due" || !early) return state === "due";
    if (state === "settled") return this.#kept(record) !== null;
    return record.work !== null && ["waiting", "paused", "dead"].includes(state);
  }

  #kept({ kept, keptUntil }: Modelled): string | null {
    return keptUntil > this.now ? kept : null;
  }

  #add(key: string): Modelled {
    const nothing = {
      work: null,
      answer: null,
      note: null,
      name: null,
      id: null,
      kept: null,
      arrivedAt: null,
    };
    const times = { until: 0, keptUntil: 0, diedAt: 0 };
    const record: Modelled = {
      key,
      attempts: 0,
      kind: "run",
      ...nothing,
      ...times,
      token: "",
      sequence: 0,
      held: false,
    };
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

  #listed(): Entry[] {
    const known = [...this.#all.values()].filter((one) => this.#state(one) !== "forgotten");
    return known.filter(({ arrivedAt }) => arrivedAt !== null).map((one) => this.#entry(one));
  }

  #entry(record: Modelled): Entry {
    const { key, attempts, work, answer, note, until, arrivedAt, name, id } = record;
    const state = this.#state(record) as Entry["state"];
    const diedAt = state === "dead" ? record.diedAt : null;
    const times = { forMs: until - this.now, diedAt, arrivedAt };
    return { key, state, attempts, work, answer, note, ...times, name, id, kept: this.#kept(record) };
  }
}

function isNewer(one: Place, other: Place): boolean {
  return one.at > other.at || (one.at === other.at && one.key > other.key);
}
