/** Who sent a delivery: every authenticator is asked, those that need the head alone first. */
import type {
  Authenticate,
  Authenticator,
  OpenDelivery,
  Refusal,
} from "../../authenticators/authenticator.ts";
import { OptionError } from "../../option-error.ts";
import { Unauthorized } from "../event/refusal.ts";
import { after, rescue, type Soon } from "../../soon.ts";
import { codeOf } from "../thrown.ts";

/** The option as a list in the order of asking. Throws an OptionError when it was left out or is none. */
export function authenticatorsOf(authenticate: Authenticate | undefined): readonly Authenticator[] {
  if (authenticate === false) return [];
  if (authenticate === undefined || authenticate === null) {
    throw new OptionError(
      "authenticate",
      "missing",
      "missing; give an authenticator such as basicAuth(…), or write out false to let everybody in",
    );
  }
  const list = [authenticate].flat().map(asAuthenticator);
  if (list.length === 0)
    throw new OptionError("authenticate", "empty", "the list is empty; write out false to let everybody in");
  if (list.filter(({ path }) => path).length > 1)
    throw new OptionError("authenticate", "conflict", "only one secret can be a segment of the URL");
  return list.toSorted((one, other) => rank(one) - rank(other));
}

/** Lets the delivery in, as whom the authenticators say. Throws, or rejects with, `unauthorized`. @see any.13 */
export function authenticate(
  authenticators: readonly Authenticator[],
  delivery: OpenDelivery,
): Soon<string | undefined> {
  // two of them are two opinions of who is asking: a proxy may look at one and we at the other
  if ((delivery.headers.authorization?.length ?? 0) > 1) throw new Unauthorized(challengeOf(authenticators));
  const ask = (asking: Soon<string | undefined>, one: Authenticator): Soon<string | undefined> =>
    after(asking, (identity) => after(askedOf(one, delivery), (verdict) => named(one, verdict, identity)));
  return authenticators.reduce(ask, undefined);
}

/** The first name that was said. Whatever else a function of the user's comes to, nobody said yes. */
function named({ refusal }: Authenticator, verdict: unknown, before: string | undefined): string | undefined {
  if (verdict === true) return before;
  if (typeof verdict === "string" && verdict !== "") return before ?? verdict;
  throw new Unauthorized(refusal);
}

/** Some providers are told 200 for a `PermanentError`, and this event is kept nowhere: it is a no. */
function askedOf(authenticator: Authenticator, delivery: OpenDelivery): Soon<unknown> {
  return rescue<unknown>(
    () => authenticator.verify(delivery),
    (error) => {
      if (codeOf(error) === "permanent") return false;
      throw error;
    },
  );
}

function asAuthenticator(one: Authenticator | Authenticator["verify"]): Authenticator {
  const authenticator = typeof one === "function" ? { needs: "head" as const, verify: one } : one;
  if (typeof authenticator?.verify === "function") return authenticator;
  throw new OptionError(
    "authenticate",
    "invalid",
    "give an authenticator, a function, a list of them, or a written-out false",
  );
}

function rank({ needs }: Authenticator): number {
  return needs === "head" ? 0 : 1;
}

function challengeOf(authenticators: readonly Authenticator[]): Refusal | undefined {
  return authenticators.find(({ refusal }) => refusal?.headers)?.refusal;
}
