/** Paths under the mount: the event that a path means, and the segment in front that belongs to a credential. */
import type { EventSpec } from "../contract/event-spec.ts";
import { OptionError } from "../contract/option-error.ts";

/** What a path means. */
export interface Match {
  /** The event type; `undefined` at the mount itself, where the body tells the type. */
  readonly type: string | undefined;
  /** The path's parameters, percent-decoded once, in an object without a prototype. */
  readonly params: Readonly<Record<string, string>>;
}

/** A path that the receiver answers for. */
export interface Route extends Match {
  /** Does the path mean anything to the provider? If not, a wrong secret in front of it is still refused (any.14). */
  readonly isKnown: boolean;
}

/** Says what a path means; `undefined`: it means nothing to the provider. */
export type Matcher = (path: string) => Match | undefined;

const noParams: Match["params"] = Object.freeze(Object.create(null));

interface Pattern {
  readonly type: string;
  readonly segments: readonly string[];
}

/**
 * Compiles the events' paths. Case as written, one trailing slash ignored, literal segments win over `:names`, an empty
 * segment never matches. An event without a path is at the mount itself.
 *
 * @throws OptionError `invalid` for a path that cannot be matched, `taken` for the path of another event.
 * @example
 * createMatcher({ widget: { path: "/widget/:name" } })("/widget/a%20b"); // { type: "widget", params: { name: "a b" } }
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.3 upsales.3}
 */
export function createMatcher(events: Readonly<Record<string, EventSpec>>): Matcher {
  const patterns = Object.entries(events).flatMap(([type, { path = [] }]) =>
    [path].flat().map((one) => compile(type, one)),
  );
  const ordered = patterns.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
  checkDistinct(ordered);
  const atMount =
    Object.keys(events).length === 0 || Object.values(events).some(({ path }) => path === undefined);
  return (path) => {
    const segments = segmentsOf(path);
    if (!segments) return undefined;
    if (segments.length === 0 && atMount) return { type: undefined, params: noParams };
    return find(ordered, segments);
  };
}

/**
 * Cuts off the first segment, which belongs to a credential: of `"/s3cret/orderinsert/1"` the segment is `"s3cret"`, as
 * sent, and the rest `"/orderinsert/1"`. A path without one has the segment `""`. What the rest means is a
 * {@link Matcher}'s to say, after the segment was judged: a wrong one is refused whatever follows.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.14 any.14}
 */
export function splitSegment(path: string): { readonly segment: string; readonly rest: string } {
  const end = path.indexOf("/", 1);
  return end === -1
    ? { segment: path.slice(1), rest: "/" }
    : { segment: path.slice(1, end), rest: path.slice(end) };
}

/** A segment percent-decoded once; `undefined` if it cannot be. */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** A path of plain characters and percent bytes, as they travel, and of names that JavaScript could have. */
const wellFormed = /^(?:\/|(?:\/(?::[A-Za-z_]\w*|[\w\-.~!$&'()*+,;=@%][\w\-.~!$&'()*+,;=@%:]*))+)$/;

function compile(type: string, path: string): Pattern {
  if (!wellFormed.test(path))
    throw new OptionError(`${type}: path`, "invalid", `"${path}" must be like "/order" or "/order/:id"`);
  const segments = segmentsOf(path) ?? [];
  const names = segments.filter(isName);
  if (new Set(names).size < names.length)
    throw new OptionError(`${type}: path`, "invalid", `"${path}" has one name twice`);
  return { type, segments };
}

/** A text that sorts literal segments before names, from the left. */
function rank({ segments }: Pattern): string {
  return segments.map((segment) => (isName(segment) ? "/1" : `/0${segment}`)).join("");
}

function checkDistinct(ordered: readonly Pattern[]): void {
  for (const [index, pattern] of ordered.entries()) {
    const next = ordered[index + 1];
    if (next && rank(pattern) === rank(next)) {
      throw new OptionError(
        `${next.type}: path`,
        "taken",
        `/${pattern.segments.join("/")} is the path of ${pattern.type} already`,
      );
    }
  }
}

/** The segments of a path; `undefined` for a path with an empty segment, which means nothing. */
function segmentsOf(path: string): string[] | undefined {
  if (path === "" || path === "/") return [];
  const segments = (path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  return segments.shift() === "" && !segments.includes("") && segments.length > 0 ? segments : undefined;
}

function find(ordered: readonly Pattern[], segments: readonly string[]): Match | undefined {
  const pattern = ordered.find((one) => fits(one.segments, segments));
  const params = pattern && paramsOf(pattern.segments, segments);
  return params && { type: pattern.type, params };
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length && pattern.every((part, at) => isName(part) || part === segments[at])
  );
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Match["params"] | undefined {
  const params: Record<string, string> = Object.create(null);
  for (const [at, part] of pattern.entries()) {
    if (!isName(part)) continue;
    const value = decodeSegment(segments[at] ?? "");
    if (value === undefined) return undefined;
    params[part.slice(1)] = value;
  }
  return Object.freeze(params);
}

function isName(segment: string): boolean {
  return segment.startsWith(":");
}
