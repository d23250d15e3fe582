/** What an authenticator is: one shape for every place where a credential can be, since the body opens on demand. */
import type { Registered } from "./registration.ts";
import type { Warning } from "./warning.ts";

/** Says whether a delivery is from the provider. */
export interface Authenticator {
  /**
   * The part of the delivery that `verify` looks at. It decides the order in a list and nothing else: `"head"` is asked
   * before `"body"`, so that a stranger's body is not read.
   */
  readonly needs: "head" | "body";
  /**
   * Lets a delivery in, or refuses it. Whoever calls the `verify` of another authenticator hands it the whole delivery.
   *
   * An error refuses it too: an error of Answerback with the provider's status for its code, `PermanentError` like a
   * wrong credential, any other error as `failed`.
   *
   * @returns `true` to let it in, a name to let it in as that identity, any other value to refuse it with `unauthorized`.
   */
  verify(delivery: OpenDelivery): Verdict | Promise<Verdict>;
  /** How a refusal looks. Default: the provider's status for `unauthorized`, which is 401 with most. */
  readonly refusal?: Refusal | undefined;
  /**
   * A path segment that belongs to the credential, in front of the provider's own paths: `"/:secret"`. One authenticator
   * of a receiver may have it.
   */
  readonly path?: `/:${string}` | undefined;
  /** Does `verify` need the delivery's `url`? Then a receiver without the option `publicUrl` is refused. Default `false`. */
  readonly needsUrl?: boolean | undefined;
  /** What the developer should know about the credential: the receiver passes each warning on when it is created. */
  readonly warnings?: readonly Warning[] | undefined;
  /**
   * The credential to register with the provider; of several credentials the first. It is a function, so that printing
   * an authenticator prints no secret.
   */
  registers?(): Registered;
}

/**
 * What an authenticator says of a delivery: `true` lets it in; a name lets it in as that identity, which scopes the event
 * keys; `false`, `null`, `undefined` and `""` refuse it.
 */
export type Verdict = boolean | string | null | undefined;

/** How a refusal looks. */
export interface Refusal {
  /** Refuse as if nothing were here: an empty 404, where the provider's table of answers has it. Default `false`. */
  readonly hidden?: boolean | undefined;
  /** Headers of a 401, such as Basic's challenge; names in lower case. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A delivery as an authenticator sees it. Its body is read when an authenticator asks for it. */
export interface OpenDelivery {
  /** The HTTP method, as sent: `"POST"`. */
  readonly method: string;
  /** The path under the mount, as sent. */
  readonly path: string;
  /** The query without its question mark, as sent; `""` when there is none. */
  readonly query: string;
  /**
   * The address as the provider sees it, for a provider that signs it: the option `publicUrl`, the path under the mount, the
   * query. `undefined`: `publicUrl` was not given.
   */
  readonly url: string | undefined;
  /** The headers by name in lower case; of each the values in the order sent. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** The path's parameters. The segment that belongs to a credential is not among them: read it in `path`. */
  readonly params: Readonly<Record<string, string>>;
  /** Did it arrive over TLS? */
  readonly secure: boolean;
  /** When its head arrived: ms since the epoch. */
  readonly receivedAt: number;
  /**
   * The body's bytes as they travelled, for a signature. Rejects with the reason for a refusal, and with
   * `body_already_read` where an upstream parser left a value instead of the bytes.
   */
  bytes(): Promise<Uint8Array>;
  /**
   * Says why, for a verdict that is a no: `return delivery.deny("the timestamp is stale")`. The developer is told, the sender
   * is not.
   *
   * @param reason A sentence with no value out of the delivery, always in the same words.
   * @returns `false`.
   */
  deny(reason: string): false;
  /** The decoded body: JSON, or the fields of a form. Rejects with the reason for a refusal: `malformed` and others. */
  body(): Promise<unknown>;
}

/**
 * Who may send: an authenticator, a function like its `verify`, a list in which all must agree, or `false`, which lets
 * everybody in and has to be written out.
 */
export type Authenticate =
  Authenticator | Authenticator["verify"] | readonly (Authenticator | Authenticator["verify"])[] | false;

/** What has an authenticator of its own: a provider that signs what it sends. */
export interface Signing {
  /** How it signs. */
  readonly authenticator: Authenticator;
}

/** One secret, or several while they rotate. A missing one (an unset variable) is refused at creation. */
export type Secret = string | undefined | readonly (string | undefined)[];
