/** The end of a run that was accepted before: its callback is posted, or its error decides what comes next. */
import type { Change } from "../../backend.ts";
import type { Post } from "../../provider.ts";
import type { Hold } from "../record/hold.ts";
import { RolledBack } from "../record/transaction.ts";
import { leaseMs, type Runtime } from "../runtime.ts";
import type { EventInHand } from "./event.ts";
import { failed } from "./failing.ts";
import { post } from "./post.ts";
import { tellOf, type Ended, type Run } from "./run.ts";
import { postWork, waiting } from "./settle.ts";
import { writeWork } from "./work.ts";

/** A late end of a run that is accepted: the callback is posted, or the error decides what comes next. */
export interface Late {
  readonly event: EventInHand;
  readonly hold: Hold;
  readonly run: Run;
  readonly attempts: number;
  /** The acknowledgement, where nobody knows whether it was stored. */
  readonly answer?: string;
  /** The callback address has been used. */
  readonly spent?: boolean;
}

/** Waits for the handler, then settles, posts, retries or buries. */
export async function finish(runtime: Runtime, late: Late): Promise<void> {
  const ended = await late.run.done;
  if ("error" in ended) return failed(runtime, late, ended.error);
  try {
    await settleLate(runtime, late, ended);
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    tellOf(runtime, late.event, error);
    await failed(runtime, late, error);
  }
}

async function settleLate(
  runtime: Runtime,
  { event, hold, answer }: Late,
  ended: Exclude<Ended, { error: unknown }>,
): Promise<void> {
  const acknowledged: Change = answer === undefined ? {} : { answer };
  if ("later" in ended) return void (await hold.persist({ ...acknowledged, ...waiting(runtime, event) }));
  const { post: callback, lost = [] } = ended.encoded;
  if (lost.length > 0) {
    const message = `${event.seen.name} was answered late: ${lost.join(", ")} had nowhere to go`;
    runtime.warn({ code: "late_answer_dropped", message });
  }
  if (callback) return postLate(runtime, { event, hold, callback }, acknowledged);
  await hold.persist({ ...acknowledged, work: null, forMs: event.stored.retentionMs });
}

/** The callback becomes the record's work, as begun once, and its holder posts it. False: the record is not ours any more. */
export async function postLate(
  runtime: Runtime,
  { event, hold, callback }: { event: EventInHand; hold: Hold; callback: Post },
  more: Change = {},
): Promise<void> {
  const work = postWork(runtime, event, callback);
  if (await hold.persist({ ...more, work: writeWork(work), attempts: 1, forMs: leaseMs }))
    await post(runtime, { hold, work, attempts: 1 });
}
