/** Several events in one delivery: each is answered by itself, then one reply goes out for all of them (inbox.2). */
import { AnswerbackError } from "../../contract/errors.ts";
import type { BatchResult, Decoded, DecodedDelivery } from "../../contract/provider-view.ts";
import { asReply } from "../../contract/replies.ts";
import { rowOf } from "../../contract/statuses.ts";
import { answerEvent } from "../event/answer-event.ts";
import { acknowledgement } from "../event/encoding.ts";
import type { LoadedEvent } from "../event/event.ts";
import type { Outcome } from "../observe.ts";
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

/** A batch: its items, and the delivery as it was decoded. */
export interface Batch {
  readonly items: readonly Decoded[];
  readonly delivery: DecodedDelivery;
}

/** Answers a batch. Rejects with the reason for a refusal. */
export async function answerBatch(
  runtime: Runtime,
  { items, delivery }: Batch,
  opened: OpenedDelivery,
): Promise<EventResult> {
  const outcomes = await mapInParallel(items, (item) => answerItem(runtime, item, opened));
  const told = outcomes.flatMap((outcome) => ("result" in outcome ? [outcome.result.reply.sent] : []));
  // one reply goes out for all of them, and it carries no callback
  const sent = () => told.forEach((tell) => tell?.("not"));
  try {
    const results = outcomes.map((outcome, at) => toBatchResult(items[at]!, outcome));
    const { provider } = runtime;
    const own = provider.encodeBatch?.(results, delivery);
    const result = own
      ? sameForAll(outcomeOfBatch(outcomes), asReply(`${provider.name}'s encodeBatch`, own))
      : usual(runtime, outcomes);
    return { ...result, reply: { ...result.reply, sent } };
  } catch (error) {
    sent();
    throw error;
  }
}

function toBatchResult({ data }: Decoded, outcome: ItemResult): BatchResult {
  if ("error" in outcome) return { data, code: codeOf(outcome.error) };
  return { data, code: outcome.result.error?.code };
}

function outcomeOfBatch(outcomes: readonly ItemResult[]): Outcome {
  const first = outcomes.find((outcome) => "result" in outcome);
  return first?.result.outcome ?? (outcomes.length > 0 ? "failed" : "ignored");
}

/** What the items came to together (inbox.2). */
function usual(runtime: Runtime, outcomes: readonly ItemResult[]): EventResult {
  const errors = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
  const blocking = errors.find((error) => rowOf(codeOf(error)) === "unavailable");
  if (blocking) throw blocking;
  const transient = errors.filter((error) => !isMalformed(error));
  if (transient.length > 0) throw transient.find((error) => codeOf(error) !== "retry_later") ?? transient[0];
  const results = outcomes.flatMap((outcome) => ("result" in outcome ? [outcome.result] : []));
  const { handled, accepted } = runtime.statuses;
  const good = results.filter(({ reply: { status } }) => status === handled || status === accepted);
  const { outcome = "ignored" } = good.find((one) => one.outcome === "accepted") ?? good[0] ?? {};
  if (good.length > 0 || outcomes.length === 0)
    return sameForAll(outcome, acknowledgement(runtime, undefined, { accepted: outcome === "accepted" }));
  if (results[0]) return results[0];
  throw errors[0];
}

async function answerItem(runtime: Runtime, item: Decoded, opened: OpenedDelivery): Promise<ItemResult> {
  try {
    return { result: await answerInTime(runtime, await toEvent(runtime, item, opened), opened) };
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
async function answerInTime(
  runtime: Runtime,
  event: LoadedEvent,
  { tellsSent }: OpenedDelivery,
): Promise<EventResult> {
  const ageMs = runtime.clock.now() - event.view.receivedAt;
  const { acceptsLate, answerWithinMs, waitMs } = event.terms;
  if (acceptsLate && ageMs >= answerWithinMs) return answerEvent(runtime, event, { tellsSent, begin: false });
  if (ageMs < waitMs) return answerEvent(runtime, event, { tellsSent });
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
