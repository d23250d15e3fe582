/** The `order` option: what belongs together, and what is older than what. */
import { OptionError } from "../option-error.ts";

/** A number, or a text that is compared by its code units; the versions of one entity are of one type. */
export type Version = number | string;

/** Events of one entity are handled one at a time, across all processes on the backend. */
export interface Order<Event> {
  /**
   * What the event is about; `undefined`: nothing that has to be kept in order. Where ids of several kinds may be alike,
   * put the kind in front: `contact 5`.
   */
  by(event: Event): number | string | undefined;
  /**
   * The newer is the greater; an equal one is handled again. `undefined`: a deletion is the newest of all, and anything
   * else is handled whenever it comes.
   */
  version?(event: Event): Version | undefined;
  /** An older version after a newer one: acknowledge it without the handler, or handle it. Default `"skip"`. */
  readonly stale?: "skip" | "handle" | undefined;
}

/** Throws an OptionError for what cannot order anything. */
export function checkedOrder(order: Order<any> | undefined): Order<any> | undefined {
  if (order === undefined) return undefined;
  if (typeof order?.by !== "function")
    throw new OptionError(
      "order",
      "missing",
      "has no `by`; give a function from the event to what it is about",
    );
  if (order.version !== undefined && typeof order.version !== "function")
    throw new OptionError("order", "invalid", "`version` is not a function of the event");
  if (order.stale !== undefined && order.stale !== "skip" && order.stale !== "handle")
    throw new OptionError("order", "invalid", '`stale` is neither "skip" nor "handle"');
  return order;
}

/** What the event is about. Throws for what is no id. */
export function entityOf(order: Order<any>, event: unknown): number | string | undefined {
  const entity: unknown = order.by(event);
  if (entity === undefined || typeof entity === "string" || Number.isFinite(entity)) return entity as never;
  throw new TypeError("order.by gave neither a text nor a number, nor undefined");
}

/** How new the event is. Throws for what cannot be compared. */
export function versionOf(order: Order<any>, event: unknown): Version | undefined {
  const version: unknown = order.version?.(event);
  if (version === undefined || typeof version === "string") return version;
  if (typeof version === "number" && !Number.isNaN(version)) return version;
  throw new TypeError("order.version gave neither a text nor a number, nor undefined");
}

/** Has a newer one been handled? Versions of two types say nothing of each other, but nothing is newer than Infinity. */
export function isOlder(version: Version | undefined, newest: Version | undefined): boolean {
  if (version === undefined || newest === undefined) return false;
  if (typeof version !== typeof newest) return newest === Infinity;
  return version < newest;
}

/** A version as an entity's note; JSON alone has no Infinity. */
export function writeVersion(version: Version): string {
  return JSON.stringify({ [typeof version]: String(version) });
}

/** The version in an entity's note. */
export function readVersion(note: string | null): Version | undefined {
  if (note === null) return undefined;
  const { number, string } = JSON.parse(note) as { number?: string; string?: string };
  return number === undefined ? string : Number(number);
}
