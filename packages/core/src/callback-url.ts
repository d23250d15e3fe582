/** Which callback addresses may be posted to. */
import { AnswerbackError } from "./errors.ts";

/** Longer addresses than this are nobody's. */
const longest = 2_048;

/** What all parsers read alike: both slashes, a bare name, no port or the usual one, no spaces, tabs or backslashes. */
const plain = /^https:\/\/(?:[a-z\d-]+\.)+[a-z\d-]+(?::443)?(?:[/?#][!-[\]-~]*)?$/i;

/**
 * The address in its normal form: https on port 443, a host of the provider's or a subdomain of one, no credentials,
 * nothing that parsers read in two ways.
 *
 * @throws AnswerbackError `callback_url_refused`, without the address, which is a secret.
 * @see upsales.17
 */
export function checkCallbackUrl(text: string, hosts: readonly string[]): string {
  // what is checked must be what is fetched
  if (text.length > longest || !plain.test(text) || !URL.canParse(text))
    throw refused("is not plain https: no credentials, no port but 443");
  const { hostname, href } = new URL(text);
  if (!hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`)))
    throw refused("is not on a host of the provider's");
  return href;
}

function refused(why: string): AnswerbackError {
  return new AnswerbackError("callback_url_refused", `the callbackUrl ${why}`);
}
