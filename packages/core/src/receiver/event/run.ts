/** One run of a handler: called, given its time, its answer encoded; it ends in one of them or in an error. */
import { isLater } from "../../answers.ts";
import { AnswerbackError } from "../../errors.ts";
import type { Encoded } from "../../provider.ts";
import { whenAborted } from "../../deadline.ts";
import { encodeAnswer } from "./encoding.ts";
import { conclude } from "./ending.ts";
import type { EventInHand } from "./event.ts";
import type { Handler, TransactionContext } from "../handler.ts";
import type { Hold } from "../record/hold.ts";
import { createTransaction } from "../record/transaction.ts";
import type { Settings } from "../options.ts";
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
  const aborter = new AbortController();
  const stopped = Promise.withResolvers<never>();
  const stop = (reason: unknown) => {
    aborter.abort(reason);
    stopped.reject(reason);
  };
  const listening = [
    clock.after(handleWithinMs, () =>
      stop(new AnswerbackError("handler_timeout", `not done within ${handleWithinMs / 1_000} s`)),
    ),
    whenAborted(runtime.abort.signal, stop),
    whenAborted(hold?.lost, stop),
    whenAborted(turn?.lost, stop),
  ];
  const transaction = createTransaction(runtime.records);
  const handled = answer(runtime, event, { attempt, signal: aborter.signal, transaction: transaction.write });
  const done = Promise.race([handled, stopped.promise]).catch((error: unknown): Ended => ({
    error: asOurs(error),
  }));
  const whole = done.then((ended) => {
    for (const off of listening) off();
    report(runtime, event, { attempt, ended, tookMs: clock.now() - startedAt });
    return conclude(runtime, { hold, turn, transaction }, ended);
  });
  return {
    done: runtime.tasks.track(whole),
    isBegun: () => true,
    abort: (reason) => aborter.abort(reason),
  };
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
