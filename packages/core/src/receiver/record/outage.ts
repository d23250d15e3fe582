/** Whether the backend answers: told at once when it does not, once a minute while it does not, and when it does again. */
import { AnswerbackError } from "../../contract/errors.ts";
import type { Warning } from "../../contract/warning.ts";
import type { Clock } from "../../lib/clock.ts";
import { times } from "../patience.ts";
import type { Tell } from "../tell.ts";

/** Hears how each call of the backend ended. */
export interface Outage {
  /** A call failed. */
  failed(error: AnswerbackError): void;
  /** A call was answered. */
  answered(): void;
}

/** What telling of an outage needs. */
export interface OutageOptions {
  /** The receiver's name. */
  readonly name: string;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly warn: (warning: Warning) => void;
}

/** No outage yet. A backend that fails every now and then is told of once a minute, too. */
export function createOutage({ name, clock, tell, warn }: OutageOptions): Outage {
  let since: number | undefined;
  let isTold = false;
  let toldAt = -Infinity;

  return {
    failed({ message, cause }) {
      const now = clock.now();
      since ??= now;
      if (now - toldAt < times.tellAgain) return;
      [isTold, toldAt] = [true, now];
      // an error of its own: a delivery that failed by it is told by itself, with its status
      tell(new AnswerbackError("backend_away", message, { cause }), { stage: "backend" });
    },
    answered() {
      if (since === undefined) return;
      const seconds = Math.ceil((clock.now() - since) / 1_000);
      if (isTold) warn({ code: "backend_back", message: `${name}: the backend is back, after ${seconds} s` });
      [since, isTold] = [undefined, false];
    },
  };
}
