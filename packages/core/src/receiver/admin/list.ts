/** A page of records, as people ask for it. */
import type { Entry, ListedState, ListOptions, Place } from "../../contract/backend.ts";
import {
  type Kind,
  oneOf,
  optional,
  text,
  wholeNumberIn,
  withDefault,
  wrongKind,
} from "../../contract/kinds.ts";
import { OptionError } from "../../contract/option-error.ts";
import { readOptions } from "../../contract/read-options.ts";
import { toText } from "../record/about.ts";
import { readNote } from "../record/stored.ts";
import type { RecordAccess } from "../runtime.ts";
import { isError } from "./errors.ts";
import { toFound, type Found } from "./found.ts";

/** Which records. What is absent leaves none out. */
export interface RecordFilter {
  /** In this state. */
  readonly state?: Found["state"] | undefined;
  /** Of this event type, or of this name that the provider has for it. */
  readonly name?: string | undefined;
  /** About this: the provider's own id of a contact, an order, a message. */
  readonly id?: string | undefined;
  /** That arrived at this time or later; of dead letters, that died. A Date, or ms since the epoch. */
  readonly since?: Date | number | undefined;
  /** With this last error: its code, such as `"failed"`, or the `error` of a group of `records.errors()`. */
  readonly error?: string | undefined;
}

/** A page of records. */
export interface RecordPage {
  /** The records, the newest first. Fewer than asked for, or none, where many had to be passed over. */
  readonly records: readonly Found[];
  /** What the next page begins with; `undefined`: this was the last one. */
  readonly cursor: string | undefined;
}

/** A filter that was checked, with what the engine does not look at. */
export interface Which extends Pick<ListOptions, "state" | "name" | "id" | "since"> {
  readonly error?: string | undefined;
}

const states = ["held", "free", "due", "waiting", "paused", "dead", "settled"] as const;

/** How many records of the engine are looked through for an error at a time. */
const lookedThrough = 200;

/** How many pages of the engine one call looks at, where most of what they have was not asked for. */
const mostPages = 10;

/** A page of records. */
export async function listPage(
  access: RecordAccess,
  options: RecordFilter & { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
): Promise<RecordPage> {
  const { limit, cursor, ...filter } = readOptions("records.list", options, {
    ...filterKinds,
    limit: withDefault(wholeNumberIn(1, 1_000), 50),
    cursor: optional(aCursor),
  });
  const which = toWhich(filter);
  const found: Entry[] = [];
  let after: Place | undefined = cursor;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await nextPage(access, which, { limit: limit - found.length, after });
    found.push(...page.entries);
    after = page.next ?? undefined;
    if (!after || found.length >= limit) break;
  }
  return { records: found.map(toFound), cursor: after && writeCursor(after) };
}

/** A page of the engine, less what its error leaves out. */
export async function nextPage(
  { records }: Pick<RecordAccess, "records">,
  { error, ...which }: Which,
  { limit, after }: { readonly limit: number; readonly after: Place | undefined },
): Promise<{ readonly entries: readonly Entry[]; readonly next: Place | null }> {
  if (error === undefined) return records.list({ ...which, limit, after });
  const { entries, next } = await records.list({ ...which, limit: lookedThrough, after });
  const having = entries.filter(({ note }) => isError(readNote(note), error)).slice(0, limit);
  return { entries: having, next: having.length < limit ? next : placeOf(having.at(-1)!, which.state) };
}

/** Where a record stands in its list. */
function placeOf({ key, diedAt, arrivedAt }: Entry, state: Which["state"]): Place {
  return { at: (state === "dead" ? diedAt : arrivedAt)!, key };
}

/** The filter of a bulk call: its state is the first of `possible`, unless it says another of them. */
export function aFilter(option: string, filter: unknown, possible: readonly ListedState[]): Which {
  const { state = possible[0], ...rest } = readOptions(option, filter as RecordFilter, filterKinds);
  if (possible.includes(state!)) return { ...toWhich(rest), state };
  throw new OptionError(`${option}: state`, "invalid", `it is ${state}; give one of ${possible.join(", ")}`);
}

/** A Date, or ms since the epoch. */
const aTime: Kind<number> = (option, value) => {
  const ms = value instanceof Date ? value.getTime() : value;
  if (typeof ms === "number" && Number.isFinite(ms)) return ms;
  throw wrongKind(option, value, "a Date, or ms since the epoch");
};

const filterKinds = {
  state: optional(oneOf(...states)),
  name: optional(text),
  id: optional(text),
  since: optional(aTime),
  error: optional(text),
};

function toWhich({
  name,
  id,
  ...rest
}: Omit<Which, "name" | "id"> & {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
}): Which {
  return {
    ...rest,
    name: name === undefined ? undefined : toText(name),
    id: id === undefined ? undefined : toText(id),
  };
}

function writeCursor({ at, key }: Place): string {
  return `${at}:${key}`;
}

const aCursor: Kind<Place> = (option, value) => {
  const [, at, key] = /^(\d{1,16}):([^\0]+)$/.exec(text(option, value)) ?? [];
  if (at !== undefined && key !== undefined) return { at: Number(at), key };
  throw new OptionError(option, "invalid", "it is none; give the cursor of the page before");
};
