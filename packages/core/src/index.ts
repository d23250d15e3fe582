/** The public face of `@answerback/core`, every name by hand. */

export { createReceiver, type Receiver } from "./receiver/create-receiver.ts";
export type { ReceiverOptions, Transport } from "./receiver/options.ts";
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
  DeliveryObservation,
  Observation,
  Outcome,
  PostObservation,
  RunObservation,
} from "./receiver/observe.ts";
export type { DeadLetter, DeadLetters, Found } from "./receiver/people.ts";

export { upsales } from "./providers/upsales.ts";
export type { Callback } from "./providers/upsales/callback.ts";
export type { CallbackAnswer } from "./providers/upsales/answer.ts";
export type { UpsalesEvents } from "./providers/upsales/events.ts";
export type { UpsalesOptions } from "./providers/upsales/options.ts";
export type { UpsalesRequest } from "./providers/upsales/request.ts";
export type { Widget, WidgetRow } from "./providers/upsales/widget.ts";
export { uphance, type UphanceEvents, type UphanceObject, type UphanceOptions } from "./providers/uphance.ts";
export {
  appInbox,
  type AppInboxEvents,
  type AppInboxMessage,
  type AppInboxOptions,
} from "./providers/app-inbox.ts";
export { postback, type PostbackEvents } from "./providers/postback.ts";
export type { Contact, PostbackRecord } from "./providers/postback/records.ts";

export { parsePostbackConfig } from "./providers/postback/config.ts";
export type {
  PostbackConfig,
  PostbackConfigBody,
  PostbackRegistration,
} from "./providers/postback/config.ts";
export type { Id } from "./decoding/id.ts";
export type { AppInboxRegistration } from "./providers/app-inbox.ts";
export type { UphanceRegistration } from "./providers/uphance.ts";
export type { UpsalesRegistration } from "./providers/upsales.ts";
export type { Register, Registrant, RegistrationOptions } from "./registration.ts";

export { later, reply, type CustomReply, type Later, type ReplyOptions } from "./answers.ts";
export { AnswerbackError, isAnswerbackError, PermanentError, RetryLater, type ErrorCode } from "./errors.ts";
export { OptionError, type OptionErrorCode } from "./option-error.ts";
export type { Duration } from "./duration.ts";

export { basicAuth, type BasicAuthOptions, type BasicCredentials } from "./authenticators/basic-auth.ts";
export { bodySecret, headerSecret } from "./authenticators/plain-secret.ts";
export { querySecret, urlSecret } from "./authenticators/url-secret.ts";
export type {
  Authenticate,
  Authenticator,
  OpenDelivery,
  Secret,
  Verdict,
} from "./authenticators/authenticator.ts";

export { defineProvider } from "./provider.ts";
export type {
  CallbackTerms,
  Decoded,
  DecodedDelivery,
  EncodableEvent,
  Encoded,
  EventSpec,
  EventSpecs,
  Failure,
  Format,
  Post,
  Provider,
  Warning,
} from "./provider.ts";
export { emptyReply, jsonReply } from "./replies.ts";
export { parseJson } from "./decoding/json.ts";
export { defaultStatuses, type Statuses } from "./statuses.ts";

export { memory, type MemoryOptions } from "./memory.ts";
export { createOpenings, type OpeningOptions } from "./openings.ts";
export { pump, type Pump, type PumpOptions } from "./pump.ts";
export { openPumps, type Pumps, type PumpsOptions } from "./pumps.ts";
export type {
  Backend,
  Change,
  Claimed,
  Due,
  Entry,
  HoldToken,
  Records,
  Saving,
  Taken,
  Worker,
} from "./backend.ts";
export type { MaybePromise } from "./maybe-promise.ts";
export { carried, type Carriage, type Carrier, type FeedOptions, type Parcel } from "./carried.ts";
export { systemClock, type Clock } from "./clock.ts";
export type { Body, Delivery, DeliveryReceiver, Reply, Sent } from "./delivery.ts";
