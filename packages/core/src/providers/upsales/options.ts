/** The options of `upsales()`: more paths, other terms for callbacks, and what to say of a dead letter. */
import type { EventSpec, Failure } from "../../provider.ts";
import { runAnswer, type RunAnswer } from "./answer.ts";
import type { Callback } from "./callback.ts";
import { events, type UpsalesEvents } from "./events.ts";
import type { UpsalesRequest } from "./request.ts";
import { OptionError } from "../../option-error.ts";

/** What {@link upsales} takes. */
export interface UpsalesOptions<Paths extends CustomPaths = {}> {
  /** Paths of your app beside the usual ones, each with its event type. @see upsales.3 */
  readonly paths?: Paths | undefined;
  /** Hosts that may be posted to, each with its subdomains. Default `["upsales.com"]`; there is no "any". @see upsales.17 */
  readonly callbackHosts?: readonly string[] | undefined;
  /** UTF-8 bytes of a callback's JSON, strictly below. Default 102,400. @see upsales.10 */
  readonly maxCallbackBytes?: number | undefined;
  /** The callback that is posted when an accepted event became a dead letter. Default: none. @see upsales.19 */
  readonly whenDead?: ((event: DeadEvent, error: Failure) => Callback | undefined) | undefined;
}

/** From path to event type. @see upsales.3 */
export interface CustomPaths {
  readonly [path: `/${string}`]: string | CustomPath;
}

/** An event type of your own, and whether somebody looks at a screen until it is answered. Default: nobody does. */
export interface CustomPath {
  readonly type: string;
  readonly person?: boolean | undefined;
}

/** Upsales' events and those that {@link CustomPaths} add. */
export type EventsWith<Paths extends CustomPaths> = {
  readonly [Type in keyof UpsalesEvents | TypeAt<Paths[keyof Paths]>]: Type extends keyof UpsalesEvents
    ? UpsalesEvents[Type]
    : EventSpec<unknown, RunAnswer, PathOf<Paths, Type>>;
};

type TypeAt<Value> = Value extends string
  ? Value
  : Value extends { readonly type: infer Type extends string }
    ? Type
    : never;

type PathOf<Paths extends CustomPaths, Type> = {
  [Path in keyof Paths & string]: Type extends TypeAt<Paths[Path]> ? Path : never;
}[keyof Paths & string];

/** The event as the last word on it may see it: without its address. */
export interface DeadEvent extends UpsalesRequest {
  readonly type: string;
  readonly name: string;
  readonly data: unknown;
  readonly params: Readonly<Record<string, string>>;
}

/** The usual events with those of `paths`. Throws a TypeError for a type that is taken. */
export function eventsWith(paths: CustomPaths = {}): Readonly<Record<string, EventSpec>> {
  const added: Record<string, EventSpec & { readonly path: readonly string[] }> = {};
  for (const [path, value] of Object.entries(paths)) {
    const { type, person = false }: CustomPath = typeof value === "string" ? { type: value } : value;
    if (!type || Object.hasOwn(events, type)) {
      throw new OptionError(
        "upsales: paths",
        "taken",
        `"${path}" needs an event type of its own, not "${type}"`,
      );
    }
    const before = Object.hasOwn(added, type) ? added[type]?.path : undefined;
    added[type] = { path: [...(before ?? []), path], answer: runAnswer, person };
  }
  return { ...events, ...added };
}

/** A name with a dot in it whose last label begins with a letter, which no IP address in any spelling does. */
const hostName =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The hosts in lower case. Throws a TypeError unless all are names of hosts, since whoever sends chooses the address. */
export function checkedHosts(hosts: readonly string[] = ["upsales.com"]): readonly string[] {
  if (hosts.length === 0)
    throw new OptionError(
      "upsales: callbackHosts",
      "empty",
      "no callback could be posted; leave it out for upsales.com",
    );
  return hosts.map((host) => {
    const name = host.toLowerCase();
    if (hostName.test(name)) return name;
    throw new OptionError(
      "upsales: callbackHosts",
      "invalid",
      `"${host}" is not the name of a host like "upsales.com"; addresses and wildcards are not allowed`,
    );
  });
}

/** The limit, if it is one. */
export function checkedBytes(bytes: number = 102_400): number {
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new OptionError("upsales: maxCallbackBytes", "invalid", `${bytes} is not a whole number above 0`);
}
