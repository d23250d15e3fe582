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
import { createTransaction } from "../record/transaction.ts";
import type { Settings } from "../settings.ts";
import type { Runtime } from "../runtime.ts";
import { asHandlerFailure, asOurs, codeOf } from "../thrown.ts";
import type { Turn } from "./turn.ts";

/** A run under way. */
export interface Run {
  /** How it ended. Never rejects. */
  readonly done: Promise<Ended>;
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
  const { clock, handleWithinMs } = runtime;
  const startedAt = clock.now();
  const transaction = createTransaction(runtime.records);
  const aborted = new Alarm();
  const { promise: done, resolve } = Promise.withResolvers<Ended>();
  let isOver = false;

  const listening = [clock.after(handleWithinMs, () => stop(timeout(handleWithinMs)))];
  for (const alarm of [runtime.abandoned, hold?.lost, turn?.lost])
    if (alarm) listening.push(alarm.heard(stop));
  if (!isOver) answer(runtime, event, new RunContext(attempt, aborted, transaction)).then(end, fail);

  function stop(reason: unknown): void {
    aborted.ring(reason);
    fail(reason);
  }

  function fail(error: unknown): void {
    end({ error: asOurs(error) });
  }

  function end(ended: Ended): void {
    if (isOver) return;
    isOver = true;
    for (const off of listening) off();
    report(runtime, event, { attempt, ended, tookMs: clock.now() - startedAt });
    resolve(conclude(runtime, { hold, turn, transaction }, ended));
  }

  return { done, isBegun: () => true, abort: (reason) => aborted.ring(reason) };
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

async function answer(
  runtime: Runtime,
  event: EventInHand,
  context: TransactionContext<any>,
): Promise<Ended> {
  const handler = handlerFor(runtime, event.seen.type);
  if (!handler) throw new AnswerbackError("no_handler", `no handler for ${event.seen.name} in this process`);
  const given = await call(runtime, event, () => handler(event.seen, context));
  if (!isLater(given)) return { encoded: await encodeAnswer(runtime, event, given) };
  if (event.seen.callback && !event.spec?.person) return { later: true };
  throw new AnswerbackError("invalid_answer", "later() where no callback is possible");
}

/** Calls what the user wrote; what that throws is shown to `onError` alone. */
export async function call<Value>(
  runtime: Runtime,
  event: EventInHand,
  theirs: () => Value,
): Promise<Awaited<Value>> {
  try {
    return await theirs();
  } catch (error) {
    tellOf(runtime, event, error);
    throw asHandlerFailure(error);
  }
}

/** Shows the user, and nobody else, what went wrong in what is theirs. */
export function tellOf(runtime: Runtime, { seen }: EventInHand, error: unknown): void {
  if (runtime.onError) runtime.onError(error, { key: seen.key, name: seen.name });
  else if (asHandlerFailure(error).code === "failed") {
    const message = `a handler of ${runtime.name} failed; hand in onError to see with what`;
    runtime.warnOnce("handler_failed", message);
  }
}
