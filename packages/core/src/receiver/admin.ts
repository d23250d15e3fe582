/** What people ask of a receiver: what became of an event, dead letters, an answer after `later()`, a registration. */
import type { Change, Death, Entry, Taken } from "../contract/backend.ts";
import { AnswerbackError } from "../contract/errors.ts";
import {
  flag,
  isObject,
  optional,
  text,
  textOr,
  wholeNumber,
  withDefault,
  wrongKind,
  type Kind,
} from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import type { Failure, Post } from "../contract/callback-terms.ts";
import type { Provider } from "../contract/provider.ts";
import { readOptions } from "../contract/read-options.ts";
import { sleep } from "../lib/timeout.ts";
import { urlWith, type Registrant, type RegistrationOptions } from "../contract/registration.ts";
import { checkPost } from "./callback/address.ts";
import { replyGone } from "./callback/reply-first.ts";
import { encodeAnswer } from "./event/encoding.ts";
import { loadEvent, type LoadedEvent } from "./event/event.ts";
import { postLate, untilAnswered, type LateCallback } from "./event/late.ts";
import { mustHaveUseLeft, progressPost, sendProgress } from "./event/progress.ts";
import { keptForMs, times } from "./patience.ts";
import { Lease, leaseLost } from "./record/lease.ts";
import { readNote, readWork, toDo, type EventWork, type PostWork, type Work } from "./record/stored.ts";
import type { Runtime } from "./runtime.ts";
import { handlerFor } from "./handlers.ts";

/** A record in words: what became of an event. */
export interface Found {
  /** The event's key. */
  readonly key: string;
  /**
   * `"held"`: the event is being handled, or its callback is being sent. `"free"`: the next delivery is handled. `"due"`: a
   * worker takes it. `"waiting"`: for its next attempt, or for `receiver.answer`. `"dead"`: a dead letter. `"settled"`:
   * done, and remembered.
   */
  readonly state: "held" | "free" | "due" | "waiting" | "dead" | "settled";
  /** How many runs of the event, or posts of its callback, there were so far. */
  readonly attempts: number;
  /** How many uses of its callback address were begun, partial answers among them; 0 where no work tells it. */
  readonly uses: number;
  /** ms until the state changes by itself, or the record is forgotten; `undefined`: it does not, or changes now. */
  readonly forMs: number | undefined;
  /** What is left to do: handle the event, post the callback, or look at the malformed body; `undefined`: nothing. */
  readonly work: "event" | "callback" | "malformed body" | undefined;
  /** The event's type, or the provider's own name for it; `undefined` where no work tells it. */
  readonly name: string | undefined;
  /** The last error; `undefined`: there was none. */
  readonly error: Failure | undefined;
}

/** An event or a callback that the receiver gave up, kept with its error for the `keepDead` of the receiver. */
export interface DeadLetter extends Found {
  readonly state: "dead";
  /** When the receiver gave it up, on the backend's clock: ms since the epoch. */
  readonly diedAt: number;
  /** The event as it was decoded, or the malformed body; `undefined` where the work is a callback. */
  readonly data: unknown;
  /** The body of the callback that was not posted, JSON text; `undefined` where the work is none. */
  readonly callback: string | undefined;
}

/**
 * The dead letters of a receiver. Its functions reject with `backend_away`, too, and with an OptionError for no key.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.26 any.26}
 */
