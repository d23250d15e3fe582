/** The types of handlers: what a handler gets and may return, worked out from the provider's event map. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CustomReply, Later } from "../contract/answers.ts";
import type { EventSpecs } from "../contract/provider.ts";

/** An event as a handler sees it. The provider's other fields stand beside these, under its own names. Frozen. */
export interface EventFacts<Type extends string, Data, Params> {
  /** A type that the provider lists, or `"*"`. */
  readonly type: Type;
  /** The same as `type`; the provider's own name where that is `"*"`. */
  readonly name: string;
  /** What the event carries, as the schema of its type gave it. */
  readonly data: Data;
  /** The parameters of its path, percent-decoded once. */
  readonly params: Params;
  /** Makes two deliveries the same event, and is what `receiver.find` and `receiver.answer` take: 43 characters. */
  readonly key: string;
  /** The ordinal of the delivery, where the provider tells it. The ordinal of the run is `context.attempt`. */
  readonly deliveryAttempt: number | undefined;
  /** The name that the authenticator gave the sender, if it gave one. */
  readonly identity: string | undefined;
  /** When the delivery's head arrived: ms since the epoch. */
  readonly receivedAt: number;
  /** Is a callback possible? */
  readonly callback: boolean;
}

/** What a handler gets beside its event. */
export interface HandlerContext {
  /**
   * Aborts when the work of the handler is no longer wanted: it takes too long, another process took the event over, the
   * receiver closes, or the user at the screen waits no longer.
   */
  readonly signal: AbortSignal;
  /** The ordinal of this run of the event, from 1. The ordinal of the delivery is `event.deliveryAttempt`. */
  readonly attempt: number;
}

/** What a handler gets beside its event on a backend whose transaction a handler can join. */
export interface TransactionContext<Db> extends HandlerContext {
  /**
   * Writes in the transaction that settles the event: both are committed, or neither. All calls of one run share the
   * transaction, which ends after the handler. Await each call.
   *
   * @param write Writes with the backend's own client. When it throws, the run has failed.
   * @returns What `write` returned.
   * @throws AnswerbackError `failed` after the handler has ended; whatever `write` throws.
   * @example
   * "contact.create": ({ data }, { transaction }) =>
   *   transaction((db) => db.query("insert into contacts (id) values ($1)", [data.id])),
   */
  transaction<Result>(write: (db: Db) => Result | Promise<Result>): Promise<Result>;
}

/** What a handler gets beside its event. `Db` is `never` where the backend has no transaction that a handler can join. */
export type ContextOf<Db> = [Db] extends [never] ? HandlerContext : TransactionContext<Db>;

/**
 * The user's function for an event. It returns the answer, `reply()`, `later()` or a promise of one; it throws `PermanentError`,
 * `RetryLater`, or any other error.
 */
export type Handler<Event, Answer, Db = never> = (
  event: Event,
  context: ContextOf<Db>,
) => Returned<Answer> | Promise<Returned<Answer>>;

type Returned<Answer> = Answer | Later | CustomReply<never> | (undefined extends Answer ? void : never);

/** What the option `handle` takes: one function for every event, or a function by event type. */
export type Handle<Events extends EventSpecs<Events>, Extra extends object, Db = never> =
  Handler<AnyEvent<Events, Extra>, AnyAnswer<Events>, Db> | HandlerMap<Events, Extra, Db>;

/**
 * Handlers by event type. An event without a handler goes to `"*"`; without that it is acknowledged and ignored. A type that
 * is written out with `undefined`, as a wrong import is, is refused at creation.
 */
export type HandlerMap<Events extends EventSpecs<Events>, Extra extends object, Db = never> = {
  readonly [Type in keyof Events & string]?: Handler<
    EventOf<Events, Extra, Type>,
    AnswerOf<Events[Type]>,
    Db
  >;
} & {
  /** Handles every event that has no handler of its own, listed or not. */
  readonly "*"?: Handler<AnyEvent<Events, Extra>, AnyAnswer<Events>, Db>;
};

/** The event of one type that the provider lists. */
export type EventOf<
  Events extends EventSpecs<Events>,
  Extra extends object,
  Type extends keyof Events & string,
> = Extra & EventFacts<Type, DataOf<Events[Type]>, ParamsOf<PathOf<Events[Type]>>>;

/** Any event: `event.type` narrows it. */
export type AnyEvent<Events extends EventSpecs<Events>, Extra extends object> =
  | { [Type in keyof Events & string]: EventOf<Events, Extra, Type> }[keyof Events & string]
  | (Extra & EventFacts<"*", unknown, Readonly<Record<string, string>>>);

/** The answers of all event types of the provider. */
export type AnyAnswer<Events extends EventSpecs<Events>> = {
  [Type in keyof Events]: AnswerOf<Events[Type]>;
}[keyof Events];

type DataOf<Spec> = Spec extends { readonly data?: StandardSchemaV1<any, infer Data> | undefined }
  ? Data
  : unknown;

type AnswerOf<Spec> = Spec extends { readonly answer?: StandardSchemaV1<any, infer Answer> | undefined }
  ? Answer
  : unknown;

type PathOf<Spec> = Spec extends { readonly path?: infer Path }
  ? Path extends readonly (infer One)[]
    ? One
    : Path
  : never;

type ParamsOf<Path> = {
  readonly [Name in NamesOf<Path>]: [Lacking<Path, Name>] extends [never] ? string : string | undefined;
};

type NamesOf<Path> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** Not `never` when one of the paths lacks the name. */
type Lacking<Path, Name> = Path extends string ? (Name extends NamesOf<Path> ? never : true) : never;

/**
 * A complaint in the place of a handler whose answer has a field that the provider does not know. TypeScript lets
 * excess fields in returned objects through (its issue 7547), and a misspelt field of a callback would do nothing. Without
 * a complaint the type is `unknown`, so that TypeScript's own checks of the handler stay on.
 */
export type Complaints<Events extends EventSpecs<Events>, Handling> = Handling extends (
  ...given: any
) => infer Given
  ? Complaint<Misspelt<Awaited<Given>, AnyAnswer<Events>>>
  : {
      [Type in keyof Handling]: ComplaintOf<
        Handling[Type],
        Type extends keyof Events ? AnswerOf<Events[Type]> : AnyAnswer<Events>
      >;
    };

type ComplaintOf<One, Answer> = One extends (...given: any) => infer Given
  ? Complaint<Misspelt<Awaited<Given>, Answer>>
  : unknown;

type Complaint<Field> = [Field] extends [never] ? unknown : `the answer has no field '${Field & string}'`;

/** The names in `Given`, at any depth of plain objects, that no member of the union `Known` has. */
type Misspelt<Given, Known> = unknown extends Known
  ? never
  : Given extends
        | readonly unknown[]
        | ((...given: any) => unknown)
        | string
        | number
        | boolean
        | null
        | undefined
        | void
    ? never
    : {
        [Field in keyof Given & string]: Field extends KeysOf<Known>
          ? Misspelt<Given[Field], ValueOf<Known, Field>>
          : Field;
      }[keyof Given & string];

/** The keys of all members of a union. An index signature makes every name known. */
type KeysOf<Known> = Known extends object ? keyof Known : never;

type ValueOf<Known, Field> = Known extends object
  ? Field extends keyof Known
    ? Exclude<Known[Field], null | undefined>
    : never
  : never;
