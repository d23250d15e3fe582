/** Basic credentials in the `Authorization` header. */
import type { Authenticator } from "./authenticator.ts";
import { createComparison, present } from "./secrets.ts";
import { OptionError } from "../option-error.ts";

/** A user name and a password that are let in. */
export interface BasicCredentials {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Lets in as this identity, which scopes the event keys. Default: none, so that a rotation changes no key. */
  readonly identity?: string | undefined;
}

/** What {@link basicAuth} takes beside the credentials. */
export interface BasicAuthOptions {
  /** Names the place in the challenge. Default `"webhooks"`. */
  readonly realm?: string | undefined;
}

/**
 * Lets in who sends one of the pairs as Basic credentials; all of them are always compared. Refuses with 401 and a
 * challenge.
 *
 * @throws OptionError when a user name or password is missing, or could never be sent.
 * @example
 * basicAuth([
 *   { username: "inbox", password: process.env.INBOX_PASSWORD },
 *   { username: "inbox", password: process.env.INBOX_PASSWORD_OLD },
 * ]);
 * @see any.13
 */
export function basicAuth(
  credentials: BasicCredentials | readonly BasicCredentials[],
  { realm = "webhooks" }: BasicAuthOptions = {},
): Authenticator {
  const pairs = [credentials].flat().map(checked);
  const [registered] = pairs;
  if (!registered) throw new OptionError("basicAuth: credentials", "empty", "give at least one pair");
  // compared whole, as bytes: no pair has a colon in its user name, a control character or bytes that are not UTF-8,
  // so credentials that do are refused without being looked at
  const texts = pairs.map(({ username, password }) => `${username}:${password}`);
  const compare = createComparison(texts);
  // as nearly everybody writes them; what is written otherwise is decoded
  const compareHeader = createComparison(
    texts.map((text) => `Basic ${Buffer.from(text).toString("base64")}`),
  );
  return {
    needs: "head",
    verify({ headers }) {
      const [header = "", second] = headers["authorization"] ?? [];
      if (second !== undefined) return false;
      const pair = pairs[compareHeader(header)] ?? pairs[compare(bytesOf(scheme.exec(header)?.[1] ?? ""))];
      return pair ? (pair.identity ?? true) : false;
    },
    refusal: { headers: { "www-authenticate": `Basic realm="${quotable(realm)}", charset="UTF-8"` } },
    registers: () => ({ in: "basic", username: registered.username, password: registered.password }),
  };
}

interface Pair {
  readonly username: string;
  readonly password: string;
  readonly identity: string | undefined;
}

function checked(credentials: BasicCredentials): Pair {
  const username = present("basicAuth: username", credentials.username);
  const password = present("basicAuth: password", credentials.password);
  if (username.includes(":"))
    throw new OptionError("basicAuth: username", "invalid", "a colon would end it on the wire");
  if (controls.test(username + password))
    throw new OptionError("basicAuth: credentials", "invalid", "they cannot have control characters");
  if (credentials.identity === "") throw new OptionError("basicAuth: identity", "empty", "leave it out");
  return { username, password, identity: credentials.identity };
}

const controls = /[\u0000-\u001f\u007f]/;

/** One or more spaces after the scheme, and no tab (RFC 9110, section 11.4). */
const scheme = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/**
 * Canonical base64 only, with all its padding or none: decoders forgive, and two spellings would be one password. What
 * is none is nobody's: no pair is empty.
 */
function bytesOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, "base64");
  const canonical = bytes.toString("base64");
  return base64 === canonical || base64 === canonical.replace(/=+$/, "") ? bytes : new Uint8Array();
}

function quotable(realm: string): string {
  if (/^[\x20-\x7e]+$/.test(realm)) return realm.replace(/["\\]/g, "\\$&");
  throw new OptionError("basicAuth: realm", "invalid", "it must be visible ASCII");
}
