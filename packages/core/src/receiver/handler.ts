/** What a handler gets and may return, worked out from the provider's event map. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Later } from "../answers.ts";
import type { EventSpecs } from "../provider.ts";

/** An event as a handler sees it. The provider's other fields stand beside these, under its own names. Frozen. */
export interface EventFacts<Type extends string, Data, Params> {
  /** One of the provider's listed types, or `"*"`. */
  readonly type: Type;
  /** The same as `type`; the provider's own name where it is `"*"`. */
  readonly name: string;
  readonly data: Data;
  /** The parameters of its path. */
  readonly params: Params;
  /** What `receiver.find` and `receiver.answer` take. */
  readonly key: string;
  /** The ordinal of the delivery, where the provider tells it. */
  readonly attempt: number | undefined;
  /** Who sent it, where the authenticator names somebody. */
  readonly identity: string | undefined;
  /** When the delivery's head arrived: ms since the epoch. */
  readonly receivedAt: number;
  /** Is a callback possible? */
  readonly callback: boolean;
}

/** What a handler gets beside its event. */
export interface HandlerContext {
  /** Aborts when what the handler does is no longer wanted: out of time, taken over, closing. */
  readonly signal: AbortSignal;
  /** The ordinal of this run of the event, from 1. */
  readonly attempt: number;
}

/** What a handler gets beside its event on a backend that its own writes can join. */
export interface TransactionContext<Db> extends HandlerContext {
  /**
   * Writes in the transaction that settles the event: both are there, or neither. It ends after the handler; a later
   * call in the same run goes on in it. Resolves to what `write` returned. When `write` throws, the run has failed.
   *
   * @example
   * "contact.create": ({ data }, { transaction }) =>
   *   transaction((db) => db.query("insert into contacts (id) values ($1)", [data.id])),
   */
  transaction<Result>(write: (db: Db) => Result | Promise<Result>): Promise<Result>;
}

/** What a handler gets beside its event; `Db` is never where the backend has no transactions to join. */
export type ContextOf<Db> = [Db] extends [never] ? HandlerContext : TransactionContext<Db>;

/** The user's function for an event. */
export type Handler<Event, Answer, Db = never> = (
  event: Event,
  context: ContextOf<Db>,
) => Returned<Answer> | Promise<Returned<Answer>>;

type Returned<Answer> = Answer | Later | (undefined extends Answer ? void : never);

/** What `handle` takes: one function for every event, or one by event type, where `"*"` has all that is not named. */
export type Handle<Events extends EventSpecs<Events>, Extra extends object, Db = never> =
  Handler<AnyEvent<Events, Extra>, AnyAnswer<Events>, Db> | HandlerMap<Events, Extra, Db>;

/** @see {@link Handle} */
export type HandlerMap<Events extends EventSpecs<Events>, Extra extends object, Db = never> = {
  readonly [Type in keyof Events & string]?: Handler<
    EventOf<Events, Extra, Type>,
    AnswerOf<Events[Type]>,
    Db
  >;
} & { readonly "*"?: Handler<AnyEvent<Events, Extra>, AnyAnswer<Events>, Db> };

/** The event of one listed type. */
export type EventOf<
  Events extends EventSpecs<Events>,
  Extra extends object,
  Type extends keyof Events & string,
> = Extra & EventFacts<Type, DataOf<Events[Type]>, ParamsOf<PathOf<Events[Type]>>>;

/** Any event: `event.type` narrows it. */
export type AnyEvent<Events extends EventSpecs<Events>, Extra extends object> =
  | { [Type in keyof Events & string]: EventOf<Events, Extra, Type> }[keyof Events & string]
  | (Extra & EventFacts<"*", unknown, Readonly<Record<string, string>>>);

/** Any answer that some event of the provider takes. */
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

/** Not `never` when some of the paths lacks the name. */
type Lacking<Path, Name> = Path extends string ? (Name extends NamesOf<Path> ? never : true) : never;

/**
 * A complaint in the place of a handler whose answer has a field that the provider does not know. TypeScript lets
 * excess fields in returned objects through (its issue 7547), and a misspelt callback field is lost without a word.
 * Empty when all is well, so that its own checks of the handler stay on.
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

/** The names in `Given`, at any depth of plain objects, that no form of `Known` has. */
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

/** Of a union the keys of every member; an index signature makes every name known. */
type KeysOf<Known> = Known extends object ? keyof Known : never;

type ValueOf<Known, Field> = Known extends object
  ? Field extends keyof Known
    ? Exclude<Known[Field], null | undefined>
    : never
  : never;
