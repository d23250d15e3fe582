/** Who sent a delivery: every authenticator is asked, those that need the head alone first. */
import { basicAuth } from "../../authenticators/basic-auth.ts";
import { bearerJwt } from "../../authenticators/bearer-jwt.ts";
import { ed25519Signature } from "../../authenticators/ed25519-signature.ts";
import { hmacSignature } from "../../authenticators/hmac-signature.ts";
import { bodySecret, headerSecret } from "../../authenticators/plain-secret.ts";
import { standardWebhooks } from "../../authenticators/standard-webhooks.ts";
import { querySecret, urlSecret } from "../../authenticators/url-secret.ts";
import type { Authenticate, Authenticator, OpenDelivery, Refusal } from "../../contract/authenticator.ts";
import { oneOf } from "../../contract/kinds.ts";
import { OptionError } from "../../contract/option-error.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { unauthorized } from "../refusal.ts";
import type { Settings } from "../settings.ts";
import { asOurs, codeOf } from "../thrown.ts";

/**
 * The provider's own authenticator and the option, as a list in the order of asking. Throws an OptionError when there is
 * neither, and for what is none.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.29 any.29}
 */
export function authenticatorsOf(
  authenticate: Authenticate | undefined,
  { provider, publicUrl }: Pick<Settings, "provider" | "publicUrl">,
): readonly Authenticator[] {
  if (authenticate === false) return [];
  const own = provider.authenticator ? [provider.authenticator] : [];
  if (authenticate === null || (authenticate === undefined && own.length === 0)) {
    throw new OptionError(
      "authenticate",
      "missing",
      "it is missing; give an authenticator such as basicAuth(…), or write out false to let everybody in",
    );
  }
  const given = authenticate === undefined ? [] : [authenticate].flat().map(asAuthenticator);
  if (authenticate !== undefined && given.length === 0)
    throw new OptionError("authenticate", "empty", "the list is empty; write out false to let everybody in");
  const list = [...own, ...given];
  if (publicUrl === undefined && list.some(({ needsUrl }) => needsUrl))
    throw new OptionError(
      "publicUrl",
      "missing",
      `${provider.name} signs the address to which it sends; give it as it is registered, such as https://example.com/hooks`,
    );
  if (list.filter(({ path }) => path).length > 1)
    throw new OptionError("authenticate", "conflict", "only one secret can be a segment of the URL");
  return list.toSorted((one, other) => rank(one) - rank(other));
}

/** A delivery as it asks to be let in. */
export interface Asking extends OpenDelivery {
  /** Why the authenticator that is asked says no, where it said so. */
  denied?: string | undefined;
}

/**
 * Lets the delivery in, as whom the authenticators say: the first that names somebody counts. Throws, or rejects with,
 * `unauthorized`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.13 any.13}
 */
export function authenticate(
  authenticators: readonly Authenticator[],
  delivery: Asking,
): MaybePromise<string | undefined> {
  // two of them are two opinions of who is asking: a proxy may look at one and we at the other
  if ((delivery.headers.authorization?.length ?? 0) > 1) throw unauthorized(challengeOf(authenticators));
  return ask(authenticators, delivery);
}

/** Asks one authenticator after the other, and waits only for those that have to. */
function ask(
  [authenticator, ...others]: readonly Authenticator[],
  delivery: Asking,
  known?: string,
): MaybePromise<string | undefined> {
  if (!authenticator) return known;
  const heard = (verdict: unknown) => {
    const identity = identityIn(verdict, authenticator, delivery);
    return ask(others, delivery, known ?? identity);
  };
  const verdict = verdictOf(authenticator, delivery);
  return isPromise(verdict) ? verdict.then(heard) : heard(verdict);
}

/** The name that a verdict gives. Throws for every verdict that is not a yes, whatever a user's function returns. */
function identityIn(verdict: unknown, { refusal }: Authenticator, { denied }: Asking): string | undefined {
  if (verdict === true) return undefined;
  if (typeof verdict === "string" && verdict !== "") return verdict;
  throw unauthorized(refusal, denied);
}

function verdictOf(authenticator: Authenticator, delivery: Asking): MaybePromise<unknown> {
  delivery.denied = undefined;
  try {
    const verdict = authenticator.verify(delivery);
    return isPromise(verdict) ? Promise.resolve(verdict).catch(noIfPermanent) : verdict;
  } catch (error) {
    return noIfPermanent(error);
  }
}

/** Some providers are told 200 for a `PermanentError`, and this event is kept nowhere: it is a no. */
function noIfPermanent(error: unknown): false {
  if (codeOf(error) === "permanent") return false;
  throw asOurs(error, "an authenticator");
}

/** Called with a delivery, one of these would throw at each: they are called to make an authenticator. */
const makers: readonly unknown[] = [
  basicAuth,
  bearerJwt,
  bodySecret,
  ed25519Signature,
  headerSecret,
  hmacSignature,
  querySecret,
  standardWebhooks,
  urlSecret,
];

function asAuthenticator(one: Authenticator | Authenticator["verify"]): Authenticator {
  if (typeof one === "function" && makers.includes(one))
    throw new OptionError(
      "authenticate",
      "invalid",
      `${one.name} makes an authenticator; call it: ${one.name}(…)`,
    );
  const authenticator = typeof one === "function" ? { needs: "head" as const, verify: one } : one;
  if (typeof authenticator?.verify === "function") {
    aNeed("authenticate.needs", authenticator.needs);
    return authenticator;
  }
  throw new OptionError(
    "authenticate",
    "invalid",
    "give an authenticator, a function, a list of them, or a written-out false",
  );
}

const aNeed = oneOf("head", "body");

function rank({ needs }: Authenticator): number {
  return needs === "head" ? 0 : 1;
}

function challengeOf(authenticators: readonly Authenticator[]): Refusal | undefined {
  return authenticators.find(({ refusal }) => refusal?.headers)?.refusal;
}
