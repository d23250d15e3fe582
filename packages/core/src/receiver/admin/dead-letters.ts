/** Dead letters: listed, looked at, retried, discarded. */
import type { Change, Death, Entry } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { type Kind, optional, text, wholeNumber, withDefault, wrongKind } from "../../contract/kinds.ts";
import { readOptions } from "../../contract/read-options.ts";
import { type EventWork, type PostWork, readWork, toDo, type Work } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";
import { describe, type Found } from "./found.ts";
import { aKey, takeNow } from "./take-now.ts";

/** An event or a callback that the receiver gave up, kept with its error for the `keepDead` of the receiver. */
export interface DeadLetter extends Found {
  readonly state: "dead";
  /** When the receiver gave it up, on the backend's clock: ms since the epoch. */
  readonly diedAt: number;
  /** The event as it was decoded, or the malformed body; `undefined` where the work is a callback. */
  readonly data: unknown;
  /** The body of the callback that was not posted, JSON text; `undefined` where the work is none. */
  readonly callback: string | undefined;
}

/**
 * The dead letters of a receiver. Its functions reject with `backend_away`, too, and with an OptionError for no key.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.26 any.26}
 */
export interface DeadLetters {
  /**
   * Lists dead letters, the newest first.
   *
   * @param page `limit`: how many at most, default 100. `after`: the last letter of the page before, as it was listed, also
   *   where it was retried or discarded meanwhile; or its key, while it is a dead letter.
   * @throws OptionError for a mistake in `page`; AnswerbackError `unknown_key` where `after` is the key of no dead letter.
   * @example
   * const page = await receiver.deadLetters.list();
   * const next = await receiver.deadLetters.list({ after: page.at(-1) });
   */
  list(page?: {
    readonly limit?: number | undefined;
    readonly after?: Pick<DeadLetter, "diedAt" | "key"> | string | undefined;
  }): Promise<DeadLetter[]>;
  /**
   * Gets one dead letter.
   *
   * @returns The dead letter; `undefined`: there is none with this key.
   */
  get(key: string): Promise<DeadLetter | undefined>;
  /**
   * Makes a dead letter due. An event begins with its first attempt again. A callback keeps its count, since an earlier
   * use of the address may have arrived.
   *
   * @throws AnswerbackError `unknown_key` where there is no dead letter with this key; `wrong_state` for a malformed body,
   *   and where somebody else has the record in hand.
   */
  retry(key: string): Promise<void>;
  /**
   * Gives the work of a dead letter up for good. Its duplicates get the stored answer for the retention.
   *
   * @throws AnswerbackError `unknown_key` where there is no dead letter with this key; `wrong_state` where somebody else
   *   has the record in hand.
   */
  discard(key: string): Promise<void>;
}

/** A dead letter as it was listed, or its key. */
const aLetter: Kind<string | Death> = (option, value) => {
  if (typeof value === "string") return text(option, value);
  const { diedAt, key }: Partial<Death> = Object(value);
  if (typeof diedAt === "number" && typeof key === "string") return { diedAt, key };
  throw wrongKind(option, value, "the last letter of the page before, or its key");
};

/** The dead letters of a receiver. */
export function deadLettersOf(runtime: Runtime): DeadLetters {
  const { records, retentionMs, clock } = runtime;
  return {
    async list(page = {}) {
      const { limit, after } = readOptions("deadLetters.list", page, {
        limit: withDefault(wholeNumber, 100),
        after: optional(aLetter),
      });
      const death = typeof after === "string" ? await findDead(runtime, after) : after;
      return (await records.dead({ limit, after: death })).map(toDeadLetter);
    },
    async get(key) {
      const entry = await records.get(aKey("deadLetters.get: key", key));
      return entry && isDead(entry) ? toDeadLetter(entry) : undefined;
    },
    async retry(key) {
      const found = readWork((await findDead(runtime, aKey("deadLetters.retry: key", key))).work);
      if (!found || found.kind === "malformed")
        throw new AnswerbackError("wrong_state", "a malformed body cannot be handled; discard it");
      const { lease, taken, work } = await takeNow(runtime, key);
      if (work?.kind === "event")
        await lease.save({
          ...toDo({ ...work, later: undefined, ended: undefined, since: clock.now() }),
          attempts: 0,
          forMs: 0,
        });
      if (work?.kind === "post")
        await lease.save({
          ...byHand(runtime, work, taken.attempts - 1),
          forMs: 0,
        });
    },
    async discard(key) {
      await findDead(runtime, aKey("deadLetters.discard: key", key));
      const { lease, work } = await takeNow(runtime, key);
      await lease.save({ work: null, forMs: work?.kind === "event" ? work.event.retentionMs : retentionMs });
    },
  };
}

/** A callback that a person sends again: at an address of many uses whatever may have arrived is spent, and forgiven. */
function byHand({ terms, clock }: Runtime, work: PostWork, attempts: number): Change {
  const { uses = 1 } = terms(work.type).address ?? {};
  const again = { ...work, since: clock.now() };
  if (uses === 1) return { ...toDo(again), attempts };
  return { ...toDo({ ...again, uses: (work.uses ?? 0) + attempts }), attempts: 0 };
}

/** A record that is a dead letter. */
type DeadEntry = Entry & Death;

async function findDead({ records }: Runtime, key: string): Promise<DeadEntry> {
  const entry = await records.get(key);
  if (entry && isDead(entry)) return entry;
  throw new AnswerbackError("unknown_key", "no dead letter has this key");
}

function isDead(entry: Entry): entry is DeadEntry {
  return entry.diedAt !== null;
}

function toDeadLetter(entry: Entry): DeadLetter {
  const work = readWork(entry.work);
  const callback = work?.kind === "post" ? work.post.body : undefined;
  return { ...describe(entry), state: "dead", diedAt: entry.diedAt!, data: work && dataOf(work), callback };
}

function dataOf(work: Work): unknown {
  if (work.kind === "event") return withoutAddress(work.event);
  return work.kind === "malformed" ? work.body : undefined;
}

/** The event without its callback address, which is a secret. */
function withoutAddress({ callbackUrl: _secret, extra, ...event }: EventWork["event"]): unknown {
  return { ...extra, ...event };
}
