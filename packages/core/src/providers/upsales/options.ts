/** The options of `upsales()`: more paths, other terms for callbacks, and the report of a dead letter. */
import {
  schemaOptions,
  withSchemas,
  type OwnData,
  type Schemas,
  type SchemaOptions,
} from "../../contract/event-schemas.ts";
import {
  aFunction,
  flag,
  listOf,
  objectWith,
  optional,
  text,
  wholeNumber,
  withDefault,
  type Kind,
} from "../../contract/kinds.ts";
import { OptionError } from "../../contract/option-error.ts";
import type { Failure } from "../../contract/callback-terms.ts";
import type { EventSpec } from "../../contract/event-spec.ts";
import { partsOf, readOptions } from "../../contract/read-options.ts";
import { runAnswer, type RunAnswer } from "./answer.ts";
import type { Callback } from "./callback.ts";
import { events, type UpsalesEvents } from "./events.ts";
import type { UpsalesRequest } from "./request.ts";

/** What `upsales()` takes. */
export interface UpsalesOptions<
  Paths extends CustomPaths = {},
  Data extends OwnData<EventsWith<Paths>> = {},
> extends SchemaOptions<EventsWith<Paths>, Data> {
  /**
   * Paths of your app beside the usual ones, each with its event type. Default: none.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.3 upsales.3}
   */
  readonly paths?: Paths | undefined;
  /**
   * Names of hosts that may be posted to, each with its subdomains. Default `["upsales.com"]`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
   */
  readonly callbackHosts?: readonly string[] | undefined;
  /**
   * The limit of a callback: its JSON must have fewer bytes of UTF-8. Default 102,400. From 100,000 bytes on a warning
   * `callback_near_limit` tells of it, since Upsales' page says "100kb".
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.10 upsales.10}
   */
  readonly maxCallbackBytes?: number | undefined;
  /**
   * Gives the callback that reports an accepted event as a dead letter, or `undefined`. Default: none.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.19 upsales.19}
   */
  readonly whenDead?: ((event: DeadEvent, error: Failure) => Callback | undefined) | undefined;
}

/**
 * From path to event type: `{ "/validateOrder": "order.validate", "/export/:id": "export" }`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.3 upsales.3}
 */
export interface CustomPaths {
  readonly [path: `/${string}`]: string | CustomPath;
}

/** An event type of your own, where its name alone does not say all. */
export interface CustomPath {
  /** The event type: no type of Upsales' own. */
  readonly type: string;
  /** Does somebody wait at a screen for the reply? Default `false`. */
  readonly interactive?: boolean | undefined;
}

/** Upsales' events, and those that {@link CustomPaths} add. */
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

/** The event that became a dead letter, as `whenDead` sees it: without its `callbackUrl`. */
export interface DeadEvent extends UpsalesRequest {
  /** The event type, or `"*"`. */
  readonly type: string;
  /** The same as `type`; Upsales' own name where that is `"*"`. */
  readonly name: string;
  /** What the event carries. */
  readonly data: unknown;
  /** The parameters of its path. */
  readonly params: Readonly<Record<string, string>>;
}

/** The options as the provider works with them. */
export interface UpsalesTerms {
  /** The usual events with those of `paths`, each with the schema that was chosen. */
  readonly events: Readonly<Record<string, EventSpec>>;
  /** In lower case. */
  readonly callbackHosts: readonly string[];
  readonly maxCallbackBytes: number;
  readonly whenDead: UpsalesOptions["whenDead"];
  readonly schema: Schemas["schema"];
}

/** Reads the options; throws an OptionError for the first mistake. */
export function readUpsalesOptions(options: UpsalesOptions<CustomPaths, any>): UpsalesTerms {
  const { paths, ...terms } = readOptions("upsales", options, known);
  return { ...terms, events: withSchemas("upsales", eventsWith(paths), terms) };
}

function eventsWith(paths: CustomPaths): Readonly<Record<string, EventSpec>> {
  const added: Record<string, EventSpec & { readonly path: readonly string[] }> = {};
  for (const [path, value] of Object.entries(paths)) {
    const { type, interactive } = customPath(`upsales: paths["${path}"]`, value);
    if (Object.hasOwn(events, type))
      throw new OptionError(
        "upsales: paths",
        "taken",
        `"${path}" needs an event type of its own, not "${type}"`,
      );
    const before = Object.hasOwn(added, type) ? added[type]?.path : undefined;
    added[type] = { path: [...(before ?? []), path], answer: runAnswer, interactive };
  }
  return { ...events, ...added };
}

const parts = partsOf({ type: text, interactive: withDefault(flag, false) });

const customPath: Kind<ReturnType<typeof parts>> = (option, value) =>
  parts(option, typeof value === "string" ? { type: text(option, value) } : value);

/** A host name with a dot in it, whose last label begins with a letter: no spelling of an IP address is like that. */
const hostName =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A name of a host, in lower case. Only names are good, since whoever sends a delivery chooses the address. */
const host: Kind<string> = (option, value) => {
  const name = text(option, value).toLowerCase();
  if (hostName.test(name)) return name;
  throw new OptionError(
    option,
    "invalid",
    `"${String(value)}" is not the name of a host like "upsales.com"; addresses and wildcards are not allowed`,
  );
};

const known = {
  paths: withDefault(
    objectWith<CustomPaths>('an object from path to event type, such as { "/export": "export" }'),
    {},
  ),
  callbackHosts: withDefault(listOf(host, "no callback could be posted; leave it out for upsales.com"), [
    "upsales.com",
  ]),
  maxCallbackBytes: withDefault(wholeNumber, 102_400),
  whenDead: optional(aFunction),
  ...schemaOptions,
};
