/** Registering with a provider: what a receiver knows of itself, for a provider to say what must be registered. */
import type { Registered } from "./authenticators/authenticator.ts";
import type { Warning } from "./provider.ts";
import { OptionError } from "./option-error.ts";

/** A receiver, as far as its provider has to know of it. */
export interface Registrant {
  /** Where it is mounted, as the provider will see it, with the secrets of its authenticators in it. */
  readonly url: string;
  /** The Basic credentials that it lets in; of several pairs the first. */
  readonly basic: { readonly username: string; readonly password: string } | undefined;
  /** Has it a handler for this event type? */
  handles(type: string): boolean;
  /** Says what is legal but unwise. */
  warn(warning: Warning): void;
}

/** A provider's way to say what must be registered; `options` is what the receiver cannot know. */
export type Register<Options extends object = any, Result = unknown> = (
  registrant: Registrant,
  options: Options,
) => Result;

/** What the receiver has to be told whatever the provider is. */
export interface RegistrationOptions {
  /** The public address at which it is mounted: `"https://example.com/hooks/postback"`. */
  readonly url: string;
}

/**
 * The address with the credentials that travel in it.
 *
 * @throws OptionError when it is not an http(s) address, or has a query of its own.
 */
export function urlWith(url: string, credentials: readonly Registered[]): string {
  if (!URL.canParse(url))
    throw new OptionError(
      "registration: url",
      "invalid",
      `${JSON.stringify(url)} is not an absolute address`,
    );
  const { protocol, search, hash, href } = new URL(url);
  if (!/^https?:$/.test(protocol) || search || hash) {
    throw new OptionError(
      "registration: url",
      "invalid",
      "give the http(s) address of the mount alone, without query and fragment",
    );
  }
  const query = new URLSearchParams();
  let address = href.replace(/\/$/, "");
  for (const credential of credentials) {
    if (credential.in === "path") address += `/${credential.secret}`;
    if (credential.in === "query") query.append(credential.name, credential.secret);
  }
  return query.size > 0 ? `${address}?${query.toString()}` : address;
}
