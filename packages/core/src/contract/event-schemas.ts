/** Which schema an event's data has to fit: the provider's documented one, leniently or strictly, or the user's own. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { nearest } from "../lib/nearest.ts";
import { aSchema, objectWith, oneOf, withDefault, type Kind } from "./kinds.ts";
import { OptionError } from "./option-error.ts";
import type { EventSpec, EventSpecs } from "./event-spec.ts";

/** The options of the four providers about the schemas of their events. */
export interface SchemaOptions<Events extends EventSpecs<Events>, Data> {
  /**
   * What happens to an event that differs from the provider's documentation in a field that is neither an id nor in its key.
   * `"lenient"`: it is handed over as it came, with a warning `schema_drift` for each field. `"strict"`: it is malformed, and
   * refused. Default `"lenient"`, since the providers' pages promise little.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.28 any.28}
   */
  readonly schema?: "lenient" | "strict" | undefined;
  /**
   * Schemas of your own by event type, of zod or any other Standard Schema library: each checks and types `event.data` in the
   * place of ours. They are strict. A message of theirs may be told, so let it quote no value. Default: none.
   *
   * @example
   * postback({ data: { "contact.create": z.object({ id: z.string(), email: z.email() }) } })
   */
  readonly data?: (OwnSchemas<Data> & NoOthers<Events, Data>) | undefined;
}

type OwnSchemas<Data> = { readonly [Type in keyof Data]: StandardSchemaV1<unknown, Data[Type]> };

/** An event type that the provider does not have takes no schema. */
type NoOthers<Events, Data> = { readonly [Type in Exclude<keyof Data, keyof Events>]: never };

/** What own schemas may be given for: the provider's event types. */
export type OwnData<Events> = { readonly [Type in keyof Events]?: unknown };

/** The provider's events, their data as the user's own schemas type them. */
export type EventsWithData<Events, Data> = {
  readonly [Type in keyof Events]: Type extends keyof Data
    ? WithData<Events[Type], Data[Type]>
    : Events[Type];
};

type WithData<Spec, Data> =
  Spec extends EventSpec<any, infer Answer, infer Path> ? EventSpec<Data, Answer, Path> : never;

/** The options that were read. */
export interface Schemas {
  readonly schema: "lenient" | "strict";
  readonly data: object;
}

/** For `readOptions`: the options of {@link SchemaOptions}. */
export const schemaOptions: { readonly [Name in keyof Schemas]: Kind<Schemas[Name]> } = {
  schema: withDefault(oneOf("lenient", "strict"), "lenient"),
  data: withDefault(objectWith<object>('schemas by event type, such as { "contact.create": schema }'), {}),
};

/**
 * The events, each with the schema that the options choose.
 *
 * @param provider The function that takes the options, for errors: `"postback"`.
 * @throws OptionError for `data` `unknown` for an event type that the provider does not have, `missing` or `invalid` for what
 *   is no schema.
 */
export function withSchemas<Events extends EventSpecs<Events>>(
  provider: string,
  events: Events,
  { schema, data }: Schemas,
): Events {
  const specs = new Map<string, EventSpec>(Object.entries(events));
  if (schema === "strict") for (const [type, spec] of specs) specs.set(type, strictly(spec));
  for (const [type, own] of Object.entries(data)) {
    const spec = specs.get(type);
    if (!spec) throw noEvent(`${provider}: data`, type, [...specs.keys()]);
    specs.set(type, strictly(spec, aSchema(`${provider}: data["${type}"]`, own)));
  }
  return Object.fromEntries(specs) as Events;
}

/** The event type with nothing handed over that differs. */
function strictly(spec: EventSpec, data: EventSpec["data"] = spec.data): EventSpec {
  return { ...spec, data, sure: undefined };
}

function noEvent(option: string, type: string, known: readonly string[]): OptionError {
  const near = nearest(type, known);
  const offer = near ? `did you mean "${near}"?` : `there are ${known.join(", ")}`;
  return new OptionError(option, "unknown", `there is no event "${type}"; ${offer}`);
}
