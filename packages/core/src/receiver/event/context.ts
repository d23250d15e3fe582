/** What a handler gets beside its event. */
import type { TransactionContext } from "../handler.ts";
import type { Alarm } from "../../alarm.ts";
import type { Transaction } from "../record/transaction.ts";

/** The context of one run. Its signal is made when somebody asks for it. */
export class RunContext implements TransactionContext<any> {
  readonly attempt: number;
  readonly transaction: Transaction["write"];
  readonly #aborted: Alarm;
  #signal: AbortSignal | undefined;

  constructor(attempt: number, aborted: Alarm, transaction: Transaction) {
    this.attempt = attempt;
    this.transaction = (write) => transaction.write(write);
    this.#aborted = aborted;
  }

  get signal(): AbortSignal {
    return (this.#signal ??= signalOf(this.#aborted));
  }
}

function signalOf(alarm: Alarm): AbortSignal {
  const controller = new AbortController();
  alarm.heard((reason) => controller.abort(reason));
  return controller.signal;
}
