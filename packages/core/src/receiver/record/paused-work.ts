/** Events whose handling is paused: each waits in its record, and is due again when the pause has ended. */
import type { Place } from "../../contract/backend.ts";
import { sleep } from "../../lib/timeout.ts";
import { times } from "../patience.ts";
import type { RecordAccess } from "../runtime.ts";
import { fromText } from "./about.ts";
import type { Lease } from "./lease.ts";
import { isPausedIn, nothingPaused, type Paused } from "../pauses.ts";
import { changePauses, lookAtPauses } from "./pauses-record.ts";
import { toDo } from "./stored.ts";
import { tryToTake } from "./take-now.ts";

/** How many are listed in one go, and how many are made due at a time. */
const [pageSize, atOnce] = [100, 8];

/** Lets an event wait that a worker took. */
export async function park(
  access: RecordAccess,
  { lease, name, attempts }: { readonly lease: Lease; readonly name: string; readonly attempts: number },
): Promise<void> {
  await lease.saveUntilKnown({ kind: "paused", attempts: attempts - 1, forMs: 0, held: false });
  await unparkIfResumed(access, { key: lease.key, name });
}

/** The pause may have ended, in another process as well, while the event was saved as waiting for it. */
export async function unparkIfResumed(
  access: RecordAccess,
  { key, name }: { readonly key: string; readonly name: string },
): Promise<void> {
  if (!isPausedIn(await lookAtPauses(access), name)) await unpark(access, key);
}

/**
 * Makes everything due again whose pause has ended, the oldest first, and then says that nobody has to look for it any more.
 * A process does so for one call after the other, as two at once would overtake each other.
 */
export async function resumeWork(access: RecordAccess): Promise<void> {
  const { pauses } = access;
  const before = pauses.resumption;
  const ours = (async () => {
    await before?.catch(() => {});
    await makeDue(access);
  })();
  pauses.resumption = ours;
  try {
    await ours;
  } finally {
    if (pauses.resumption === ours) pauses.resumption = undefined;
  }
}

async function makeDue(access: RecordAccess): Promise<void> {
  const { pauses, shutdown } = access;
  const { changes } = pauses;
  const waiting = await waitingFor(access);
  for (let at = 0; at < waiting.length && !shutdown.isAborted; at += atOnce) {
    const oldest = waiting.slice(at, at + atOnce).filter(({ name }) => !pauses.isPaused(name));
    // those behind them wait for the slowest
    await Promise.all(oldest.map(({ key }) => unpark(access, key)));
  }
  // who closes here leaves the rest to whoever looks next, and who was asked for more meanwhile to the next pass
  if (shutdown.isAborted || pauses.changes !== changes) return;
  if (pauses.state.resuming) await changePauses(access, (state) => ({ ...state, resuming: false }));
}

/** What waits for a pause to end, the oldest first. */
async function waitingFor({ records }: RecordAccess): Promise<{ key: string; name: string }[]> {
  const waiting: { key: string; name: string }[] = [];
  let after: Place | undefined;
  do {
    const { entries, next } = await records.list({ state: "paused", limit: pageSize, after });
    waiting.push(...entries.map(({ key, name }) => ({ key, name: fromText(name) ?? "" })));
    after = next ?? undefined;
  } while (after);
  return waiting.reverse();
}

async function unpark(access: RecordAccess, key: string): Promise<void> {
  const record = await tryToTake(access, key, "paused");
  if (!record) return;
  const { lease, taken, work } = record;
  // the time for retries is as long as if there had been no pause
  const left = work?.kind === "event" ? toDo({ ...work, since: access.clock.now() }) : {};
  await lease.saveUntilKnown({ ...left, attempts: taken.attempts - 1, forMs: 0 });
}

/**
 * Looks every two seconds whether another process paused the receiver or resumed it, for as long as the receiver is open. A
 * pause is told at once, and again each minute while it lasts.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.49 any.49}
 */
export async function followPauses(access: RecordAccess): Promise<void> {
  const { shutdown, clock, pauses } = access;
  let [told, toldAt] = [describe(nothingPaused), clock.now()];
  let searchAt = toldAt;
  while (!shutdown.isAborted) {
    const isTime = clock.now() >= searchAt;
    if (isTime) searchAt = clock.now() + times.leftPausedAgain;
    await access.tasks.track(lookOnce(access, isTime)).catch(() => {});
    const now = describe(pauses.state);
    if (now !== told || (pauses.isAny && clock.now() - toldAt >= times.tellAgain)) {
      access.warn({ code: pauses.isAny ? "paused" : "resumed", message: `${access.name}: ${now}` });
      [told, toldAt] = [now, clock.now()];
    }
    await sleep(times.pausesAgain, clock, shutdown);
  }
}

/** Whoever sees that a pause has ended looks for what waited for it: who ended it may have died since. */
async function lookOnce(access: RecordAccess, search: boolean): Promise<void> {
  const { resuming } = await lookAtPauses(access);
  if (access.pauses.resumption) return;
  if (resuming || (search && (await isAnythingLeft(access)))) await resumeWork(access);
}

/** Does something wait though nothing is paused? A process may have died when it had let an event wait, and had not looked. */
async function isAnythingLeft({ pauses, records }: RecordAccess): Promise<boolean> {
  return !pauses.isAny && (await records.stats(1)).counts.paused > 0;
}

function describe({ all, names }: Paused): string {
  if (!all && names.length === 0) return "nothing is paused";
  const what = all ? "all events" : names.join(", ");
  return `the handling of ${what} is paused, and what arrives waits; receiver.records.resume() ends it`;
}
