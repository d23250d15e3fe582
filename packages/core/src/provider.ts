/** The public face of `@answerback/core/provider`, for whoever writes a provider or an authenticator. Every name by hand. */

export { defineProvider, type Signed } from "./contract/define-provider.ts";
export type { BodyForm, BodyFormat, Format } from "./contract/body-forms.ts";
export type {
  CallbackTerms,
  Encoded,
  Failure,
  Post,
  PostMethod,
  PostResponse,
} from "./contract/callback-terms.ts";
export type { EventSpec, EventSpecs } from "./contract/event-spec.ts";
export type { Provider } from "./contract/provider.ts";
export type {
  BatchResult,
  Decoded,
  DecodedDelivery,
  EncodableEvent,
  Handshake,
  ProviderEvent,
  RefusalFacts,
} from "./contract/provider-view.ts";
export { defaultStatuses, type Statuses } from "./contract/statuses.ts";
export { isCustomReply, isLater, type CustomReply, type Later } from "./contract/answers.ts";
export { customReply, emptyReply, jsonReply, toJson } from "./contract/replies.ts";
export type { Reply } from "./contract/delivery.ts";
export type { Warning, WarningCode } from "./contract/warning.ts";

export type {
  Authenticator,
  OpenDelivery,
  Refusal,
  Secret,
  Signing,
  Verdict,
} from "./contract/authenticator.ts";
export { bearerJwt, type BearerJwtOptions, type JwtAlgorithm } from "./authenticators/bearer-jwt.ts";
export { fetchPublished, type PublishedAt } from "./authenticators/fetch-published.ts";
export type { KeySet } from "./authenticators/jwt-keys.ts";
export type { Clock } from "./lib/clock.ts";
export type { Transport } from "./contract/transport.ts";
export { ed25519Signature, type Ed25519SignatureOptions } from "./authenticators/ed25519-signature.ts";
export { hmacSignature, type HmacSignatureOptions } from "./authenticators/hmac-signature.ts";
export type { SignatureRecipe, SignatureTimestamp } from "./authenticators/signature-recipe.ts";
export type { SignedBy } from "./authenticators/signed-message.ts";
export { standardWebhooks } from "./authenticators/standard-webhooks.ts";
export {
  mountOptions,
  type Registered,
  type Register,
  type Registrant,
  type RegistrationOptions,
} from "./contract/registration.ts";

export { canonicalJson, isRecord, parseJson } from "./decoding/json.ts";
export { id, idIn, isId, isTextId, textId, type Id } from "./decoding/id.ts";
export { nearest } from "./lib/nearest.ts";
export { toMs, type Duration } from "./contract/duration.ts";
export { AnswerbackError, isAnswerbackError, type ErrorCode } from "./contract/errors.ts";
export { OptionError, type OptionErrorCode } from "./contract/option-error.ts";
export { partsOf, readOptions, takesAtMost, type Kinds, type Read } from "./contract/read-options.ts";
export {
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