export interface DeadLetters {
  /**
   * Lists dead letters, the newest first.
   *
   * @param page `limit`: how many at most, default 100. `after`: the last letter of the page before, as it was listed, also
   *   where it was retried or discarded meanwhile; or its key, while it is a dead letter.
   * @throws OptionError for a mistake in `page`; AnswerbackError `unknown_key` where `after` is the key of no dead letter.
   * @example
   * const page = await receiver.deadLetters.list();
   * const next = await receiver.deadLetters.list({ after: page.at(-1) });
   */
  list(page?: {
    readonly limit?: number | undefined;
    readonly after?: Pick<DeadLetter, "diedAt" | "key"> | string | undefined;
  }): Promise<DeadLetter[]>;
  /**
   * Gets one dead letter.
   *
   * @returns The dead letter; `undefined`: there is none with this key.
   */
  get(key: string): Promise<DeadLetter | undefined>;
  /**
   * Makes a dead letter due. An event begins with its first attempt again. A callback keeps its count, since an earlier
   * use of the address may have arrived.
   *
   * @throws AnswerbackError `unknown_key` where there is no dead letter with this key; `wrong_state` for a malformed body,
   *   and where somebody else has the record in hand.
   */
  retry(key: string): Promise<void>;
  /**
   * Gives the work of a dead letter up for good. Its duplicates get the stored answer for the retention.
   *
   * @throws AnswerbackError `unknown_key` where there is no dead letter with this key; `wrong_state` where somebody else
   *   has the record in hand.
   */
  discard(key: string): Promise<void>;
}

/** Resolves when the backend answers. Rejects with `backend_away`, and the engine's error as its cause. */
export async function ready({ records }: Runtime): Promise<void> {
  await records.get("ready");
}

/** The record of an event in words; `undefined`: nothing is known of the event. */
export async function find({ records }: Runtime, key: string): Promise<Found | undefined> {
  const entry = await records.get(aKey("find: key", key));
  return entry && describe(entry);
}

/** A dead letter as it was listed, or its key. */
const aLetter: Kind<string | Death> = (option, value) => {
  if (typeof value === "string") return text(option, value);
  const { diedAt, key }: Partial<Death> = Object(value);
  if (typeof diedAt === "number" && typeof key === "string") return { diedAt, key };
  throw wrongKind(option, value, "the last letter of the page before, or its key");
};

const aKey = textOr("give the key of the event: event.key");

/** The dead letters of a receiver. */
export function deadLettersOf(runtime: Runtime): DeadLetters {
  const { records, retentionMs, clock } = runtime;
  return {
    async list(page = {}) {
      const { limit, after } = readOptions("deadLetters.list", page, {
        limit: withDefault(wholeNumber, 100),
        after: optional(aLetter),
      });
      const death = typeof after === "string" ? await findDead(runtime, after) : after;
      return (await records.dead({ limit, after: death })).map(toDeadLetter);
    },
    async get(key) {
      const entry = await records.get(aKey("deadLetters.get: key", key));
      return entry && isDead(entry) ? toDeadLetter(entry) : undefined;
    },
    async retry(key) {
      const found = readWork((await findDead(runtime, aKey("deadLetters.retry: key", key))).work);
      if (!found || found.kind === "malformed")
        throw new AnswerbackError("wrong_state", "a malformed body cannot be handled; discard it");
      const { lease, taken, work } = await takeNow(runtime, key);
      if (work?.kind === "event")
        await lease.save({
          ...toDo({ ...work, later: undefined, ended: undefined, since: clock.now() }),
          attempts: 0,
          forMs: 0,
        });
      if (work?.kind === "post")
        await lease.save({
          ...byHand(runtime, work, taken.attempts - 1),
          forMs: 0,
        });
    },
    async discard(key) {
      await findDead(runtime, aKey("deadLetters.discard: key", key));
      const { lease, work } = await takeNow(runtime, key);
      await lease.save({ work: null, forMs: work?.kind === "event" ? work.event.retentionMs : retentionMs });
    },
  };
}

/** A callback that a person sends again: at an address of many uses whatever may have arrived is spent, and forgiven. */
function byHand({ terms, clock }: Runtime, work: PostWork, attempts: number): Change {
  const { uses = 1 } = terms(work.type).address ?? {};
  const again = { ...work, since: clock.now() };
  if (uses === 1) return { ...toDo(again), attempts };
  return { ...toDo({ ...again, uses: (work.uses ?? 0) + attempts }), attempts: 0 };
}

/** Is the answer that `receiver.answer` brings the last one? */
export interface AnswerOptions {
  /** `false`: a partial answer, after which the event waits on; its address must have more uses than one. Default `true`. */
  readonly final?: boolean | undefined;
}

