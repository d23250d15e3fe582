/** What an authenticator is: one shape for every place a credential can be, since the body opens on demand. */
import type { Warning } from "../provider.ts";

/** Says whether a delivery is from the provider. */
export interface Authenticator {
  /** Orders a list, nothing more: what needs the head alone is asked first, so that no body is read for a stranger. */
  readonly needs: "head" | "body";
  /** `false`, `undefined` or `""` refuses; `true` lets in; a name lets in as that identity, which scopes the event keys. */
  verify(delivery: OpenDelivery): Verdict | Promise<Verdict>;
  /** How a refusal looks where a bare 401 would be wrong. */
  readonly refusal?: Refusal | undefined;
  /** A path segment that belongs to the credential, in front of the provider's own paths: `"/:secret"`. */
  readonly path?: `/:${string}` | undefined;
  /** What the developer should know about it; the receiver passes it on once. */
  readonly warnings?: readonly Warning[] | undefined;
  /**
   * What to register with the provider, so that it sends this credential; of several the first. A function, so that
   * nothing that prints an authenticator prints a secret.
   */
  registers?(): Registered;
}

/** A credential as the provider must know it: where it goes, and what it is. */
export type Registered =
  | { readonly in: "basic"; readonly username: string; readonly password: string }
  | { readonly in: "path"; readonly secret: string }
  | { readonly in: "query" | "header" | "body"; readonly name: string; readonly secret: string };

/** @see {@link Authenticator.verify} */
export type Verdict = boolean | string | null | undefined;

/** How a refusal looks. */
export interface Refusal {
  /** As if nothing were here: an empty 404, where the provider's table allows it. */
  readonly hidden?: boolean | undefined;
  /** Basic's challenge. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A delivery whose body is read when somebody asks for it. */
export interface OpenDelivery {
  readonly method: string;
  /** The path under the mount, as sent. */
  readonly path: string;
  /** Without the question mark, as sent. */
  readonly query: string;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** The path's parameters, without an authenticator's own segment: that is in `path`. */
  readonly params: Readonly<Record<string, string>>;
  readonly secure: boolean;
  /** ms since the epoch. */
  readonly receivedAt: number;
  /** The body as it travelled, for a signature. Rejects where an upstream parser left nothing of it. */
  bytes(): Promise<Uint8Array>;
  /** The decoded body: JSON, or the fields of a form. */
  body(): Promise<unknown>;
}

/** An authenticator, your own function, or a list in which all must agree; `false` lets everybody in, written out. */
export type Authenticate =
  Authenticator | Authenticator["verify"] | readonly (Authenticator | Authenticator["verify"])[] | false;

/** One secret, or several while they rotate. A missing one (an unset variable) is refused at creation. */
export type Secret = string | undefined | readonly (string | undefined)[];
