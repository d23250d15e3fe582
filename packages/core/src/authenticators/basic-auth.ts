/** Basic credentials in the `Authorization` header. */
import type { Authenticator } from "../contract/authenticator.ts";
import { isObject, matching, optional, setting, textOr, withDefault, wrongKind } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import { createComparison } from "./secrets.ts";

/** A user name and a password that are let in. */
export interface BasicCredentials {
  /** Without a colon, which would end it on the wire. Where it is `undefined`, {@link basicAuth} throws. */
  readonly username: string | undefined;
  /** Any characters but controls; it travels as UTF-8. Where it is `undefined`, {@link basicAuth} throws. */
  readonly password: string | undefined;
  /** The identity of who sends this pair; it scopes the event keys. Default: none, so that a rotation changes no key. */
  readonly identity?: string | undefined;
}

/** What {@link basicAuth} takes beside the credentials. */
export interface BasicAuthOptions {
  /** The realm that the challenge names: visible ASCII. Default `"webhooks"`. */
  readonly realm?: string | undefined;
}

/**
 * Lets a delivery in that has one of the pairs as Basic credentials. All pairs are always compared, in constant time. Any
 * other delivery is refused with 401 and a challenge.
 *
 * @param credentials One pair, or a list while they rotate. The first is the one to register with the provider.
 * @returns An authenticator, for the option `authenticate` of `createReceiver`.
 * @throws OptionError `missing` or `empty` for a user name or a password that is not there, `empty` for a list, an
 *   identity or a realm without anything in it, `unknown` for an option that there is not, `invalid` for what cannot be
 *   sent: a colon in the user name, a control character, a realm that is not visible ASCII.
 * @example
 * basicAuth([
 *   { username: "inbox", password: process.env.INBOX_PASSWORD },
 *   { username: "inbox", password: process.env.INBOX_PASSWORD_OLD },
 * ]);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.13 any.13}
 */
export function basicAuth(
  credentials: BasicCredentials | readonly BasicCredentials[],
  options: BasicAuthOptions = {},
): Authenticator {
  takesAtMost(2, "basicAuth", arguments);
  const pairs = [credentials].flat().map(checked);
  const [registered] = pairs;
  if (!registered) throw new OptionError("basicAuth: credentials", "empty", "give at least one pair");
  const { realm } = readOptions("basicAuth", options, { realm: withDefault(aRealm, "webhooks") });
  // compared whole, as bytes: no pair has a colon in its user name, a control character or bytes that are not UTF-8, so
  // credentials that do fit none of them, without a check of their own
  const texts = pairs.map(({ username, password }) => `${username}:${password}`);
  const compare = createComparison(texts);
  // most clients write the header in this way; any other way is decoded
  const compareHeader = createComparison(
    texts.map((text) => `Basic ${Buffer.from(text).toString("base64")}`),
  );
  return {
    needs: "head",
    verify(delivery) {
      const [header, second] = delivery.headers["authorization"] ?? [];
      if (header === undefined) return delivery.deny("it has no Authorization header");
      if (second !== undefined) return false;
      const sent = bytesOf(scheme.exec(header)?.[1] ?? "");
      const pair = pairs[compareHeader(header)] ?? pairs[compare(sent)];
      if (pair) return pair.identity ?? true;
      return delivery.deny(
        sent.length === 0 ? notBasic : "its user name or its password is not the right one",
      );
    },
    refusal: {
      headers: { "www-authenticate": `Basic realm="${realm.replace(/["\\]/g, "\\$&")}", charset="UTF-8"` },
    },
    registers: () => ({ in: "basic", username: registered.username, password: registered.password }),
  };
}

const notBasic = "its Authorization header has no Basic credentials";

interface Pair {
  readonly username: string;
  readonly password: string;
  readonly identity: string | undefined;
}

function checked(credentials: BasicCredentials): Pair {
  if (!isObject(credentials))
    throw wrongKind("basicAuth: credentials", credentials, "{ username, password }");
  const { username, password, identity } = readOptions("basicAuth", credentials, {
    username: setting,
    password: setting,
    identity: optional(textOr("leave it out")),
  });
  if (username.includes(":"))
    throw new OptionError("basicAuth: username", "invalid", "a colon would end it on the wire");
  if (controls.test(username + password))
    throw new OptionError("basicAuth: credentials", "invalid", "they cannot have control characters");
  return { username, password, identity };
}

const controls = /[\u0000-\u001f\u007f]/;

/** One or more spaces after the scheme, and no tab (RFC 9110, section 11.4). */
const scheme = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/**
 * The bytes of canonical base64, with all its padding or none. Decoders forgive other spellings, and then two spellings
 * would be one password: here they have no bytes, which is no pair.
 */
function bytesOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, "base64");
  const canonical = bytes.toString("base64");
  return base64 === canonical || base64 === canonical.replace(/=+$/, "") ? bytes : new Uint8Array();
}

const aRealm = matching(/^[\x20-\x7e]+$/, "it must be visible ASCII");
