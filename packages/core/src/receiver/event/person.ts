/** An event that a person waits on: handled each time, never claimed, never accepted; only a callback of it is kept. */
import { AnswerbackError } from "../../errors.ts";
import type { Encoded } from "../../provider.ts";
import { alike, Telling, type Answered } from "./answered.ts";
import { inTime, late } from "../../deadline.ts";
import { acknowledgement } from "./encoding.ts";
import type { EventInHand } from "./event.ts";
import { rescue } from "../../soon.ts";
import { Hold } from "../record/hold.ts";
import { startRun, type Ended } from "./run.ts";
import type { Runtime } from "../runtime.ts";
import { settle } from "./settle.ts";

/** Answers what a person waits on: with the handler's answer, or with nothing when it is too slow (upsales.16). */
export async function waitOnPerson(runtime: Runtime, event: EventInHand): Promise<Answered> {
  const { clock, provider } = runtime;
  const run = startRun(runtime, event, { attempt: 1 });
  const done = Promise.resolve(run.done);
  void runtime.tasks.track(done);
  const ended = await inTime(done, event.seen.receivedAt + runtime.personWithinMs - clock.now(), clock);
  if (ended !== late) return answered(runtime, event, ended, () => true);
  run.abort(new AnswerbackError("handler_timeout", "nobody waits any more"));
  void runtime.tasks.track(done.then((end) => answered(runtime, event, end, () => false)).catch(() => {}));
  return { ...alike("failed", acknowledgement(provider, event)), code: "handler_timeout" };
}

async function answered(
  runtime: Runtime,
  event: EventInHand,
  ended: Ended,
  listening: () => boolean,
): Promise<Answered> {
  if ("error" in ended) throw ended.error;
  if ("later" in ended || !ended.encoded.post)
    return alike(
      "handled",
      "later" in ended ? acknowledgement(runtime.provider, event) : ended.encoded.reply,
    );
  return keepCallback(runtime, event, ended, listening);
}

/** The callback has a record under the digest of its address: whoever claims that has the one use. */
async function keepCallback(
  runtime: Runtime,
  event: EventInHand,
  ended: { encoded: Encoded },
  listening: () => boolean,
): Promise<Answered> {
  const hold = new Hold(runtime, event.seen.key);
  const { state } = await hold.claim();
  if (state !== "claimed") {
    runtime.warn({
      code: "callback_dropped",
      message: `${event.seen.name}: another delivery has used this callback address`,
    });
    return alike("handled", ended.encoded.repeat ?? ended.encoded.reply);
  }
  const telling = new Telling(listening);
  const settling = rescue(
    () => settle(runtime, { event, hold, ended }, telling),
    (error) => telling.reject(error),
  );
  void runtime.tasks.track(Promise.resolve(settling));
  return telling.answered;
}
