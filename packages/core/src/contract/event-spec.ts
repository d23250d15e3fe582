/** What is known of one event type: its path, its schemas, and where its terms differ from the provider's. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CallbackTerms } from "./callback-terms.ts";
import type { Duration } from "./duration.ts";
import type { ProviderEvent } from "./provider-view.ts";

/** From event type to what is known of the event. */
export type EventSpecs<Events> = { readonly [Type in keyof Events]: EventSpec };

/** One event type. */
export interface EventSpec<Data = any, Answer = any, Path extends string = string> {
  /**
   * Its path under the mount, or several: `"/widgetRow/:name/:arg"`. The names become `event.params`. Default: the mount
   * itself.
   */
  readonly path?: Path | readonly Path[] | undefined;
  /** Checks and types `event.data`. Default: any data is good. */
  readonly data?: StandardSchemaV1<unknown, Data> | undefined;
  /**
   * The part of `data` that is sure, where the provider's page does not promise the rest. Data that differ from `data`, and
   * not from this, are handed over as they came, with a warning `schema_drift` for each field. It is asked only then. Default:
   * all of `data` is sure, and what differs is `malformed`.
   *
   * @example
   * "contact.create": { data: contactSchema, sure: z.looseObject({ id: z.string() }) },
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.28 any.28}
   */
  readonly sure?: StandardSchemaV1 | undefined;
  /** Checks and types what a handler returns. Default: the provider reads no answer, and what is returned is dropped. */
  readonly answer?: StandardSchemaV1<unknown, Answer> | undefined;
  /**
   * Does somebody wait at a screen for the reply? Then the event is handled each time, and never accepted. Default
   * `false`.
   */
  readonly interactive?: boolean | undefined;
  /**
   * Does the event say that its entity is gone? Then `order` takes it for the newest event of the entity, unless it has a
   * version. Default `false`.
   */
  readonly deletes?: boolean | undefined;
  /**
   * The provider's own handler, for an event that it can handle by itself, such as a subscription that is to be confirmed.
   * It is asked where the app has no handler for just this type, before `"*"`. What it returns is the answer.
   */
  handle?(event: ProviderEvent): unknown;
  /** How long the provider waits for the reply to this event. Default: the provider's. */
  readonly patience?: Duration | undefined;
  /** How long after its head this event is acknowledged at the latest. Default: the provider's, at most half of its patience. */
  readonly answerWithin?: Duration | undefined;
  /** Is this event sent again where it was not acknowledged? Default: the provider's. */
  readonly retries?: boolean | undefined;
  /** How long the key of this event is remembered. Default: the provider's. */
  readonly retention?: Duration | undefined;
  /**
   * Where the terms of its callback address differ from the provider's; `false`: it has none. Default: the provider's.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.37 any.37}
   */
  readonly callback?: false | Partial<CallbackTerms> | undefined;
}
