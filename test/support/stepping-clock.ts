/** The process's clock as somebody sets it: it runs, and jumps when told to; what waits for some ms still waits for them. */
import { systemClock, type Clock } from "@answerback/core/backend";

export interface SteppingClock extends Clock {
  /** Sets it forwards, or backwards. */
  step(ms: number): void;
}

/** A clock that begins at the time that it is. */
export function steppingClock(): SteppingClock {
  let offset = 0;
  return {
    // not of Date, which a test may set by this one
    now: () => Math.round(performance.timeOrigin + performance.now()) + offset,
    after: systemClock.after,
    step: (ms) => void (offset += ms),
  };
}
