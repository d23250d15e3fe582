/** The public face of `@answerback/core`, for apps. Every name by hand. */

export { createReceiver, type Receiver } from "./receiver/create-receiver.ts";
export type { ErrorFacts, ReceiverOptions, Stage, Transport } from "./receiver/options.ts";
export type {
  AnyEvent,
  ContextOf,
  EventFacts,
  EventOf,
  Handle,
  Handler,
  HandlerContext,
  HandlerMap,
  TransactionContext,
} from "./receiver/handler.ts";
export type { Order, Version } from "./receiver/order.ts";
export type {
  DeadObservation,
  DeliveryObservation,
  Observation,
  Outcome,
  PostObservation,
  RunObservation,
} from "./receiver/observe.ts";
export type { DeadLetter, DeadLetters, Found } from "./receiver/admin.ts";

export { appInbox, type AppInboxEvents, type AppInboxMessage } from "./providers/app-inbox.ts";
export { postback, type PostbackEvents } from "./providers/postback.ts";
export { parsePostbackConfig, type PostbackConfig } from "./providers/postback/config.ts";
export type { Contact, PostbackRecord } from "./providers/postback/records.ts";
export { uphance, type UphanceEvents, type UphanceObject } from "./providers/uphance.ts";
export { upsales } from "./providers/upsales.ts";
export type { Callback } from "./providers/upsales/callback.ts";
export type { CallbackAnswer } from "./providers/upsales/answer.ts";
export type { UpsalesEvents } from "./providers/upsales/events.ts";
export type { Widget } from "./providers/upsales/widget.ts";

export { basicAuth } from "./authenticators/basic-auth.ts";
export { bodySecret, headerSecret } from "./authenticators/plain-secret.ts";
export { querySecret, urlSecret } from "./authenticators/url-secret.ts";
export type { Authenticate, Secret } from "./contract/authenticator.ts";

export { memory, type MemoryOptions } from "./backends/memory.ts";

export { later, reply, type CustomReply, type Later } from "./contract/answers.ts";
export {
  AnswerbackError,
  isAnswerbackError,
  PermanentError,
  RetryLater,
  type ErrorCode,
} from "./contract/errors.ts";
export { OptionError, type OptionErrorCode } from "./contract/option-error.ts";
export type { Duration } from "./contract/duration.ts";
export type { Warning } from "./contract/warning.ts";

export type { Body, Delivery, DeliveryReceiver, Reply, Sent } from "./contract/delivery.ts";