/**
 * Brings the answer of an event whose handler returned `later()`: posts its callback. After a mistake in the answer the
 * event waits on.
 *
 * @throws AnswerbackError `unknown_key`, `wrong_state`, and the codes of a wrong answer.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.18 upsales.18}
 */
export async function answerLater(
  runtime: Runtime,
  key: string,
  answer: unknown,
  options: AnswerOptions = {},
): Promise<void> {
  const { final } = readOptions("answer", options, { final: withDefault(flag, true) });
  const waiting = await waitingFor(runtime, aKey("answer: key", key));
  const event = await loadEvent(runtime, waiting.event);
  const callback = await postOf(runtime, event, { answer, final, uses: waiting.uses ?? 0 });
  await untilReplied(runtime, event, waiting);
  const { lease, taken, work } = await takeNow(runtime, key);
  if (work?.kind !== "event" || !work.later) {
    await lease.save({ attempts: taken.attempts - 1, forMs: 0 });
    throw answeredAlready();
  }
  const { uses } = work;
  if (final) return runtime.tasks.track(postLate(runtime, { event, lease, callback, uses }));
  await runtime.tasks.track(postPartial(runtime, { event, lease, callback, uses }, taken.attempts - 1));
}

/** The work of an event that waits for its answer. Rejects where none does, which is told. */
async function waitingFor(runtime: Runtime, key: string): Promise<EventWork> {
  const work = readWork((await runtime.records.get(key))?.work ?? null);
  if (work?.kind === "event" && work.later) return work;
  const error = await notWaiting(runtime, key);
  runtime.tell(error, { stage: "answer", key });
  throw error;
}

async function postOf(
  runtime: Runtime,
  event: LoadedEvent,
  { answer, final, uses }: { readonly answer: unknown; readonly final: boolean; readonly uses: number },
): Promise<Post> {
  if (!final) return progressPost(runtime, event, { partial: answer, uses });
  const { post } = await encodeAnswer(runtime, event, answer);
  if (post) return checkPost(runtime.provider, event.terms.address, post);
  throw new AnswerbackError("invalid_answer", "the answer has no callback to post");
}

/** The acknowledgement goes first. In another process its record says when it has gone (any.38). */
async function untilReplied(
  runtime: Runtime,
  { stored, terms }: LoadedEvent,
  waiting: EventWork,
): Promise<void> {
  const { clock, replies, shutdown } = runtime;
  const until = stored.receivedAt + terms.patienceMs;
  let { replied } = waiting;
  while (!replied && !replies.has(stored.key) && clock.now() < until && !shutdown.isAborted) {
    await sleep(times.replyAgain, clock, shutdown);
    replied = (await waitingFor(runtime, stored.key)).replied;
  }
  await replyGone(runtime, stored.key);
}

/** Posts a partial answer, counted before it is sent; then the event waits on. */
async function postPartial(
  runtime: Runtime,
  { event, lease, callback: post, uses = 0 }: LateCallback,
  attempts: number,
): Promise<void> {
  let begun = uses;
  const waitsOn = () => untilAnswered(runtime, event, { uses: begun, replied: true });
  try {
    // another partial answer may have been posted since this one was checked
    mustHaveUseLeft(event, uses);
    begun += 1;
    if (!(await lease.saveUntilKnown({ ...waitsOn(), attempts, forMs: times.lease, held: undefined })))
      throw leaseLost();
    await sendProgress(runtime, event, { post, use: begun });
  } finally {
    await lease.saveUntilKnown({ ...waitsOn(), attempts });
  }
}

/**
 * What must be registered with the provider, from the receiver's own configuration, so that the two cannot disagree.
 *
 * @throws OptionError `unknown` where the provider does not say what to register, and the provider's own.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.1 register.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.3 register.3}
 */
