/** Dead letters: listed, looked at, retried, discarded. */
import type { Entry, Place } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { type Kind, optional, wholeNumber, withDefault, wrongKind } from "../../contract/kinds.ts";
import { readOptions } from "../../contract/read-options.ts";
import { aKey } from "../record/take-now.ts";
import type { RecordAccess } from "../runtime.ts";
import { doTo } from "./bulk.ts";
import { discard, retry } from "./changes.ts";
import { toDetails, type RecordDetails } from "./found.ts";

/** An event or a callback that the receiver gave up, kept with its error for the `keepDead` of the receiver. */
export interface DeadLetter extends RecordDetails {
  readonly state: "dead";
  /** When the receiver gave it up, on the backend's clock: ms since the epoch. */
  readonly diedAt: number;
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
const aLetter: Kind<string | Place> = (option, value) => {
  if (typeof value === "string") return aKey(option, value);
  const { diedAt, key }: Partial<DeadLetter> = Object(value);
  if (Number.isFinite(diedAt)) return { at: diedAt!, key: aKey(`${option}.key`, key) };
  throw wrongKind(option, value, "the last letter of the page before, or its key");
};

/** The dead letters of a receiver: its records in this one state. */
export function deadLettersOf(access: RecordAccess): DeadLetters {
  const { records } = access;
  return {
    async list(page = {}) {
      const { limit, after } = readOptions("deadLetters.list", page, {
        limit: withDefault(wholeNumber, 100),
        after: optional(aLetter),
      });
      const place = typeof after === "string" ? placeOf(await findDead(access, after)) : after;
      const { entries } = await records.list({ state: "dead", limit, after: place });
      return entries.map(toDeadLetter);
    },
    async get(key) {
      const entry = await records.get(aKey("deadLetters.get: key", key));
      return entry?.state === "dead" ? toDeadLetter(entry) : undefined;
    },
    async retry(key) {
      await doTo(access, await findDead(access, aKey("deadLetters.retry: key", key)), retry);
    },
    async discard(key) {
      await doTo(access, await findDead(access, aKey("deadLetters.discard: key", key)), discard);
    },
  };
}

async function findDead({ records }: RecordAccess, key: string): Promise<Entry> {
  const entry = await records.get(key);
  if (entry?.state === "dead") return entry;
  throw new AnswerbackError("unknown_key", "no dead letter has this key");
}

function placeOf({ diedAt, key }: Entry): Place {
  return { at: diedAt!, key };
}

function toDeadLetter(entry: Entry): DeadLetter {
  return { ...toDetails(entry), state: "dead", diedAt: entry.diedAt! };
}
