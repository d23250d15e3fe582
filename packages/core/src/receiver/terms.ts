/** What a provider grants an event of one type: how long it waits, whether it sends again, what its address is good for. */
import { toMs } from "../contract/duration.ts";
import { OptionError } from "../contract/option-error.ts";
import type { CallbackTerms } from "../contract/callback-terms.ts";
import type { EventSpec } from "../contract/event-spec.ts";
import type { Provider } from "../contract/provider.ts";
import { defaultTimes, mayAccept, usualAnswerWithinMs, waitMs } from "./patience.ts";
import type { Settings } from "./settings.ts";

/** The terms of one event type, in ms, with what the options say. */
export interface Terms {
  /** How long the provider waits for a reply. */
  readonly patienceMs: number;
  /** How long after its head the event is acknowledged at the latest. */
  readonly answerWithinMs: number;
  /** May it be acknowledged before it is handled? */
  readonly acceptsLate: boolean;
  /** Is it acknowledged where its handler fails in time? */
  readonly acceptsFailures: boolean;
  /** How long a delivery waits for its reply: ms from its head. */
  readonly waitMs: number;
  /** How long the reply to somebody at a screen may take. */
  readonly interactiveWithinMs: number;
  /** How long its key is remembered. */
  readonly retentionMs: number;
  /** What its callback address is good for; `undefined`: it has none. */
  readonly address: AddressTerms | undefined;
}

/** What a callback address is good for. */
export interface AddressTerms extends Pick<CallbackTerms, "maxBytes" | "nearBytes" | "hosts"> {
  /** How many uses; `Infinity`: as many as you like. */
  readonly uses: number;
  /** Does an answer in the reply spend one? */
  readonly inlineSpends: boolean;
  /** How long after the event it is good: ms; `Infinity`: nobody knows. */
  readonly expiresMs: number;
  /** How long a callback that did not come through is tried again, from when it was due: ms. */
  readonly retryForMs: number;
  /** How long after the event somebody may still bring the answer: ms. */
  readonly answerableMs: number;
  /** Ports beside 443. */
  readonly ports: readonly number[] | "any";
  readonly accepts: (url: URL) => boolean;
}

/** The terms by event type. */
export type TermsByType = (type: string) => Terms;

/**
 * Works out the terms of every event type.
 *
 * @param durable Does the backend outlive this process?
 * @throws OptionError `out_of_range` for an `answerWithin` that is not below the patience; `missing` for the option
 *   `transport` where posts may go to any host.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.37 any.37}
 */
export function termsOf(settings: Settings, durable: boolean): TermsByType {
  const { provider } = settings;
  const usual = termsFor(settings, durable);
  const byType = new Map(
    Object.entries<EventSpec>(provider.events).map(([type, spec]) => [
      type,
      termsFor(settings, durable, { type, spec }),
    ]),
  );
  for (const { address } of [usual, ...byType.values()]) {
    if (address?.hosts === "any" && !settings.transportSet) throw anyHost(provider);
  }
  return (type) => byType.get(type) ?? usual;
}

/** An event type that the provider lists. */
interface Listed {
  readonly type: string;
  readonly spec: EventSpec;
}

function termsFor(settings: Settings, durable: boolean, listed?: Listed): Terms {
  const { provider, onFailure } = settings;
  const { spec = {} } = listed ?? {};
  const retries = spec.retries ?? provider.retries ?? true;
  const patienceMs = toMs(spec.patience ?? provider.patience ?? defaultTimes.patience, "patience");
  const providersMs = usualAnswerWithinMs(provider.answerWithin, patienceMs);
  const usualMs = spec.patience === undefined ? providersMs : Math.min(providersMs, patienceMs / 2);
  const statedMs = spec.answerWithin === undefined ? usualMs : toMs(spec.answerWithin, "answerWithin");
  const answerWithinMs = answerWithin(settings, { patienceMs, statedMs, listed });
  const answerWithinSet = settings.answerWithinMs !== undefined;
  const acceptsLate = mayAccept({ durable, retries, answerWithinSet });
  const address = spec.callback === false ? undefined : { ...provider.callback, ...spec.callback };
  const isStated = spec.retention !== undefined && !settings.retentionSet;
  return {
    patienceMs,
    answerWithinMs,
    acceptsLate,
    acceptsFailures: onFailure === undefined ? !retries : onFailure === "accept",
    waitMs: waitMs(acceptsLate, { patienceMs, answerWithinMs }),
    // whoever accepts first, with `answerWithin: 0`, cannot do so while somebody waits at a screen
    interactiveWithinMs: answerWithinMs || statedMs,
    retentionMs: isStated ? toMs(spec.retention!, "retention") : settings.retentionMs,
    address: address && address.hosts ? addressTerms(address as CallbackTerms) : undefined,
  };
}

/** What was written out; for a type that waits less than that, what is usual. */
function answerWithin(
  { provider, answerWithinMs: given }: Settings,
  { patienceMs, statedMs, listed }: { patienceMs: number; statedMs: number; listed: Listed | undefined },
): number {
  const isImpatient = listed?.spec.patience !== undefined;
  const chosen = given === undefined || (isImpatient && given >= patienceMs) ? statedMs : given;
  if (chosen < patienceMs) return chosen;
  const option =
    given === undefined && listed ? `${provider.name}: ${listed.type}.answerWithin` : "answerWithin";
  const cure = `must be below the ${patienceMs / 1_000} s that ${provider.name} waits; leave it out for a good one`;
  throw new OptionError(option, "out_of_range", cure);
}

function addressTerms({
  uses,
  inlineSpends,
  expires,
  retryFor,
  ports,
  accepts,
  ...rest
}: CallbackTerms): AddressTerms {
  const expiresMs = expires === undefined ? Infinity : toMs(expires, "callback.expires");
  const retryForMs = toMs(retryFor ?? expires ?? defaultTimes.callbackRetryFor, "callback.retryFor");
  return {
    ...rest,
    uses: uses ?? 1,
    inlineSpends: inlineSpends ?? true,
    expiresMs,
    retryForMs,
    answerableMs: expires === undefined ? retryForMs : expiresMs,
    ports: ports ?? [],
    accepts: accepts ?? (() => true),
  };
}

function anyHost({ name }: Provider): OptionError {
  return new OptionError(
    "transport",
    "missing",
    `${name} has callback addresses on any host, and a stranger may name one of your own network; give guardedFetch of @answerback/node`,
  );
}
