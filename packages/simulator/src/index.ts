/** The public face of `@answerback/simulator`, every name by hand. */

export { callbackBytes } from "./callback-ledger.ts";
export type { CallbackServer } from "./callback-server.ts";
export { serveCallbacks } from "./callback-server.ts";
export type {
  CallbackTransport,
  CallbackUrls,
  CallbackUrlsOptions,
  CallbackUse,
  TransportInit,
} from "./callback-urls.ts";
export { callbackUrls } from "./callback-urls.ts";
export type { Clock, DrivenClock } from "./clock.ts";
export { fakeTimersClock, realClock, virtualClock } from "./clock.ts";
export type { Conclusion, Progress, Seen } from "./conclusion.ts";
export type { AppInboxDeliveries, AppInboxListOptions, AppInboxOptions } from "./deliveries/app-inbox.ts";
export type { BuildOptions, Credentials, Fields, ProviderName, RawDelivery } from "./deliveries/delivery.ts";
export { deliveries } from "./deliveries/index.ts";
export type { PostbackBuilder, PostbackDeliveries, PostbackOptions } from "./deliveries/postback.ts";
export type { UphanceBuilder, UphanceDeliveries, UphanceOptions } from "./deliveries/uphance.ts";
export type { UpsalesBuilder, UpsalesDeliveries, UpsalesOptions } from "./deliveries/upsales.ts";
export type {
  CallbackFault,
  CallbackFaultPlan,
  Fault,
  FaultPlan,
  PlainFault,
  SeededFaults,
} from "./faults.ts";
export { faultsInTurn, seededFaults } from "./faults.ts";
export type { AttemptEntry, CallbackEntry, EntryHead, Journal, JournalEntry } from "./journal.ts";
export { printEntry, printJournal } from "./journal.ts";
export type { Finding, Judge, JudgeOptions, Report } from "./judge/judge.ts";
export { judge, judgeBy, printReport, scenarios } from "./judge/judge.ts";
export type { Need, Run, Scenario } from "./judge/scenario.ts";
export type { Stage } from "./judge/stage.ts";
export type { Bench, BuiltSubject, StandingSubject, Subject } from "./judge/subject.ts";
export type { Step } from "./play.ts";
export { play } from "./play.ts";
export type { AppInboxBehaviour } from "./protocols/app-inbox.ts";
export type { Behaviours } from "./protocols/index.ts";
export { protocols } from "./protocols/index.ts";
export type { PostbackBehaviour } from "./protocols/postback.ts";
export type { Protocol } from "./protocols/protocol.ts";
export type { UphanceBehaviour } from "./protocols/uphance.ts";
export type { UpsalesBehaviour } from "./protocols/upsales.ts";
export type { Random } from "./random.ts";
export { seeded } from "./random.ts";
export type { PlayOptions } from "./scene.ts";
export type { SendOptions } from "./send.ts";
export { send } from "./send.ts";
export type { KoaLike, Listener, OpenTarget, Target } from "./target.ts";
export { openTarget } from "./target.ts";
