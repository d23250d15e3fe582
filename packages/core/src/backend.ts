/** The public face of `@answerback/core/backend`, for whoever writes a backend or a carrier. Every name by hand. */

export type {
  About,
  Backend,
  Cause,
  Change,
  Claimed,
  Due,
  Entry,
  Erased,
  LeaseToken,
  ListedState,
  Listing,
  ListOptions,
  OpenOptions,
  Place,
  Records,
  RecordStats,
  Saving,
  Taken,
  TakeOptions,
  Worker,
  WorkKind,
} from "./contract/backend.ts";
export type { Carrier, FeedOptions, Job, Queue } from "./contract/queue.ts";
export { AnswerbackError, isAnswerbackError, type ErrorCode } from "./contract/errors.ts";
export { emitWarning, type Warning, type WarningCode } from "./contract/warning.ts";
export { OptionError, type OptionErrorCode } from "./contract/option-error.ts";
export { partsOf, readOptions, takesAtMost, type Kinds, type Read } from "./contract/read-options.ts";
export {
  aBackend,
  aClock,
  aFunction,
  anything,
  duration,
  flag,
  listOf,
  matching,
  objectWith,
  oneOf,
  oneOrMore,
  optional,
  setting,
  text,
  textOr,
  wholeNumber,
  wholeNumberIn,
  withDefault,
  wrongKind,
  type Kind,
} from "./contract/kinds.ts";

export { openOnce, type Opening, type OpenOnceOptions } from "./backends/open-once.ts";
export { createPoller, type Poller, type PollerOptions } from "./backends/poller.ts";
export { queued } from "./backends/queued.ts";
export { feedOptions, type Feeding } from "./backends/feeder.ts";
export { recordState, type RecordState, type Stateful } from "./backends/state.ts";
export { createLinger, leastLingerMs, type Linger } from "./backends/linger.ts";
export { createSweep } from "./backends/sweep.ts";

export { systemClock, type Clock } from "./lib/clock.ts";
export { isPromise, type MaybePromise } from "./lib/maybe-promise.ts";
export { wordsOf } from "./lib/words.ts";
