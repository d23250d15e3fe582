/** What feeds an engine: looks for what is due, every now and then and when it is woken, and puts the keys in. */
import { hash } from "node:crypto";
import type { Due } from "../backend.ts";
import type { Carriage, FeedOptions, Parcel } from "../carried.ts";
import { systemClock, type Clock } from "../clock.ts";
import { inTime, late } from "../deadline.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { OptionError } from "../option-error.ts";

/** An engine that has not taken keys after this long is as good as away: ms. */
const putWithinMs = 10_000;

/** How long an engine may be away before somebody is told: ms. */
const quietMs = 10_000;

/** The options with their defaults. */
export interface Feeding {
  readonly everyMs: number;
  readonly atOnce: number;
  readonly clock: Clock;
}

/** Somebody who looks, until stopped. */
export interface Feeder {
  /** Something is due now. */
  readonly wake: () => void;
  readonly stop: () => void;
}

/** Feeds from now on; an engine that is away gets it all the next time. */
export function feed(
  records: { readonly due: (limit: number) => MaybePromise<Due[]> },
  carriage: Pick<Carriage, "put">,
  feeding: Feeding,
): Feeder {
  const { everyMs, atOnce, clock } = feeding;
  const tell = teller(clock);
  let isStopped = false;
  let isLooking = false;
  let isWoken = false;
  let lookedAt = -Infinity;
  let callOff = () => {};

  async function look(): Promise<void> {
    [isLooking, isWoken, lookedAt] = [true, false, clock.now()];
    const due = await listDue();
    if (due.length > 0 && !isStopped) await put(due);
    isLooking = false;
    plan(isWoken ? soon() : everyMs);
  }

  /** Nothing while the records are away: what is due stays due. */
  async function listDue(): Promise<readonly Due[]> {
    try {
      return await records.due(atOnce);
    } catch {
      return [];
    }
  }

  async function put(due: readonly Due[]): Promise<void> {
    try {
      const isLate = (await inTime(carriage.put(due.map(parcel)), putWithinMs, clock)) === late;
      if (isLate) throw new Error(`it did not answer within ${putWithinMs} ms`);
      tell();
    } catch (error) {
      if (!isStopped) tell(error);
    }
  }

  /** Many saves are one look. */
  function soon(): number {
    return Math.max(0, lookedAt + everyMs / 10 - clock.now());
  }

  function plan(ms: number): void {
    callOff();
    if (!isStopped) callOff = clock.after(ms, () => void look());
  }

  plan(0);
  return {
    wake() {
      isWoken = true;
      if (!isLooking) plan(soon());
    },
    stop() {
      isStopped = true;
      callOff();
    },
  };
}

/** Hears how each put went, and warns once of an engine that stays away. */
function teller(clock: Clock): (error?: unknown) => void {
  let awayFrom: number | undefined;
  let isTold = false;
  return (error) => {
    if (error === undefined) return void ([awayFrom, isTold] = [undefined, false]);
    awayFrom ??= clock.now();
    if (isTold || clock.now() - awayFrom < quietMs) return;
    isTold = true;
    const why = error instanceof Error ? error.message : "no reason given";
    const message = `what is due waits: the engine that carries it has been away for ${quietMs / 1_000} s (${why})`;
    process.emitWarning(message, { type: "AnswerbackWarning", code: "carrier_away" });
  };
}

function parcel({ key, since }: Due): Parcel {
  return { id: digest([key, since]), key };
}

/** Of the JSON, which tells apart what UTF-8 does not: lone surrogates. */
export function digest(value: unknown): string {
  return hash("sha256", JSON.stringify(value), "base64url");
}

/** Reads the options; throws an OptionError for the first mistake. */
export function feedingOf({ everyMs = 1_000, atOnce = 1_000, clock = systemClock }: FeedOptions): Feeding {
  for (const [name, value] of Object.entries({ everyMs, atOnce }))
    if (!Number.isInteger(value) || value < 1)
      throw new OptionError(name, "out_of_range", `${value} is not a whole number above 0`);
  return { everyMs, atOnce, clock };
}
