/** A scenario as it goes on, line by line, and what it came to. */
import { printEntry, type AttemptEntry, type Journal, type JournalEntry } from "@answerback/simulator";
import { styled, type Style, type World } from "../world.ts";
import { visible } from "./visible.ts";

/** One line of the journal. */
export function shownEntry(world: World, entry: JournalEntry): string {
  const line = visible(printEntry(entry), 400);
  const { says } = entry.concluded;
  if (!line.endsWith(says)) return line;
  return line.slice(0, -says.length) + styled(world, styleOf(entry), says);
}

/** What a journal came to. */
export interface End {
  /** How many events ended so: `{ acknowledged: 3 }`. */
  readonly events: Readonly<Record<string, number>>;
  /** How many callbacks ended so. */
  readonly callbacks: Readonly<Record<string, number>>;
  /** Was every event acknowledged in the end, and every callback taken? */
  readonly isWell: boolean;
}

/** What became of each event: what the provider concluded of its last attempt. */
export function endOf(journal: Journal): End {
  const attempts = journal.filter((entry) => entry.kind === "attempt");
  const last = Map.groupBy(attempts, ({ event, id }) => JSON.stringify([event, id]));
  const ends = Array.from(last.values(), endOfEvent);
  const callbacks = journal
    .filter((entry) => entry.kind === "callback")
    .map(({ concluded }) => concluded.kind);
  return {
    events: counted(ends),
    callbacks: counted(callbacks),
    isWell: [...ends, ...callbacks].every((kind) => good.has(kind)),
  };
}

/** The same in a line. */
export function shownEnd(world: World, journal: Journal): string {
  const { events, callbacks, isWell } = endOf(journal);
  const words = (counts: End["events"]) =>
    Object.entries(counts)
      .map(([kind, number]) => `${number} ${kind}`)
      .join(", ");
  const parts = [`events: ${words(events)}`, ...(words(callbacks) ? [`callbacks: ${words(callbacks)}`] : [])];
  return styled(world, isWell ? "green" : "red", parts.join("; "));
}

const good = new Set(["acknowledged", "callback accepted"]);

/** A fault may have sent an event once more after it was acknowledged, which changes nothing. */
function endOfEvent(attempts: readonly AttemptEntry[]): string {
  const kinds = attempts.map(({ concluded }) => concluded.kind);
  return kinds.includes("acknowledged") ? "acknowledged" : kinds.at(-1)!;
}

function counted(kinds: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
}

function styleOf({ concluded: { kind } }: JournalEntry): Style {
  if (good.has(kind)) return "green";
  return kind === "will retry" ? "yellow" : "red";
}
