/** The public face of `@answerback/simulator`, every name by hand. */

export type {
  CallbackFault,
  CallbackFaultPlan,
  CallbackTransport,
  CallbackUse,
  TransportInit,
} from "./callbacks/post.ts";
export type { CallbackServer } from "./callbacks/server.ts";
export { serveCallbacks } from "./callbacks/server.ts";
export type { CallbackUrls, CallbackUrlsOptions } from "./callbacks/urls.ts";
export { callbackUrls } from "./callbacks/urls.ts";
export type { AppInboxDeliveries, AppInboxListOptions, AppInboxOptions } from "./deliveries/app-inbox.ts";
export type { BuildOptions, Credentials, Fields } from "./deliveries/delivery.ts";
export { deliveries } from "./deliveries/index.ts";
export type { PostbackBuilder, PostbackDeliveries, PostbackOptions } from "./deliveries/postback.ts";
export type { UphanceBuilder, UphanceDeliveries, UphanceOptions } from "./deliveries/uphance.ts";
export type { UpsalesBuilder, UpsalesDeliveries, UpsalesOptions } from "./deliveries/upsales.ts";
export type { Finding, Judge, Report } from "./judge/judge.ts";
export { judge, judgeBy, printReport } from "./judge/judge.ts";
export type { Need, Run, Scenario, Stage } from "./judge/scenario.ts";
export { scenarios } from "./judge/scenarios/index.ts";
export { scenariosFor } from "./judge/scenarios/sender.ts";
export type { Bench, BuiltSubject, JudgeOptions, StandingSubject, Subject } from "./judge/subject.ts";
export type { Clock, DrivenClock } from "./lib/clock.ts";
export { fakeTimersClock, realClock, virtualClock } from "./lib/clock.ts";
export type { Random } from "./lib/random.ts";
export { seeded } from "./lib/random.ts";
export type { Fault, FaultPlan, PlainFault, SeededFaults } from "./play/faults.ts";
export { faultsInTurn, seededFaults } from "./play/faults.ts";
export type { AttemptEntry, CallbackEntry, EntryHead, Journal, JournalEntry } from "./play/journal.ts";
export { printEntry, printJournal } from "./play/journal.ts";
export type { Step } from "./play/play.ts";
export { play } from "./play/play.ts";
export type { PlayOptions } from "./play/scene.ts";
export type { SendOptions } from "./play/send.ts";
export { send, signed } from "./play/send.ts";
export type { KoaLike, Listener, OpenTarget, Target } from "./play/target.ts";
export { openTarget } from "./play/target.ts";
export type { AppInboxBehaviour } from "./protocols/app-inbox.ts";
export type { Answered, Conclusion, Progress, Seen } from "./protocols/conclusion.ts";
export type { Behaviours } from "./protocols/index.ts";
export { protocols } from "./protocols/index.ts";
export type { PostbackBehaviour } from "./protocols/postback.ts";
export type {
  AnyDelivery,
  Body,
  CallbackReply,
  CallbackRequest,
  CallbackState,
  CallbackTerms,
  Opinion,
  Protocol,
  ProviderName,
  RawDelivery,
  RefusalReason,
  Sending,
  Sign,
} from "./protocols/protocol.ts";
export type { CallbackOptions, SendingTerms, Tried } from "./protocols/terms.ts";
export type { UphanceBehaviour } from "./protocols/uphance.ts";
export type { UpsalesBehaviour } from "./protocols/upsales.ts";
export { callbackBytes } from "./protocols/upsales-callback.ts";
export type { DeliveryOptions, Sender, SenderOptions, TextOptions } from "./senders/simulate.ts";
export { simulate } from "./senders/simulate.ts";
export type { FieldOptions, SenderBuilder } from "./senders/builder.ts";
export type { Discord, DiscordOptions } from "./senders/discord.ts";
export type { Github, GithubOptions } from "./senders/github.ts";
export { senders } from "./senders/index.ts";
export type { Meta, MetaOptions } from "./senders/meta.ts";
export type { Shopify, ShopifyOptions } from "./senders/shopify.ts";
export type { Slack, SlackOptions } from "./senders/slack.ts";
export type { Sns, SnsOptions } from "./senders/sns.ts";
export type { StandardWebhooks, StandardWebhooksOptions } from "./senders/standard-webhooks.ts";
export type { Stripe, StripeOptions } from "./senders/stripe.ts";
export type { Telegram, TelegramOptions } from "./senders/telegram.ts";
export type { Twilio, TwilioOptions } from "./senders/twilio.ts";
export type { Certified } from "./lib/certificate.ts";
export { selfSigned } from "./lib/certificate.ts";
