/** Acknowledged before it is handled: the event is ours to finish from then on. */
import type { Reply } from "../../delivery.ts";
import { alike, type Telling } from "./answered.ts";
import { finish } from "./finish.ts";
import { acknowledgement } from "./encoding.ts";
import type { EventInHand } from "./event.ts";
import { startInTurn } from "./in-turn.ts";
import { leaseLost, type Hold } from "../record/hold.ts";
import type { Run } from "./run.ts";
import { leaseMs, type Runtime } from "../runtime.ts";
import type { Claim } from "./settle.ts";
import { writeWork } from "./work.ts";

/** How long before the provider hangs up it is told to come again, so that the answer still reaches it (any.11): ms. */
const headroomMs = 1_000;

/**
 * May an event be acknowledged before it is handled? Not by a memory that would forget it, while the provider would
 * send it again; unless somebody wrote `answerWithin` out (any.11).
 */
export function mayAccept({ durable, provider, answerWithinSet }: Runtime): boolean {
  return durable || provider.retries === false || answerWithinSet;
}

/**
 * How long a delivery waits for its answer: ms from its arrival. Where we acknowledge what is late, that comes first; else
 * the provider has to hear in time that it must come again.
 */
export function waitsMs(runtime: Runtime): number {
  const { patienceMs, answerWithinMs } = runtime;
  return mayAccept(runtime) ? patienceMs : Math.max(patienceMs - headroomMs, answerWithinMs);
}

/** Not done in time: the event is acknowledged, and goes on (any.11). The lease is the watchdog. */
export async function accept(
  runtime: Runtime,
  { event, hold, run }: Claim & { run?: Run },
  telling: Telling,
): Promise<void> {
  const { reply, answer, work } = acceptance(runtime, event);
  try {
    if (!(await hold.save({ answer, work, attempts: 1, forMs: leaseMs }))) return telling.reject(leaseLost());
    telling.resolve(alike("accepted", reply));
  } catch (error) {
    telling.reject(error);
    if (!run) return release(hold);
    // nobody knows whether it was stored: the handler goes on, and its end is written as if it had not been
    hold.keep();
    return finish(runtime, { event, hold, attempts: 1, run, answer });
  }
  hold.keep();
  return finish(runtime, {
    event,
    hold,
    attempts: 1,
    run: run ?? startInTurn(runtime, event, { attempt: 1, hold, atOnce: true }),
  });
}

/** Accepted and due: some worker begins it. */
export async function leave(runtime: Runtime, { event, hold }: Claim, telling: Telling): Promise<void> {
  const { reply, answer, work } = acceptance(runtime, event);
  try {
    if (!(await hold.save({ answer, work, attempts: 0, forMs: 0 }))) return telling.reject(leaseLost());
    telling.resolve(alike("accepted", reply));
  } catch (error) {
    telling.reject(error);
    return release(hold);
  }
}

/** Nobody knows whether the acceptance was stored: if it was, a worker begins the event, else the next delivery. */
async function release(hold: Hold): Promise<void> {
  await hold.persist({ attempts: 0, forMs: 0 });
}

/** The acknowledgement, and the event as it was decoded (any.12). */
function acceptance(runtime: Runtime, event: EventInHand): { reply: Reply; answer: string; work: string } {
  if (!runtime.durable)
    runtime.warnOnce(
      "accepted_in_memory",
      `${runtime.name}: events are acknowledged that a restart would lose; use a durable backend`,
    );
  const reply = acknowledgement(runtime.provider, event);
  const work = writeWork({ kind: "event", event: event.stored });
  return { reply, answer: JSON.stringify(reply), work };
}
