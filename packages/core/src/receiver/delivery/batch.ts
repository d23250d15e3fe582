/** Several events in one delivery: each on its own, then one reply for all of them (inbox.2). */
import { AnswerbackError } from "../../errors.ts";
import type { Decoded } from "../../provider.ts";
import { rowOf } from "../../statuses.ts";
import { alike, type Answered } from "../event/answered.ts";
import { admit, type Admitted } from "./decode.ts";
import { acknowledgement } from "../event/encoding.ts";
import type { EventInHand } from "../event/event.ts";
import { mayAccept, waitsMs } from "../event/accept.ts";
import { acceptUnbegun, answerEvent } from "../event/life-cycle.ts";
import { buryBody } from "./malformed.ts";
import type { Soon } from "../../soon.ts";
import { codeOf } from "../thrown.ts";
import type { Runtime } from "../runtime.ts";

/** Items of one batch that are worked at a time. */
const atOnce = 16;

/** What an item came to: an answer, or the reason why it has none. */
type Result = { readonly answered: Answered } | { readonly error: unknown };

/** Answers a batch. Rejects with the reason for a refusal. */
export async function answerBatch(
  runtime: Runtime,
  items: readonly Decoded[],
  admitted: Admitted,
): Promise<Answered> {
  const results = await each(items, (item) => answerItem(runtime, item, admitted));
  const errors = results.flatMap((result) => ("error" in result ? [result.error] : []));
  const blocking = errors.find((error) => rowOf(codeOf(error)) === "unavailable");
  if (blocking) throw blocking;
  const transient = errors.filter((error) => rowOf(codeOf(error)) !== "malformed");
  if (transient.length > 0) throw transient.find((error) => codeOf(error) !== "retry_later") ?? transient[0];
  const answers = results.flatMap((result) => ("answered" in result ? [result.answered] : []));
  const good = answers.find(({ reply }) => reply.status === runtime.statuses.handled);
  if (good || results.length === 0)
    return alike(good?.outcome ?? "ignored", acknowledgement(runtime.provider));
  if (answers[0]) return answers[0];
  throw errors[0];
}

async function answerItem(runtime: Runtime, item: Decoded, admitted: Admitted): Promise<Result> {
  try {
    const answered = await answerInTime(runtime, await admit(runtime, item, admitted));
    // one reply goes out for all of them, and it carries no callback
    answered.reply.sent?.("not");
    return { answered };
  } catch (error) {
    if (rowOf(codeOf(error)) !== "malformed") return { error };
    return buryBody(runtime, { body: item.data, error, identity: admitted.identity }).then(
      () => ({ error }),
      (away: unknown) => ({ error: away }),
    );
  }
}

/** An item whose turn comes too late is not begun: accepted if it may be, else left to the provider's retry. */
function answerInTime(runtime: Runtime, event: EventInHand): Soon<Answered> {
  const age = runtime.clock.now() - event.seen.receivedAt;
  if (mayAccept(runtime) && age >= runtime.answerWithinMs) return acceptUnbegun(runtime, event);
  if (age < waitsMs(runtime)) return answerEvent(runtime, event);
  throw new AnswerbackError("running", "the provider does not wait any longer");
}

/** Works a few items at a time, in their order. */
async function each(items: readonly Decoded[], work: (item: Decoded) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [at, item] of rest) {
      results[at] = await work(item);
      // in memory nothing else would: a list of a million items must not keep the process from all other work
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
