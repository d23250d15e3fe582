/** The `order` option: which events belong together, and which of them is older. */
import { aFunction, oneOf, optional, type Kind } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { partsOf } from "../contract/read-options.ts";

/** How new an event is: a number, or a text, compared by its code units. The versions of one entity are of one type. */
export type Version = number | string;

/** How the events of one entity are kept in order: handled one at a time, across all processes on the backend. */
export interface Order<Event> {
  /**
   * Names the entity that the event is about. Where entities of several kinds may have the same id, put the kind in front:
   * `contact 5`.
   *
   * @returns The name; `undefined`: this event needs no order.
   */
  by(event: Event): number | string | undefined;
  /**
   * Says how new the event is: the newer event has the greater version. Default: an event may be handled after any other.
   *
   * @returns The version; an event whose version is equal to the newest is handled again. `undefined`: a deletion is the
   *   newest event of all, any other event may be handled after any other.
   */
  version?(event: Event): Version | undefined;
  /** An event older than one that was handled: acknowledge it without the handler, or handle it. Default `"skip"`. */
  readonly stale?: "skip" | "handle" | undefined;
}

/** The option, checked: an OptionError is thrown for the first mistake. Its functions are called on it, as on any object. */
export const anOrder: Kind<Order<any>> = (option, value) => {
  parts(option, value);
  return value as Order<any>;
};

const parts = partsOf({
  by: aFunction,
  version: optional(aFunction),
  stale: optional(oneOf("skip", "handle")),
});

/** The entity that the event is about. Throws an OptionError for what cannot name an entity. */
export function entityOf(order: Order<any>, event: unknown): number | string | undefined {
  const entity: unknown = order.by(event);
  if (entity === undefined || typeof entity === "string" || Number.isFinite(entity)) return entity as never;
  throw new OptionError("order.by", "invalid", "it gave neither a text nor a number, nor undefined");
}

/** The event's version. Throws an OptionError for what cannot be compared. */
export function versionOf(order: Order<any>, event: unknown): Version | undefined {
  const version: unknown = order.version?.(event);
  if (version === undefined || typeof version === "string") return version;
  if (typeof version === "number" && !Number.isNaN(version)) return version;
  throw new OptionError("order.version", "invalid", "it gave neither a text nor a number, nor undefined");
}

/** Is a version older than the newest that was handled? Versions of two types cannot be compared, but Infinity is newest. */
export function isOlder(version: Version | undefined, newest: Version | undefined): boolean {
  if (version === undefined || newest === undefined) return false;
  if (typeof version !== typeof newest) return newest === Infinity;
  return version < newest;
}

/** A version as an entity's note: text inside of JSON, which has no Infinity. */
export function writeVersion(version: Version): string {
  return JSON.stringify({ [typeof version]: String(version) });
}

/** The version in an entity's note. */
export function readVersion(note: string | null): Version | undefined {
  if (note === null) return undefined;
  const { number, string } = JSON.parse(note) as { number?: string; string?: string };
  return number === undefined ? string : Number(number);
}
