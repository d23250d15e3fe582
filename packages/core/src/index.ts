/** The public face of `@answerback/core`, for apps. Every name by hand. */

export { createReceiver, type Receiver } from "./receiver/create-receiver.ts";
export type { ErrorFacts, ReceiverOptions, Stage } from "./receiver/options.ts";
export type { Transport } from "./contract/transport.ts";
export type {
  AnyAnswer,
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
export type { Begun, Following, Instrument, Instrumented } from "./receiver/instrument.ts";
export type { DeadLetter, DeadLetters } from "./receiver/admin/dead-letters.ts";
export type { BulkOptions, BulkProgress } from "./receiver/admin/bulk.ts";
export type { ErrorGroup } from "./receiver/admin/errors.ts";
export type { Found, RecordDetails } from "./receiver/admin/found.ts";
export type { RecordFilter, RecordPage } from "./receiver/admin/list.ts";
export { openRecords, type OpenedRecords, type OpenRecordsOptions } from "./receiver/admin/open-records.ts";
export type { ReceiverRecords, RecordCounts } from "./receiver/admin/records.ts";
export type { Paused } from "./receiver/pauses.ts";

export { appInbox } from "./providers/app-inbox.ts";
export type {
  AppInboxEvents,
  AppInboxMessage,
  AppInboxOptions,
  AppInboxRegistration,
} from "./providers/app-inbox.ts";
export { postback, type PostbackEvents, type PostbackOptions } from "./providers/postback.ts";
export { parsePostbackConfig } from "./providers/postback/config.ts";
export type {
  PostbackConfig,
  PostbackConfigBody,
  PostbackRegistration,
} from "./providers/postback/config.ts";
export type { Contact, PostbackRecord } from "./providers/postback/records.ts";
export { uphance } from "./providers/uphance.ts";
export type {
  UphanceEvents,
  UphanceObject,
  UphanceOptions,
  UphanceRegistration,
} from "./providers/uphance.ts";
export { upsales, type UpsalesRegistration } from "./providers/upsales.ts";
export type { Callback, UserId } from "./providers/upsales/callback.ts";
export type {
  CallbackAnswer,
  EditAnswer,
  EditedAnswer,
  FieldValue,
  FieldValuesAnswer,
  IframeAnswer,
  RunAnswer,
  WidgetAnswer,
  WidgetRowAnswer,
} from "./providers/upsales/answer.ts";
export type {
  EditData,
  EntityData,
  LogEntry,
  UpsalesEvents,
  UpsalesObject,
} from "./providers/upsales/events.ts";
export type {
  CustomPath,
  CustomPaths,
  DeadEvent,
  EventsWith,
  UpsalesOptions,
} from "./providers/upsales/options.ts";
export type { UpsalesRequest, UpsalesUser } from "./providers/upsales/request.ts";
export type { Widget, WidgetRow } from "./providers/upsales/widget.ts";
export type { EventsWithData, OwnData, SchemaOptions } from "./contract/event-schemas.ts";

// what the inferred types of an app's exports name, for its declarations
export type { EventSpec, EventSpecs } from "./contract/event-spec.ts";
export type { Provider } from "./contract/provider.ts";
export type { Register, Registrant, RegistrationOptions } from "./contract/registration.ts";

export { basicAuth } from "./authenticators/basic-auth.ts";
export { bearerJwt } from "./authenticators/bearer-jwt.ts";
export { ed25519Signature } from "./authenticators/ed25519-signature.ts";
export { hmacSignature } from "./authenticators/hmac-signature.ts";
export { bodySecret, headerSecret } from "./authenticators/plain-secret.ts";
export { standardWebhooks } from "./authenticators/standard-webhooks.ts";
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
export type { Warning, WarningCode } from "./contract/warning.ts";

export type { Body, Delivery, DeliveryReceiver, Reply, Sent } from "./contract/delivery.ts";
