/** Records, counts, groups and pauses, in lines for people. */
import type { ErrorGroup, Found, Paused, RecordCounts } from "@answerback/core";
import { styled, type Style, type World } from "../world.ts";
import { table } from "./table.ts";
import { instant, inWords } from "./times.ts";
import { count, visible } from "./visible.ts";

const styles: Partial<Record<Found["state"], Style>> = {
  dead: "red",
  due: "yellow",
  paused: "yellow",
  waiting: "yellow",
  settled: "green",
  held: "cyan",
};

/** A record a line, the key last, so that it can be copied whole. */
export function shownRecords(
  world: World,
  records: readonly Found[],
  { headed }: { readonly headed: boolean },
): string {
  const rows = records.map((record) => [
    timeOf(record),
    record.state,
    visible(record.name ?? record.work ?? "–", 40),
    visible(record.id ?? "–", 40),
    String(record.attempts),
    record.error ? `${record.error.code}: ${visible(record.error.message, 60)}` : "–",
    visible(record.key),
  ]);
  const head = ["ARRIVED (UTC)", "STATE", "EVENT", "ID", "ATTEMPTS", "ERROR", "KEY"];
  const lines = table(headed ? [head, ...rows] : rows).split("\n");
  return lines.map((line, at) => coloured(world, line, records[headed ? at - 1 : at])).join("\n");
}

/** Dead letters stand where they died. */
function timeOf({ arrivedAt, diedAt }: Found): string {
  const at = diedAt ?? arrivedAt;
  return at === undefined ? "–" : instant(at);
}

/** Padded before it is coloured, since colours have a length and no width. */
function coloured(world: World, line: string, record: Found | undefined): string {
  if (!record) return styled(world, "dim", line);
  const style = styles[record.state];
  return style ? line.replace(` ${record.state} `, ` ${styled(world, style, record.state)} `) : line;
}

type Counted = Omit<RecordCounts, "runs" | "posts"> & { readonly receiver: string };

const states = ["held", "free", "due", "waiting", "paused", "dead", "settled"] as const;

/** A receiver a line. */
export function shownStats(world: World, all: readonly Counted[]): string {
  const rows = all.map(({ receiver, counts, upTo, dueForMs }) => [
    visible(receiver, 40),
    ...states.map((state) => count(counts[state]) + (counts[state] >= upTo ? "+" : "")),
    dueForMs > 0 ? inWords(dueForMs) : "–",
  ]);
  const [head = "", ...lines] = table([
    ["RECEIVER", ...states.map((state) => state.toUpperCase()), "DUE SINCE"],
    ...rows,
  ]).split("\n");
  const pauses = all.filter(({ paused }) => paused.all || paused.names.length > 0);
  return [
    styled(world, "dim", head),
    ...lines,
    ...pauses.map(({ receiver, paused }) => styled(world, "yellow", shownPaused(receiver, paused))),
  ].join("\n");
}

/** What is paused, as a sentence. */
export function shownPaused(receiver: string, { all, names }: Paused): string {
  const which = names.map((name) => visible(name, 80)).join(", ");
  if (all) return `${visible(receiver)}: the handling of all events is paused`;
  return `${visible(receiver)}: ${which === "" ? "nothing is paused" : `the handling of ${which} is paused`}`;
}

/** A group a line, the error last, so that it can be copied whole. */
export function shownGroups(
  world: World,
  groups: readonly (ErrorGroup & { readonly receiver: string })[],
): string {
  const rows = groups.map(({ receiver, error, count: number, names }) => [
    count(number),
    visible(receiver, 40),
    visible(names.slice(0, 3).join(", ") + (names.length > 3 ? " …" : ""), 80),
    visible(error),
  ]);
  const [head = "", ...lines] = table([["DEAD", "RECEIVER", "EVENTS", "ERROR"], ...rows]).split("\n");
  return [styled(world, "dim", head), ...lines].join("\n");
}
