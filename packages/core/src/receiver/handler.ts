/** The types of handlers: what a handler gets and may return, worked out from the provider's event map. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CustomReply, Later } from "../contract/answers.ts";
import type { Mistake } from "../contract/mistakes.ts";
import type { EventSpecs } from "../contract/event-spec.ts";

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
  /**
   * Posts a partial answer, such as how far the work has come, to a callback address that is good for more than one use. The
   * event is acknowledged first, and the last use is left to the answer. Sent once: a run after a crash may post it again.
   *
   * @param partial What the handler might have returned, with a callback.
   * @returns A promise that resolves when the provider took it; also, and that is told, where no use is left but the
   *   answer's, as earlier runs may have spent them.
   * @throws AnswerbackError `callback_spent` for an address of one use; `callback_expired`; `callback_rejected` and
   *   `callback_failed` for a post that was not taken; `wrong_state` for an interactive event, and after the run;
   *   `invalid_answer` and `callback_too_large`.
   * @example
   * await context.post({ text: "Half of it is done." });
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.39 any.39}
   */
  post(partial: unknown): Promise<void>;
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

/**
 * What the option `handle` takes: one function for every event, or a function by event type. `Beside`: what may be returned
 * besides, for a check of the answers that follows.
 */
export type Handle<Events extends EventSpecs<Events>, Extra extends object, Db = never, Beside = never> =
  Handler<AnyEvent<Events, Extra>, AnyAnswer<Events> | Beside, Db> | HandlerMap<Events, Extra, Db, Beside>;

/**
 * Handlers by event type. An event without a handler goes to `"*"`; without that it is acknowledged and ignored. A type that
 * is written out with `undefined`, as a wrong import is, is refused at creation.
 */
export type HandlerMap<
  Events extends EventSpecs<Events>,
  Extra extends object,
  Db = never,
  Beside = never,
> = {
  readonly [Type in keyof Events & string]?: Handler<
    EventOf<Events, Extra, Type>,
    AnswerOf<Events[Type]> | Beside,
    Db
  >;
} & {
  /** Handles every event that has no handler of its own, listed or not. */
  readonly "*"?: Handler<AnyEvent<Events, Extra>, AnyAnswer<Events> | Beside, Db>;
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
 * A complaint in the place of a handler with a wrong answer: a sentence that names the mistake, or, where none does, the type
 * that the handler should have had. Without a complaint the type is `unknown`.
 */
export type Complaints<Events extends EventSpecs<Events>, Handling> = Handling extends (...given: any) => any
  ? ComplaintOf<Handling, AnyAnswer<Events>>
  : {
      [Type in keyof Handling]: ComplaintOf<
        Handling[Type],
        Type extends keyof Events ? AnswerOf<Events[Type]> : AnyAnswer<Events>
      >;
    };

type ComplaintOf<One, Answer> = One extends (...given: any) => infer Given
  ? [Extract<Awaited<Given>, Anything>] extends [never]
    ? Verdict<Awaited<Given>, Answer>
    : unknown
  : unknown;

type Verdict<Given, Answer> = [Answer] extends [never]
  ? unknown
  : [Mistake<Given, Answer>] extends [never]
    ? [Given] extends [Returned<Answer>]
      ? unknown
      : Handler<any, Answer, any>
    : Mistake<Given, Answer>;

declare const anything: unique symbol;

/** Returned by no handler: it marks the type that handlers are inferred from, of which there is nothing to complain. */
interface Anything {
  readonly [anything]: true;
}

/** What any handler may return as far as its inference goes, so that {@link Complaints} judge its answers, in sentences. */
export type Unjudged = Anything | {} | null | undefined;
