/** Which callback addresses may be posted to. */
import { AnswerbackError } from "./errors.ts";

/** Longer addresses than this are nobody's. */
const longest = 2_048;

/**
 * The address in its normal form: https on port 443, a host of the provider's or a subdomain of one, no credentials,
 * nothing that parsers read in two ways.
 *
 * @throws AnswerbackError `callback_url_refused`, without the address, which is a secret.
 * @see upsales.17
 */
export function checkCallbackUrl(text: string, hosts: readonly string[]): string {
  // a parser drops tabs and turns backslashes round: what is checked must be what is fetched
  if (text.length > longest || /[^\x21-\x7e]|\\/.test(text) || !URL.canParse(text))
    throw refused("is not an address");
  const { protocol, port, username, password, hostname, href } = new URL(text);
  if (protocol !== "https:" || port !== "") throw refused("is not https on port 443");
  if (username || password) throw refused("has credentials in it");
  if (!hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`)))
    throw refused("is not on a host of the provider's");
  return href;
}

function refused(why: string): AnswerbackError {
  return new AnswerbackError("callback_url_refused", `the callbackUrl ${why}`);
}
