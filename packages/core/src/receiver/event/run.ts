/** One run of a handler: called, given its time, its answer encoded; it ends in one of them or in an error. */
import { Alarm } from "../../alarm.ts";
import { isLater } from "../../answers.ts";
import { AnswerbackError } from "../../errors.ts";
import type { Encoded } from "../../provider.ts";
import { encodeAnswer } from "./encoding.ts";
import { RunContext } from "./context.ts";
import { conclude } from "./ending.ts";
import type { EventInHand } from "./event.ts";
import type { Handler, TransactionContext } from "../handler.ts";
import type { Hold } from "../record/hold.ts";
import { Transaction } from "../record/transaction.ts";
import type { Settings } from "../settings.ts";
import type { Runtime } from "../runtime.ts";
import { after, isComing, rescue, type Soon } from "../../soon.ts";
import { asHandlerFailure, asOurs, codeOf } from "../thrown.ts";
import type { Turn } from "./turn.ts";

/** A run under way. */
export interface Run {
  /** How it ended. Never rejects. */
  readonly done: Soon<Ended>;
  /** Has the handler been called? Not while its event waits for its turn. */
  isBegun(): boolean;
  /** Aborts its signal: nobody waits for its reply any more, but what it returns still counts. */
  abort(reason: AnswerbackError): void;
}

/** How a run ended: with what travels how (too old for the handler, perhaps), with a promise to answer later, or not well. */
export type Ended =
  | { readonly encoded: Encoded; readonly isStale?: true }
  | { readonly later: true }
  | { readonly error: AnswerbackError };

/** What a run has in hand. */
export interface Start {
  readonly attempt: number;
  /** Absent where a person waits: nothing is claimed. */
  readonly hold?: Hold;
  /** Absent where nothing is in order. */
  readonly turn?: Turn | undefined;
}

/** The handler that `handle` has for an event type; `undefined`: nobody asked for it. */
export function handlerFor({ handle }: Settings, type: string): Handler<any, any> | undefined {
  if (typeof handle === "function") return handle;
  const named = Object.hasOwn(handle, type) ? handle[type] : undefined;
  return named ?? handle["*"];
}

/** Starts the handler. What it does after the run has ended changes nothing (any.21). */
export function startRun(runtime: Runtime, event: EventInHand, { attempt, hold, turn }: Start): Run {
  const { clock, records } = runtime;
  const startedAt = clock.now();
  const transaction = new Transaction(records);
  const aborted = new Alarm();
  const context = new RunContext(attempt, aborted, transaction);
  const over = (ended: Ended): Soon<Ended> => {
    report(runtime, event, { attempt, ended, tookMs: clock.now() - startedAt });
    return conclude(runtime, { hold, turn, transaction }, ended);
  };
  const alarms = [runtime.abandoned, hold?.lost, turn?.lost];
  const answering = answerUnlessStopped(runtime, event, { alarms, context, aborted });
  return {
    done: after(answering, over),
    isBegun: () => true,
    abort: (reason) => aborted.ring(reason),
  };
}

/** What stops a run, and what it stops. */
interface Stoppable {
  readonly alarms: readonly (Alarm | undefined)[];
  readonly context: RunContext;
  readonly aborted: Alarm;
}

/** What comes first: its end, the end of its time, or an alarm. Never rejects. */
function answerUnlessStopped(
  runtime: Runtime,
  event: EventInHand,
  { alarms, context, aborted }: Stoppable,
): Soon<Ended> {
  return rescue<Ended>(
    () => {
      for (const alarm of alarms) alarm?.throwIfRung();
      const answering = answer(runtime, event, context);
      return isComing(answering) ? unlessStopped(runtime, answering, { alarms, aborted }) : answering;
    },
    (error) => ({ error: asOurs(error) }),
  );
}

function unlessStopped(
  { clock, handleWithinMs }: Runtime,
  answering: Promise<Ended>,
  { alarms, aborted }: Pick<Stoppable, "alarms" | "aborted">,
): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const stop = (reason: unknown) => {
    aborted.ring(reason);
    reject(reason);
  };
  const listening = alarms.map((alarm) => alarm?.heard(stop));
  listening.push(clock.after(handleWithinMs, () => stop(timeout(handleWithinMs))));
  answering.then(resolve, reject);
  return promise.finally(() => listening.forEach((off) => off?.()));
}

function timeout(ms: number): AnswerbackError {
  return new AnswerbackError("handler_timeout", `not done within ${ms / 1_000} s`);
}

function report(
  { observe, name: receiver }: Runtime,
  { seen }: EventInHand,
  run: { attempt: number; ended: Ended; tookMs: number },
): void {
  const { key, type, name } = seen;
  const { attempt, ended, tookMs } = run;
  const failed = "error" in ended;
  const outcome = failed ? "failed" : "handled";
  observe({
    kind: "run",
    receiver,
    key,
    type,
    name,
    attempt,
    outcome,
    code: failed ? codeOf(ended.error) : undefined,
    tookMs,
  });
}

function answer(runtime: Runtime, event: EventInHand, context: TransactionContext<any>): Soon<Ended> {
  const { type, name } = event.seen;
  const handler = handlerFor(runtime, type);
  if (!handler) throw new AnswerbackError("no_handler", `no handler for ${name} in this process`);
  return after(
    call(runtime, event, () => handler(event.seen, context)),
    (given) => endOf(runtime, event, given),
  );
}

function endOf(runtime: Runtime, event: EventInHand, given: unknown): Soon<Ended> {
  if (!isLater(given)) return after(encodeAnswer(runtime, event, given), (encoded) => ({ encoded }));
  if (event.seen.callback && !event.spec?.person) return { later: true };
  throw new AnswerbackError("invalid_answer", "later() where no callback is possible");
}

/** Calls what the user wrote; what that throws is shown to `onError` alone. */
export function call<Value>(runtime: Runtime, event: EventInHand, theirs: () => Soon<Value>): Soon<Value> {
  return rescue(theirs, (error) => {
    tellOf(runtime, event, error);
    throw asHandlerFailure(error);
  });
}

/** Shows the user, and nobody else, what went wrong in what is theirs. */
export function tellOf(runtime: Runtime, { seen }: EventInHand, error: unknown): void {
  if (runtime.onError) runtime.onError(error, { key: seen.key, name: seen.name });
  else if (asHandlerFailure(error).code === "failed") {
    const message = `a handler of ${runtime.name} failed; hand in onError to see with what`;
    runtime.warnOnce("handler_failed", message);
  }
}
