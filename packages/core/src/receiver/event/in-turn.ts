/** A run that waits for its event's turn first, where the receiver keeps events in order. */
import { Alarm } from "../../alarm.ts";
import type { Hold } from "../record/hold.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs } from "../thrown.ts";
import { acknowledgement } from "./encoding.ts";
import type { EventInHand } from "./event.ts";
import { call, startRun, type Ended, type Run } from "./run.ts";
import { placeOf, takeTurn } from "./turn.ts";

/** A run of a claimed event, and whether it may wait for its turn. */
export interface StartInTurn {
  readonly attempt: number;
  readonly hold: Hold;
  /** Ends with `running` rather than wait. */
  readonly atOnce: boolean;
}

/** Starts the run when it is the event's turn; what is older than what was handled is acknowledged without it. */
export function startInTurn(
  runtime: Runtime,
  event: EventInHand,
  { attempt, hold, atOnce }: StartInTurn,
): Run {
  const { order } = runtime;
  if (!order) return startRun(runtime, event, { attempt, hold });
  const calledOff = new Alarm();
  const callOff = (reason: unknown) => calledOff.ring(reason);
  const listening = [runtime.abandoned.heard(callOff), hold.lost.heard(callOff)];
  let run: Run | undefined;

  async function inTurn(): Promise<Ended> {
    const place = await call(runtime, event, () => placeOf(order!, event));
    const turn = place && (await takeTurn(runtime, place, { calledOff, atOnce }));
    if (turn?.isStale && order!.stale !== "handle") {
      await turn.end("given up");
      return { encoded: { reply: acknowledgement(runtime.provider, event) }, isStale: true };
    }
    run = startRun(runtime, event, { attempt, hold, turn });
    return run.done;
  }

  const done = inTurn()
    .catch((error: unknown): Ended => ({ error: asOurs(error) }))
    .finally(() => listening.forEach((off) => off()));
  return {
    done,
    isBegun: () => run !== undefined,
    abort(reason) {
      callOff(reason);
      run?.abort(reason);
    },
  };
}
