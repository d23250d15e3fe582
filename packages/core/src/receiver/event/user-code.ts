/** What a run calls of the user's: it may return a value or a promise of one, and whatever it throws is a failure of the run. */
import { AnswerbackError } from "../../contract/errors.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import type { Handler } from "../handler.ts";
import { handlerFor } from "../handlers.ts";
import type { Settings } from "../settings.ts";
import { asHandlerFailure } from "../thrown.ts";
import type { LoadedEvent } from "./event.ts";

/** Calls a function of the user's. @param who Whose function it is, for the developer: `"the handler"`. */
export function callUser<Value>(who: string, call: () => MaybePromise<Value>): MaybePromise<Value> {
  const failed = (error: unknown): never => {
    throw asHandlerFailure(error, who);
  };
  try {
    const value = call();
    return isPromise(value) ? Promise.resolve(value).catch(failed) : value;
  } catch (error) {
    return failed(error);
  }
}

/** The handler of an event. Throws `no_handler`: there was one, and there is none any more. */
export function handlerOf(settings: Settings, { view }: LoadedEvent): Handler<any, any, any> {
  const handler = handlerFor(settings, view.type);
  if (handler) return handler as Handler<any, any, any>;
  throw new AnswerbackError("no_handler", `no handler for ${view.name} in this process`);
}