export function register(runtime: Runtime, options: RegistrationOptions): unknown {
  if (!isObject(options)) throw wrongKind("registration: options", options, "an object, such as { url: … }");
  const { registration, name }: Provider = runtime.provider;
  if (!registration)
    throw new OptionError("registration", "unknown", `${name} does not say what to register`);
  const credentials = runtime.authenticators.flatMap((authenticator) => authenticator.registers?.() ?? []);
  const basic = credentials.find((credential) => credential.in === "basic");
  const registrant: Registrant = {
    // a misspelt url is told as that: the provider looks at the names of the options before it asks for the address
    get url() {
      return urlWith(options.url, credentials);
    },
    basic,
    signingSecret: credentials.find((credential) => credential.in === "signature")?.secret,
    handles: (type) => handlerFor(runtime, type) !== undefined,
    warn: runtime.warn,
  };
  return registration(registrant, options);
}

async function notWaiting({ records }: Runtime, key: string): Promise<AnswerbackError> {
  if (!(await records.get(key))) return new AnswerbackError("unknown_key", "no event has this key");
  return answeredAlready();
}

function answeredAlready(): AnswerbackError {
  return new AnswerbackError(
    "wrong_state",
    "the event does not wait for an answer: its handler did not return later(), or it was answered",
  );
}

/** A record that a call took. */
interface TakenRecord {
  readonly lease: Lease;
  readonly taken: Taken;
  readonly work: Work | undefined;
}

/** A record that is a dead letter. */
type DeadEntry = Entry & Death;

async function findDead({ records }: Runtime, key: string): Promise<DeadEntry> {
  const entry = await records.get(key);
  if (entry && isDead(entry)) return entry;
  throw new AnswerbackError("unknown_key", "no dead letter has this key");
}

function isDead(entry: Entry): entry is DeadEntry {
  return entry.diedAt !== null;
}

/** Takes a record that waits or is dead. Rejects with `wrong_state` where somebody else was quicker. */
async function takeNow(runtime: Runtime, key: string): Promise<TakenRecord> {
  const token = runtime.newToken();
  const which = { key, early: true };
  const taken = await runtime.records.take({ token, sequence: 0, leaseMs: times.lease }, which);
  if (!taken) throw new AnswerbackError("wrong_state", "somebody else has the record in hand");
  return { taken, lease: new Lease(runtime, key, token), work: readWork(taken.work) };
}

function toDeadLetter(entry: Entry): DeadLetter {
  const work = readWork(entry.work);
  const callback = work?.kind === "post" ? work.post.body : undefined;
  return { ...describe(entry), state: "dead", diedAt: entry.diedAt!, data: work && dataOf(work), callback };
}

function dataOf(work: Work): unknown {
  if (work.kind === "event") return withoutAddress(work.event);
  return work.kind === "malformed" ? work.body : undefined;
}

/** The event without its callback address, which is a secret. */
function withoutAddress({ callbackUrl: _secret, extra, ...event }: EventWork["event"]): unknown {
  return { ...extra, ...event };
}

function describe(entry: Entry): Found {
  const { key, attempts, forMs } = entry;
  const work = readWork(entry.work);
  return {
    key,
    attempts,
    uses: usesOf(work, attempts),
    state: stateOf(entry),
    forMs: forMs > 0 ? keptForMs(forMs) : undefined,
    work: work && ({ event: "event", post: "callback", malformed: "malformed body" } as const)[work.kind],
    name: work?.kind === "event" ? work.event.type : work?.kind === "post" ? work.name : undefined,
    error: readNote(entry.note),
  };
}

function usesOf(work: Work | undefined, attempts: number): number {
  if (work?.kind === "post") return (work.uses ?? 0) + attempts;
  return work?.kind === "event" ? (work.uses ?? 0) : 0;
}

function stateOf({ diedAt, work, answer, forMs, held }: Entry): Found["state"] {
  if (diedAt !== null) return "dead";
  if (work !== null) return forMs <= 0 ? "due" : held ? "held" : "waiting";
  if (answer !== null) return "settled";
  return forMs > 0 ? "held" : "free";
}
