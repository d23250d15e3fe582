/** What providers know of the addresses that came with their deliveries: what each took, and what is refused. No I/O. */
import { Buffer } from "node:buffer";
import type { Answered, Conclusion } from "../protocols/conclusion.ts";
import { inWords } from "../protocols/conclusion.ts";
import type {
  AnyDelivery,
  CallbackReply,
  CallbackRequest,
  CallbackTerms,
  Opinion,
  RefusalReason,
} from "../protocols/protocol.ts";

/** What a provider knows of one address. */
export interface Address {
  /** The address. */
  readonly url: string;
  /** What the provider takes there. */
  readonly terms: CallbackTerms;
  /** The delivery that it came with; `undefined`: it was opened by hand. */
  readonly delivery: AnyDelivery | undefined;
  /** When it was first sent: ms on the clock. */
  readonly openedAt: number;
  /** How many attempts with it are out and not answered. */
  waiting: number;
  /** The answer by which the delivery was acknowledged; `undefined`: it has not been. */
  answer: Answered | undefined;
  /** What was taken. */
  readonly taken: CallbackRequest[];
  /** What was taken and was a use. */
  readonly spent: CallbackRequest[];
}

/** An address that a delivery comes with, or that a test opens by hand. */
export function address(
  url: string,
  terms: CallbackTerms,
  first: { readonly at: number; readonly delivery?: AnyDelivery },
): Address {
  const { at: openedAt, delivery } = first;
  return { url, terms, delivery, openedAt, waiting: 0, answer: undefined, taken: [], spent: [] };
}

/** Does the provider still take something there? */
export function isOpen({ terms, spent }: Address): boolean {
  return spent.length < terms.uses;
}

/** Has the delivery been sent, and not been answered yet? */
export function isWaiting({ waiting, answer }: Address): boolean {
  return waiting > 0 && answer === undefined;
}

/** What a provider answers to a callback, and what it concluded. */
export interface CallbackVerdict {
  /** What it answers; of an inline callback, nobody hears it. */
  readonly reply: CallbackReply & { readonly status: number };
  /** Was the callback accepted, and if not, why? */
  readonly concluded: Conclusion;
  /** Did it come before the delivery was acknowledged? */
  readonly early: boolean;
}

/** Something was sent to an address that no delivery came with. */
export const unknownAddress = (): CallbackVerdict => refusedFor("unknown", "unknown callbackUrl");

/** An inline callback of a delivery that came without an address. */
export const noAddress = (): CallbackVerdict => refusedFor("unknown", "the request had no callbackUrl");

/**
 * Takes a callback, or refuses it.
 *
 * @param at - When it came: ms on the clock.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.7 upsales.7}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.8 upsales.8}
 */
export function use(to: Address, request: CallbackRequest, at: number): CallbackVerdict {
  const { terms, delivery, taken, answer } = to;
  const sinceMs = at - to.openedAt;
  const early = isWaiting(to);
  const refuse = ([why, says]: readonly [RefusalReason, string]) =>
    ({ ...refusedFor(why, says, terms), early }) as const;
  const misfit = misfitOf(request, terms);
  if (misfit) return refuse(misfit);
  const opinion = terms.judge?.(request, { delivery, taken: [...taken], answer, sinceMs });
  if (opinion?.refused !== undefined)
    return { ...refused(opinion.refused, { status: 400, ...opinion }), early };
  const late = lateness(to, request, sinceMs);
  if (late) return refuse(late);
  take(to, request, opinion);
  const says = early ? "callback accepted, before the acknowledgement" : "callback accepted";
  return {
    reply: { body: says, ...opinion, status: opinion?.status ?? 200 },
    concluded: { kind: "callback accepted", says },
    early,
  };
}

/** What is wrong with the callback itself. */
function misfitOf(
  { how, method, body }: CallbackRequest,
  { methods, limit }: CallbackTerms,
): readonly [RefusalReason, string] | undefined {
  if (how === "posted" && !methods.includes(method))
    return ["method", `${method}, must be ${methods.join(" or ")}`];
  const bytes = Buffer.byteLength(body);
  return bytes < limit ? undefined : ["too large", `${bytes} bytes, must be less than ${limit}`];
}

/** What is wrong with its time. */
function lateness(
  to: Address,
  { how }: CallbackRequest,
  sinceMs: number,
): readonly [RefusalReason, string] | undefined {
  const { uses, expiresMs, acknowledgedFirst } = to.terms;
  const unused = how === "inline" && !to.terms.inlineSpends;
  if (!isOpen(to) && !unused) return ["already used", usedUp(to, uses)];
  if (how === "inline") return undefined;
  if (sinceMs > expiresMs) return ["expired", `expired after ${inWords(expiresMs)}`];
  if (to.answer || !acknowledgedFirst) return undefined;
  const says = isWaiting(to) ? "posted before the acknowledgement" : "the delivery was not acknowledged";
  return ["not acknowledged", says];
}

function usedUp({ spent }: Address, uses: number): string {
  if (uses > 1) return `already used ${uses} times`;
  return spent[0]?.how === "inline" ? "answered inline" : "already used";
}

function take({ taken, spent, terms }: Address, request: CallbackRequest, opinion: Opinion): void {
  taken.push(request);
  const isUse = request.how === "posted" || terms.inlineSpends;
  if (isUse && opinion?.spends !== false) spent.push(request);
}

function refusedFor(why: RefusalReason, says: string, terms?: CallbackTerms): CallbackVerdict {
  return refused(says, { status: statuses[why], ...terms?.refusal?.(why) });
}

function refused(why: string, reply: CallbackReply & { readonly status: number }): CallbackVerdict {
  const says = `callback refused: ${why}`;
  return { reply: { body: says, ...reply }, concluded: { kind: "callback refused", says }, early: false };
}

/** What HTTP has for it. */
const statuses: Readonly<Record<RefusalReason, number>> = {
  unknown: 404,
  method: 405,
  "too large": 413,
  "not acknowledged": 409,
  expired: 410,
  "already used": 410,
};
