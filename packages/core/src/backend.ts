/** The public face of `@answerback/core/backend`, for whoever writes a backend or a carrier. Every name by hand. */

export { never } from "./contract/backend.ts";
export type {
  Backend,
  Change,
  Claimed,
  Due,
  Entry,
  LeaseToken,
  Records,
  Saving,
  Taken,
  TakeOptions,
  Worker,
  WorkKind,
} from "./contract/backend.ts";
export type { Carrier, FeedOptions, Job, Queue } from "./contract/queue.ts";
export { AnswerbackError, isAnswerbackError, type ErrorCode } from "./contract/errors.ts";
export { OptionError, wholeNumber, type OptionErrorCode } from "./contract/option-error.ts";

export { openOnce, type OpenOnceOptions } from "./backends/open-once.ts";
export { createPoller, type Poller, type PollerOptions } from "./backends/poller.ts";
export { queued } from "./backends/queued.ts";
export { recordState, type RecordState } from "./backends/state.ts";
export { createLinger, leastLingerMs, type Linger } from "./backends/linger.ts";
export { createSweep } from "./backends/sweep.ts";

export { systemClock, type Clock } from "./lib/clock.ts";
export { isPromise, type MaybePromise } from "./lib/maybe-promise.ts";
