/** The border between an adapter and the receiver: a delivery comes in as plain data, a reply goes out as plain data. */

/**
 * One HTTP attempt of a provider, as an adapter hands it to `receiver.receive`. An adapter translates and decides
 * nothing, so every field is as it was sent.
 */
export interface Delivery {
  /** The HTTP method, as sent: `"POST"`. */
  readonly method: string;
  /** The path under the mount, percent-encoding untouched, without the query: `"/orderinsert/1"`, `"/"`. */
  readonly path: string;
  /** The query without its question mark, percent-encoding untouched; `""` when there is none. */
  readonly query: string;
  /** The headers by name in lower case; of each the values in the order sent, so that a repeated header can be seen. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** Did it arrive over TLS? The adapter says what its socket says, or its framework under its proxy trust. */
  readonly secure: boolean;
  /** When its head arrived: ms since the epoch. Default: the receiver's clock at the call. */
  readonly receivedAt?: number | undefined;
  /**
   * Does the adapter know how far its replies go, and call {@link Reply.sent}? Default `true`. Where it cannot know, as over
   * HTTP/2, a callback that the reply would use up is posted, never sent inline.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.52 any.52}
   */
  readonly tellsSent?: boolean | undefined;
  /**
   * Reads the body. The receiver calls it at most once, and only when the head was acceptable. Never rejects.
   *
   * @param limit How much to read: bytes.
   * @param withinMs How long to read: ms.
   */
  body(limit: number, withinMs: number): Promise<Body>;
}

/** What reading a body came to. */
export type Body =
  | {
      readonly kind: "bytes";
      /** The body as it travelled. */
      readonly bytes: Uint8Array;
      /** Did an upstream parser read it, and so take its `Content-Encoding` off? Default: no. */
      readonly inflated?: true | undefined;
      /** Did that parser leave a text? Then these bytes are UTF-8, whatever charset the body came in. Default: no. */
      readonly text?: true | undefined;
    }
  | {
      readonly kind: "parsed";
      /** The value that an upstream parser made of the body, where it left no bytes. */
      readonly value: unknown;
    }
  /** More than `limit` bytes were declared or sent. */
  | { readonly kind: "too_large" }
  /** The whole body was not there within `withinMs`. */
  | { readonly kind: "timeout" }
  /** The provider broke off. */
  | { readonly kind: "aborted" }
  /** An upstream parser read the body and left nothing. */
  | { readonly kind: "already_read" };

/**
 * How far a reply went: `"fully"`, the response finished with our status and our body; `"not"`, no byte went out, or the
 * response had another status; `"perhaps"`, anything else.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.20 any.20}
 */
export type Sent = "fully" | "perhaps" | "not";

/** The HTTP response to a delivery, as plain data for an adapter to write. */
export interface Reply {
  /** The HTTP status. */
  readonly status: number;
  /** The headers by name in lower case. The adapter adds `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body: a text, UTF-8 on the wire, or bytes; `""`: none. */
  readonly body: string | Uint8Array;
  /**
   * Answer, discard at most 64 KiB of what the client still sends, and close the connection. An adapter may keep it where
   * the whole declared body, at most 64 KiB, has arrived. Default `false`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.3 any.3}
   */
  readonly close?: boolean | undefined;
  /** Destroy a response that is not finished this many ms from now: the provider has surely hung up. Default: never. */
  readonly finishWithinMs?: number | undefined;
  /** Takes how far the reply went. The adapter calls it once, as soon as it knows; or never, where the delivery says so. */
  readonly sent?: ((how: Sent) => void) | undefined;
}

/** The part of a receiver that an adapter needs. */
export interface DeliveryReceiver {
  /**
   * Answers a delivery. Never rejects.
   *
   * @returns The reply; `undefined` where the delivery is not the provider's, and the app's next middleware has it.
   */
  receive(delivery: Delivery): Promise<Reply | undefined>;
  /** Does anything go on behind the replies that were given? Default: nothing does. */
  isBusy?(): boolean;
  /** Resolves when all that goes on behind the replies is done, for a platform that would stop it. Default: nothing does. */
  idle?(): Promise<void>;
}
