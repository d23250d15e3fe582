/** What a handler gets beside its event. */
import type { Cancellation } from "../../lib/cancellation.ts";
import type { TransactionContext } from "../handler.ts";
import type { UnitOfWork } from "../record/unit-of-work.ts";

/** A run, as far as its handler may use it. */
export interface Contributing {
  readonly unit: UnitOfWork;
  post(partial: unknown): Promise<void>;
}

/** The context of one run. The signal is made when the handler asks for it. */
export class RunContext implements TransactionContext<any> {
  readonly attempt: number;
  // a property of its own, since a handler may take it out of the context, or spread the context
  readonly transaction: UnitOfWork["write"];
  readonly post: Contributing["post"];
  readonly #handling: Cancellation;
  #signal: AbortSignal | undefined;

  constructor(attempt: number, handling: Cancellation, run: Contributing) {
    this.attempt = attempt;
    this.transaction = (work) => run.unit.write(work);
    this.post = (partial) => run.post(partial);
    this.#handling = handling;
  }

  get signal(): AbortSignal {
    return (this.#signal ??= signalOf(this.#handling));
  }
}

function signalOf(cancellation: Cancellation): AbortSignal {
  const controller = new AbortController();
  cancellation.onAbort((reason) => controller.abort(reason));
  return controller.signal;
}
