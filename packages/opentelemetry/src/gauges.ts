/** Gauges of what a receiver keeps and has under way, asked for at each collection, once for all of them. */
import type { Instrumented } from "@answerback/core";
import type { BatchObservableCallback, Meter } from "@opentelemetry/api";
import { ownerOf } from "./attributes.ts";

/** Measures the records of a receiver. Returns the function that stops it. */
export function measureRecords(meter: Meter, receiver: Instrumented): () => void {
  const gauge = (name: string, unit: string, description: string) =>
    meter.createObservableGauge(name, { unit, description });
  const records = gauge(
    "answerback.records",
    "{record}",
    "Records by state, in all processes on the backend.",
  );
  const dueFor = gauge("answerback.due.age", "s", "How long what has been due longest has been due.");
  const runs = gauge("answerback.runs.active", "{run}", "Handlers that run in this process.");
  const posts = gauge("answerback.posts.active", "{post}", "Callbacks that this process is posting.");
  const paused = gauge(
    "answerback.paused",
    "1",
    "Is the receiver, or one of its event types, paused? 1 or 0.",
  );
  const all = [records, dueFor, runs, posts, paused];
  const owner = ownerOf(receiver);

  const observe: BatchObservableCallback = async (result) => {
    // a backend that is away is told by the receiver, and has no figures
    const stats = await receiver.records.stats().catch(() => undefined);
    if (!stats) return;
    for (const [state, count] of Object.entries(stats.counts))
      result.observe(records, count, { ...owner, "answerback.record.state": state });
    result.observe(dueFor, stats.dueForMs / 1_000, owner);
    result.observe(runs, stats.runs, owner);
    result.observe(posts, stats.posts, owner);
    result.observe(paused, stats.paused.all || stats.paused.names.length > 0 ? 1 : 0, owner);
  };

  meter.addBatchObservableCallback(observe, all);
  return () => meter.removeBatchObservableCallback(observe, all);
}
