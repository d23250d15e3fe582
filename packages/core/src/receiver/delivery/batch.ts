/** Several events in one delivery: each is answered by itself, then one reply goes out for all of them (inbox.2). */
import { AnswerbackError } from "../../contract/errors.ts";
import type { Decoded } from "../../contract/provider.ts";
import { rowOf } from "../../contract/statuses.ts";
import { answerEvent } from "../event/answer-event.ts";
import { acknowledgement } from "../event/encoding.ts";
import type { LoadedEvent } from "../event/event.ts";
import { sameForAll, type EventResult } from "../outcome.ts";
import type { Runtime } from "../runtime.ts";
import { codeOf } from "../thrown.ts";
import { toEvent } from "./decode.ts";
import { buryBody } from "./malformed.ts";
import type { OpenedDelivery } from "./open-delivery.ts";

/** Items of one batch that are worked at a time. */
const atOnce = 16;

/** What an item came to: an answer, or the reason why it has none. */
type ItemResult = { readonly result: EventResult } | { readonly error: unknown };

/** Answers a batch. Rejects with the reason for a refusal. */
export async function answerBatch(
  runtime: Runtime,
  items: readonly Decoded[],
  opened: OpenedDelivery,
): Promise<EventResult> {
  const outcomes = await mapInParallel(items, (item) => answerItem(runtime, item, opened));
  const errors = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
  const blocking = errors.find((error) => rowOf(codeOf(error)) === "unavailable");
  if (blocking) throw blocking;
  const transient = errors.filter((error) => !isMalformed(error));
  if (transient.length > 0) throw transient.find((error) => codeOf(error) !== "retry_later") ?? transient[0];
  const results = outcomes.flatMap((outcome) => ("result" in outcome ? [outcome.result] : []));
  const good = results.find(({ reply }) => reply.status === runtime.statuses.handled);
  if (good || outcomes.length === 0)
    return sameForAll(good?.outcome ?? "ignored", acknowledgement(runtime.provider));
  if (results[0]) return results[0];
  throw errors[0];
}

async function answerItem(runtime: Runtime, item: Decoded, opened: OpenedDelivery): Promise<ItemResult> {
  try {
    const result = await answerInTime(runtime, await toEvent(runtime, item, opened));
    // one reply goes out for all of them, and it carries no callback
    result.reply.sent?.("not");
    return { result };
  } catch (error) {
    if (!isMalformed(error)) return { error };
    opened.malformed += 1;
    return buryBody(runtime, { body: item.data, error, identity: opened.identity }).then(
      () => ({ error }),
      (away: unknown) => ({ error: away }),
    );
  }
}

/** An item whose turn comes too late is not begun: accepted if it may be, else left to the provider's retry. */
async function answerInTime(runtime: Runtime, event: LoadedEvent): Promise<EventResult> {
  const ageMs = runtime.clock.now() - event.view.receivedAt;
  if (runtime.acceptsLate && ageMs >= runtime.answerWithinMs)
    return answerEvent(runtime, event, { begin: false });
  if (ageMs < runtime.waitMs) return answerEvent(runtime, event);
  throw new AnswerbackError("running", "the provider does not wait any longer");
}

function isMalformed(error: unknown): boolean {
  return rowOf(codeOf(error)) === "malformed";
}

/** Works a few items at a time, in their order. */
async function mapInParallel(
  items: readonly Decoded[],
  work: (item: Decoded) => Promise<ItemResult>,
): Promise<ItemResult[]> {
  const results: ItemResult[] = [];
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
