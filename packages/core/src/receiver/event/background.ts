/** After the acknowledgement: the retries are ours, until an event is settled or a dead letter. */
import type { Taken } from "../../backend.ts";
import { AnswerbackError } from "../../errors.ts";
import { Hold } from "../record/hold.ts";
import type { Runtime } from "../runtime.ts";
import { after, rescue } from "../../soon.ts";
import { inHand, type EventInHand } from "./event.ts";
import { bury, giveBack } from "./failing.ts";
import { finish } from "./finish.ts";
import { startInTurn } from "./in-turn.ts";
import { post } from "./post.ts";
import { handlerFor } from "./run.ts";
import { readWork, type EventWork } from "./work.ts";

/** Runs, and posts, at a time; what is more waits for its turn. */
export const slots = 16;

/** How long what has no slot, or no handler, here is left to others: ms. */
const elsewhereMs = { slot: 1_000, handler: 30_000 };

/** Works one due record. Never rejects. */
export async function workOn(runtime: Runtime, taken: Taken, token: string): Promise<void> {
  const hold = new Hold(runtime, taken.key, token);
  try {
    const work = readWork(taken.work);
    if (work?.kind === "post")
      return await inSlot(runtime, "posts", { hold, taken }, () =>
        post(runtime, { hold, work, attempts: taken.attempts }),
      );
    if (work?.kind === "event")
      return await inSlot(runtime, "runs", { hold, taken }, () => rerun(runtime, { hold, taken, work }));
    await bury(runtime, {
      hold,
      error: new AnswerbackError("malformed", "no version of this package has written this record"),
    });
  } catch {
    // the receiver closed, or the engine went away: the lease ends, and somebody takes the record again
  } finally {
    hold.drop();
  }
}

async function rerun(
  runtime: Runtime,
  { hold, taken, work }: { hold: Hold; taken: Taken; work: EventWork },
): Promise<void> {
  const stored = work.spent ? { ...work.event, callbackUrl: undefined } : work.event;
  const { attempts } = taken;
  const spent = work.spent ?? false;
  const event = await rescue<EventInHand | undefined>(
    () => inHand(runtime.provider, stored),
    (error) => after(bury(runtime, { hold, error }), () => undefined),
  );
  if (!event) return;
  if (work.later)
    return bury(runtime, {
      event,
      hold,
      error: new AnswerbackError("unanswered", "later() was returned, and nobody answered in time"),
    });
  if (attempts > runtime.maxAttempts) {
    return bury(runtime, {
      event,
      hold,
      spent,
      error: new AnswerbackError("attempts_used_up", `${attempts - 1} runs were begun and none ended`),
    });
  }
  if (!handlerFor(runtime, event.seen.type)) return giveBack(hold, attempts, elsewhereMs.handler);
  hold.keep();
  await finish(runtime, {
    event,
    hold,
    attempts,
    spent,
    run: startInTurn(runtime, event, { attempt: attempts, hold, atOnce: true }),
  });
}

/** Works a record if there is room for its kind; else it is given back, as if never taken. */
async function inSlot(
  { working }: Runtime,
  kind: "runs" | "posts",
  { hold, taken }: { hold: Hold; taken: Taken },
  work: () => Promise<void>,
): Promise<void> {
  if (working[kind] >= slots) return giveBack(hold, taken.attempts, elsewhereMs.slot);
  working[kind] += 1;
  try {
    await work();
  } finally {
    working[kind] -= 1;
  }
}
