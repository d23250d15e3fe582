/** Which URLs are worth a lookup. */

import { isIP } from "node:net";
import { GuardedFetchError } from "./errors.ts";

/**
 * The URL as parsed; what is connected to is this same object, so that no second parser can see another host in it.
 *
 * @param ports The ports that it may have beside 443.
 * @throws GuardedFetchError `ERR_BLOCKED_ADDRESS`, without the URL.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export function toTarget(text: string, ports: readonly number[]): URL {
  const url = URL.parse(text);
  if (!url) throw blocked("the URL cannot be read");
  if (url.protocol !== "https:") throw blocked("the URL is not https");
  if (url.username || url.password) throw blocked("the URL has credentials in it");
  if (isLiteral(url.hostname)) throw blocked("the URL has an IP address for its host");
  // the parser has dropped 443, the port of https
  if (url.port !== "" && !ports.includes(Number(url.port)))
    throw blocked("the URL has a port other than 443; if you mean it, name it in ports");
  return url;
}

/** The parser has turned `2130706433`, `0x7f.1` and `①②⑦.0.0.1` into `127.0.0.1` by now, and put IPv6 in brackets. */
function isLiteral(hostname: string): boolean {
  return hostname.startsWith("[") || isIP(hostname) !== 0;
}

function blocked(why: string): GuardedFetchError {
  return new GuardedFetchError("ERR_BLOCKED_ADDRESS", why);
}
