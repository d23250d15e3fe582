/** What may be posted, by the provider's terms: to which addresses, and how much. */
import { AnswerbackError } from "../../contract/errors.ts";
import type { Post } from "../../contract/callback-terms.ts";
import type { Provider } from "../../contract/provider.ts";
import type { Warning } from "../../contract/warning.ts";
import type { AddressTerms } from "../terms.ts";

/** Longer addresses than this are nobody's. */
const longest = 2_048;

/** What all parsers read alike: both slashes, a bare name, perhaps a port, no spaces, tabs or backslashes. */
const plain = /^https:\/\/(?:[a-z\d-]+\.)+[a-z\d-]+(?::[1-9]\d{0,4})?(?:[/?#][!-[\]-~]*)?$/i;

/**
 * The address in its normal form: https on port 443 or on one of the terms, a host of the provider's or a subdomain of one,
 * no credentials, nothing that parsers read in two ways.
 *
 * @param terms `undefined`: the provider has no callback address.
 * @throws AnswerbackError `callback_url_refused`, without the address, which is a secret.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.37 any.37}
 */
export function checkCallbackUrl(text: string, terms: AddressTerms | undefined): string {
  const { hosts = [], ports = [], accepts } = terms ?? {};
  // what is checked must be what is fetched
  if (text.length > longest || !plain.test(text) || !URL.canParse(text) || !isPort(new URL(text), ports))
    throw refused(`${hostOf(text)} is not plain https, without credentials and on ${portsIn(ports)}`);
  const url = new URL(text);
  const { hostname, href } = url;
  if (hosts !== "any" && !hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`)))
    throw refused(
      `${hostname} is none of the hosts that may be posted to: ${hosts.join(", ") || "there is none"}`,
    );
  if (accepts && !accepts(url)) throw refused(`${hostname} is not one that the provider's terms accept`);
  return href;
}

/** May the address be posted to? See {@link checkCallbackUrl}. */
export function mayBePostedTo(text: string, terms: AddressTerms): boolean {
  try {
    checkCallbackUrl(text, terms);
    return true;
  } catch {
    return false;
  }
}

function isPort({ port }: URL, ports: AddressTerms["ports"]): boolean {
  return port === "" || ports === "any" || ports.includes(Number(port));
}

function portsIn(ports: AddressTerms["ports"]): string {
  return ports === "any" ? "any port" : `port ${[443, ...ports].join(" or ")}`;
}

/**
 * The post with its address in normal form.
 *
 * @throws AnswerbackError `invalid_answer` where the provider has no callback address, `callback_too_large`,
 *   `callback_url_refused`.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export function checkPost(provider: Provider, terms: AddressTerms | undefined, post: Post): Post {
  checkSize(provider, terms, post);
  return { ...post, url: checkCallbackUrl(post.url, terms) };
}

/**
 * Checks what is to be posted, whatever its address.
 *
 * @throws AnswerbackError `invalid_answer` where the provider has no callback address, `callback_too_large`.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.10 upsales.10}
 */
export function checkSize({ name }: Provider, terms: AddressTerms | undefined, post: Post): void {
  if (!terms) throw new AnswerbackError("invalid_answer", `${name} has no callback address`);
  const bytes = Buffer.byteLength(post.body);
  if (bytes >= terms.maxBytes) {
    throw new AnswerbackError(
      "callback_too_large",
      `the callback is ${bytes} bytes as JSON; ${name} takes less than ${terms.maxBytes}`,
    );
  }
}

/**
 * Tells of a post that the provider may read as too large.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.10 upsales.10}
 */
export function warnNearLimit(
  { provider, warn }: { readonly provider: Provider; readonly warn: (warning: Warning) => void },
  { nearBytes = Infinity, maxBytes }: AddressTerms,
  post: Post,
): void {
  const bytes = Buffer.byteLength(post.body);
  if (bytes < nearBytes) return;
  const message = `the callback is ${bytes} bytes as JSON: ${provider.name} may take no more than ${nearBytes}, though ${maxBytes} are let through`;
  warn({ code: "callback_near_limit", message });
}

function refused(why: string): AnswerbackError {
  return new AnswerbackError(
    "callback_url_refused",
    `the address for the callback on ${why}; allow a host with callbackHosts, or callback.hosts in a provider of your own`,
  );
}

/** Of an address, whatever it is, its host is all that is told: the rest is a secret. */
export function hostOf(text: string): string {
  return (URL.canParse(text) && new URL(text).hostname) || "no host";
}
