/** The small model: what the table of `Backend` says a record is, and what may become of it. */
import type { Change, Claimed, LeaseToken, Taken, TakeOptions } from "@answerback/core/backend";

/** A record in the model. */
export interface Row {
  readonly answer: string | null;
  readonly work: string | null;
  readonly until: number;
  readonly token: string;
  readonly sequence: number;
  readonly held: boolean;
  /** Is its work that of a dead letter? */
  readonly dead: boolean;
  /** Will its hold end without a word of the holder's? */
  readonly leased: boolean;
  /** Did a hold of it? Then its handler may succeed a second time. */
  readonly takenOver: boolean;
}

/** Told of every verb that takes effect, in that order, with what the store answered. */
export class Model {
  readonly rows = new Map<string, Row>();
  readonly #now: () => number;
  readonly #violated: (what: string) => void;

  constructor(now: () => number, violated: (what: string) => void) {
    this.#now = now;
    this.#violated = violated;
  }

  isSettled(key: string): boolean {
    const row = this.rows.get(key);
    return row !== undefined && row.answer !== null && row.work === null && row.until > this.#now();
  }

  claimed(key: string, lease: LeaseToken, { state }: Claimed): void {
    const row = this.rows.get(key);
    const isFree = !row || ((row.work === null || row.dead) && row.until <= this.#now());
    const expected =
      isFree || row.token === lease.token ? "claimed" : row.answer === null ? "held" : "settled";
    if (state !== expected) this.#violated(`a claim was ${state}, not ${expected}`);
    if (isFree) this.#win(key, lease);
  }

  taken(lease: LeaseToken, which: TakeOptions = {}, taken?: Taken): void {
    const now = this.#now();
    const may = ({ work, until, held, dead }: Row) => {
      if (work === null) return false;
      return until <= now ? !dead : which.early && (dead || !held);
    };
    const isAsked = (key: string, { work, dead }: Row) =>
      (which.key ?? key) === key &&
      (!which.kind || which.kind === kindOf(work!)) &&
      (which.early !== "dead" || dead);
    const able = [...this.rows].filter(([key, row]) => may(row) && isAsked(key, row));
    if (taken ? !able.some(([key]) => key === taken.key) : able.length > 0)
      this.#violated(taken ? "what was not due was taken" : "what is due was not found");
    if (taken) this.#win(taken.key, lease);
  }

  saved(key: string, lease: LeaseToken, change: Change, ours: boolean): void {
    const row = this.rows.get(key);
    const isOurs = row?.token === lease.token && lease.sequence >= row.sequence;
    if (ours !== isOurs) this.#violated(ours ? "a stale holder wrote" : "the holder could not write");
    if (!row || !isOurs || lease.sequence === row.sequence) return;
    const { answer = row.answer, work = row.work, held = row.held, forMs } = change;
    if (row.answer !== null && answer !== row.answer) this.#violated("a stored answer changed");
    if (row.answer !== null && row.work === null && work !== null)
      this.#violated("what was settled has work again");
    const until = forMs === undefined ? row.until : this.#now() + forMs;
    const leased = held && forMs === lease.leaseMs;
    const { kind = change.work ? "run" : row.dead ? "dead" : "run" } = change;
    const dead = work !== null && kind === "dead";
    this.rows.set(key, { ...row, answer, work, held, dead, until, leased, sequence: lease.sequence });
  }

  #win(key: string, { token, sequence, leaseMs }: LeaseToken): void {
    const { answer = null, work = null, leased = false, takenOver = false } = this.rows.get(key) ?? {};
    const until = this.#now() + leaseMs;
    const mine = { token, sequence, until, held: true, dead: false, leased: true };
    this.rows.set(key, { answer, work, ...mine, takenOver: takenOver || leased });
  }
}

/** As the receiver says it beside the work. */
function kindOf(work: string): "run" | "post" {
  return JSON.parse(work).kind === "post" ? "post" : "run";
}
