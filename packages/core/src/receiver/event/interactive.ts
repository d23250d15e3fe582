/** Interactive events: somebody waits at a screen, so they are handled each time, never claimed, never accepted. */
import { AnswerbackError } from "../../contract/errors.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import { sameForAll, type EventResult, type RunResult } from "../outcome.ts";
import type { Runtime } from "../runtime.ts";
import { acknowledgement } from "./encoding.ts";
import { handlingPaused, isPausedNow } from "../record/pauses-record.ts";
import { EventLife } from "./event-life.ts";
import type { LoadedEvent } from "./event.ts";
import { Run } from "./run.ts";
import type { BegunBy } from "./waiting-deliveries.ts";

/**
 * Answers with the handler's answer, or with nothing when the handler is too slow.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.16 upsales.16}
 */
export async function answerInteractively(
  runtime: Runtime,
  event: LoadedEvent,
  tellsSent: boolean,
): Promise<EventResult> {
  const { clock, tasks, pauses } = runtime;
  const { interactiveWithinMs } = event.terms;
  let run: Run | undefined;
  const begin = async (): Promise<RunResult> => {
    if (pauses.mayBe && (await isPausedNow(runtime, event.view.name))) throw handlingPaused();
    run = new Run(runtime, event, { attempt: 1 });
    return run.result;
  };
  const running = tasks.track(begin());
  const result = await withTimeout(running, event.view.receivedAt + interactiveWithinMs - clock.now(), clock);
  if (result !== timedOut) return answer(runtime, event, { result, waitedUntil: Infinity, tellsSent });
  const tooSlow = new AnswerbackError(
    "handler_timeout",
    `the handler did not answer within ${interactiveWithinMs / 1_000} s, and nobody at the screen waits longer`,
  );
  run?.abort(tooSlow);
  run?.tell(tooSlow);
  const answering = running.then((late) =>
    answer(runtime, event, { result: late, waitedUntil: -Infinity, tellsSent }),
  );
  void tasks.track(answering.catch(() => {}));
  return { ...sameForAll("failed", acknowledgement(runtime, event)), error: tooSlow };
}

/** Only a callback, there or to come, has a record, under the digest of its address: whoever claims that has the one use. */
async function answer(
  runtime: Runtime,
  event: LoadedEvent,
  { result, ...begun }: BegunBy & { readonly result: RunResult },
): Promise<EventResult> {
  if ("error" in result) throw result.error;
  const { reply, repeat = reply, post } = result.encoded;
  if (!post && !result.isLater) return sameForAll("handled", reply);
  const life = new EventLife(runtime, event, begun);
  if (await life.settleUnclaimed(result)) return life.reply;
  const message = `${runtime.name}: ${event.view.name}: another delivery has used this callback address`;
  runtime.warn({ code: "callback_dropped", message });
  return sameForAll("handled", repeat);
}
