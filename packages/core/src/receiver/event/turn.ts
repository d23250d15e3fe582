/** Whose turn it is: events of one entity one at a time and none after a newer one, by the verbs on a record of the entity's. */
import type { Alarm } from "../../alarm.ts";
import type { Saving } from "../../backend.ts";
import { pause } from "../../deadline.ts";
import { AnswerbackError } from "../../errors.ts";
import { rescue } from "../../soon.ts";
import {
  entityOf,
  isOlder,
  readVersion,
  versionOf,
  writeVersion,
  type Order,
  type Version,
} from "../order.ts";
import { Hold } from "../record/hold.ts";
import type { Runtime } from "../runtime.ts";
import type { EventInHand } from "./event.ts";
import { entityKey } from "./keys.ts";

/** How often a run that waits looks whether its entity is free in another process: ms. */
const lookAgainMs = 250;

/** Where an event stands among those of its entity. */
export interface Place {
  /** Of the entity's record. */
  readonly key: string;
  readonly version: Version | undefined;
}

/** An event's turn at its entity. */
export interface Turn {
  /** A newer one was handled before. */
  readonly isStale: boolean;
  /** The entity, while only we may handle its events. */
  readonly lost: Alarm;
  /** Its end as a step for somebody else to write. */
  saving(): Saving;
  /** Lets the entity go. False: it was not ours any more. Only the first call does anything. */
  end(how: "handled" | "given up"): Promise<boolean>;
}

/** How a run waits for its turn: until it is called off, or not at all. */
export interface Patience {
  readonly calledOff: Alarm;
  readonly atOnce: boolean;
}

/** By the key of an entity: who came last in this process, to resolve when all who came until then have let go. */
export type Queues = Map<string, Promise<void>>;

/** The event's place; `undefined`: nothing orders it. Throws what the option's functions throw. */
export function placeOf(order: Order<any>, { seen, stored, spec }: EventInHand): Place | undefined {
  const entity = entityOf(order, seen);
  if (entity === undefined) return undefined;
  const version = versionOf(order, seen) ?? (order.version && spec?.deletes ? Infinity : undefined);
  return { key: entityKey(entity, stored.identity), version };
}

/** Waits for the turn. Rejects with `running` where it would have to wait and may not. */
export async function takeTurn(runtime: Runtime, { key, version }: Place, patience: Patience): Promise<Turn> {
  if (patience.atOnce && runtime.queues.has(key)) throw busy();
  const leave = await queueUp(runtime.queues, key, patience.calledOff);
  try {
    const { hold, note } = await claim(runtime, key, patience);
    hold.keep();
    return turnOf(hold, { version, newest: readVersion(note), leave });
  } catch (error) {
    leave();
    throw error;
  }
}

/** Behind those who came before, in this process. */
async function queueUp(queues: Queues, key: string, calledOff: Alarm): Promise<() => void> {
  const before = queues.get(key);
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const allLeft: Promise<void> = Promise.all([before, left]).then(() => {
    if (queues.get(key) === allLeft) queues.delete(key);
  });
  queues.set(key, allLeft);
  await before;
  if (calledOff.hasRung) leave();
  calledOff.throwIfRung();
  return leave;
}

async function claim(
  runtime: Runtime,
  key: string,
  { calledOff, atOnce }: Patience,
): Promise<{ hold: Hold; note: string | null }> {
  for (;;) {
    const hold = new Hold(runtime, key);
    const claimed = await hold.claim();
    if (claimed.state === "claimed" && calledOff.hasRung) void runtime.tasks.track(release(hold));
    calledOff.throwIfRung();
    if (claimed.state === "claimed") return { hold, note: claimed.note };
    if (atOnce) throw busy();
    await pause(lookAgainMs, runtime.clock, calledOff);
    calledOff.throwIfRung();
  }
}

/** Nobody waits for it any more. */
async function release(hold: Hold): Promise<void> {
  await rescue(
    () => hold.persist({ forMs: 0 }),
    () => false,
  );
}

function turnOf(
  hold: Hold,
  {
    version,
    newest,
    leave,
  }: { version: Version | undefined; newest: Version | undefined; leave: () => void },
): Turn {
  const isStale = isOlder(version, newest);
  const note = version === undefined || isStale ? {} : { note: writeVersion(version) };
  let isOver = false;
  return {
    isStale,
    lost: hold.lost,
    saving: () => hold.saving({ ...note, forMs: 0 }),
    async end(how) {
      if (isOver) return true;
      isOver = true;
      try {
        return await hold.persist({ ...(how === "handled" && note), forMs: 0 });
      } finally {
        leave();
      }
    },
  };
}

function busy(): AnswerbackError {
  return new AnswerbackError("running", "another event of the same entity is being handled");
}
