/** Registering with a provider: the facts of a receiver from which a provider says what must be registered. */
import { anything, textOr, type Kind } from "./kinds.ts";
import { OptionError } from "./option-error.ts";
import type { Kinds } from "./read-options.ts";
import type { Warning } from "./warning.ts";

/** A credential as it must be registered with the provider. */
export type Registered =
  | {
      readonly in: "basic";
      /** The user name of Basic credentials. */
      readonly username: string;
      /** The password of Basic credentials. */
      readonly password: string;
    }
  | {
      readonly in: "path";
      /** The secret itself. */
      readonly secret: string;
    }
  | {
      /** Where the secret is sent. */
      readonly in: "query" | "header" | "body";
      /** The name of the query field, the header, or the field of the body. */
      readonly name: string;
      /** The secret itself. */
      readonly secret: string;
    }
  | {
      readonly in: "signature";
      /** The secret that the provider signs with; `undefined`: it signs with a key of its own. */
      readonly secret: string | undefined;
    };

/** The facts of a receiver that its provider needs for a registration. */
export interface Registrant {
  /** The public address at which it is mounted, with the secrets of its authenticators in path and query. */
  readonly url: string;
  /** The Basic credentials that it lets in, of several pairs the first; `undefined`: none. */
  readonly basic: { readonly username: string; readonly password: string } | undefined;
  /** The secret that the provider is to sign with, of several the first; `undefined`: none is to be registered. */
  readonly signingSecret: string | undefined;
  /** Has it a handler for this event type? */
  handles(type: string): boolean;
  /** Warns the developer of what is legal but unwise. */
  warn(warning: Warning): void;
}

/**
 * Says what must be registered with a provider, from the facts of a receiver, and for the rest from `options`: all that
 * `receiver.registration` was given.
 *
 * @throws OptionError for an address or an option that the provider does not take.
 */
export type Register<Options extends object = any, Result = unknown> = (
  registrant: Registrant,
  options: Options,
) => Result;

/** What `receiver.registration` takes for every provider. */
export interface RegistrationOptions {
  /** The public address at which it is mounted: `"https://example.com/hooks/postback"`. */
  readonly url: string;
}

/** For `readOptions`: what every provider is given. The receiver checks the address. */
export const mountOptions: Kinds<RegistrationOptions> = { url: anything };

/**
 * The address of a mount with the credentials that travel in it.
 *
 * @throws OptionError `missing` or `empty` for no address, `invalid` for one that is not http(s), or has a query or a fragment.
 */
export function urlWith(url: string, credentials: readonly Registered[]): string {
  const query = new URLSearchParams();
  let address = aMountUrl("registration: url", url).replace(/\/$/, "");
  for (const credential of credentials) {
    if (credential.in === "path") address += `/${credential.secret}`;
    if (credential.in === "query") query.append(credential.name, credential.secret);
  }
  return query.size > 0 ? `${address}?${query.toString()}` : address;
}

/** The address of a mount, in its normal form: http(s), without query and fragment. */
export const aMountUrl: Kind<string> = (option, value) => {
  const given = anAddress(option, value);
  if (!URL.canParse(given))
    throw new OptionError(
      option,
      "invalid",
      "it is not an absolute address, such as https://example.com/hooks",
    );
  const { protocol, search, hash, href } = new URL(given);
  if (/^https?:$/.test(protocol) && !search && !hash) return href;
  throw new OptionError(
    option,
    "invalid",
    "give the http(s) address of the mount alone, without query and fragment",
  );
};

const anAddress = textOr("give the address of the mount, such as https://example.com/hooks");
