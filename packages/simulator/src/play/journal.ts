/** The journal of a scenario: what was sent, what was seen, what the provider concluded; as data, and printed. */
import type { CallbackFault } from "../callbacks/post.ts";
import type { Conclusion, Seen } from "../protocols/conclusion.ts";
import { inShort } from "../protocols/conclusion.ts";
import type { AnyDelivery } from "../protocols/protocol.ts";
import type { Fault } from "./faults.ts";

/** One line: an attempt, or a callback. */
export type JournalEntry = AttemptEntry | CallbackEntry;

/** What all entries say. */
export interface EntryHead {
  /** When the attempt began, or the callback came: ms since the scenario began. */
  readonly atMs: number;
  /** Who sent the event. */
  readonly provider: AnyDelivery["provider"];
  /** What happened: `"contact.create"`. */
  readonly event: string;
  /** The id of the entity that the event is about; `""`: there is none. */
  readonly id: string;
  /** What the provider made of it. */
  readonly concluded: Conclusion;
}

/** An attempt and what came of it. */
export interface AttemptEntry extends EntryHead {
  readonly kind: "attempt";
  /** The ordinal of the attempt, from 1. */
  readonly attempt: number;
  /** What went wrong with it. Default: nothing. */
  readonly fault?: Fault;
  /** What came back. */
  readonly seen: Seen;
}

/** A callback that reached its provider, inline or by post. */
export interface CallbackEntry extends EntryHead {
  readonly kind: "callback";
  /** In the answer to the delivery, or by a request to the callbackUrl. */
  readonly how: "inline" | "posted";
  /** Of a post: the method, where it is not `"POST"`. */
  readonly method?: string;
  /** `true`: it was sent before the delivery that brought the address was acknowledged. */
  readonly early?: true;
  /** What went wrong with the post. Default: nothing. */
  readonly fault?: CallbackFault;
  /** The callback as text; of an inline one, JSON text. */
  readonly body: string;
}

/** All lines of a scenario, in the order in which they were concluded. */
export type Journal = readonly JournalEntry[];

/**
 * The journal as a table, one line an entry.
 *
 * @example console.log(printJournal(await play(app, deliveries.postback.contactCreate())));
 */
export function printJournal(journal: Journal): string {
  return journal.map(printEntry).join("\n");
}

/** One entry as one line, for `observe`. */
export function printEntry(entry: JournalEntry): string {
  const { provider, event, id, concluded } = entry;
  const columns = [at(entry.atMs).padStart(11), provider.padEnd(8), `${event} ${shorten(id)}`.padEnd(30)];
  return [...columns, happened(entry).padEnd(44), concluded.says].join("  ");
}

function happened(entry: JournalEntry): string {
  const fault = entry.fault ? ` (${entry.fault.kind})` : "";
  if (entry.kind === "callback")
    return `callback ${entry.how}${entry.method ? ` by ${entry.method}` : ""}${fault}`;
  return `attempt ${entry.attempt}: ${inShort(entry.seen)}${fault}`;
}

/** `"1d 00:05:00"` */
function at(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const days = Math.floor(seconds / 86_400);
  const time = [seconds / 3_600, seconds / 60, seconds].map((part, index) =>
    String(Math.floor(part) % (index === 0 ? 24 : 60)).padStart(2, "0"),
  );
  return `${days ? `${days}d ` : ""}${time.join(":")}`;
}

const shorten = (id: string) => (id.length > 12 ? `${id.slice(0, 8)}…` : id);
