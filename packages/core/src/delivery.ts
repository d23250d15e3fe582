/** The border between an adapter and the receiver: a delivery comes in as plain data, a reply goes out as plain data. */

/**
 * One HTTP attempt of a provider, as an adapter hands it to `receiver.receive`. An adapter translates and decides
 * nothing, so every field is what the wire said.
 */
export interface Delivery {
  /** As sent: `"POST"`. */
  readonly method: string;
  /** The path under the mount, percent-encoding untouched, without the query: `"/orderinsert/1"`, `"/"`. */
  readonly path: string;
  /** The query without its question mark, percent-encoding untouched; `""` when there is none. */
  readonly query: string;
  /** Header names in lower case; of each the values in the order sent, so that a repeated header can be seen. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** Did it arrive over TLS, in the eyes of whoever may judge (the socket, or the framework under its proxy trust)? */
  readonly secure: boolean;
  /** When its head arrived: ms since the epoch. Default: the receiver's clock at the call. */
  readonly receivedAt?: number | undefined;
  /**
   * Reads the body: at most `limit` bytes, for at most `withinMs` milliseconds. Called at most once, and only when the
   * head was acceptable. Never rejects.
   */
  body(limit: number, withinMs: number): Promise<Body>;
}

/** What reading a body came to. */
export type Body =
  /** The bytes as they travelled. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** An upstream parser was here first and left a value. */
  | { readonly kind: "parsed"; readonly value: unknown }
  /** More than `limit` bytes were declared or sent. */
  | { readonly kind: "too_large" }
  /** It was not there in time. */
  | { readonly kind: "timeout" }
  /** The provider broke off. */
  | { readonly kind: "aborted" }
  /** An upstream parser read it and left nothing. */
  | { readonly kind: "already_read" };

/**
 * How far a reply went: `"fully"`, the response finished with our status and our body; `"not"`, no byte went out or it
 * had another status; `"perhaps"`, anything else.
 *
 * @see any.20
 */
export type Sent = "fully" | "perhaps" | "not";

/** The HTTP response to a delivery, as plain data for an adapter to write. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. `content-length` is the adapter's to add. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; `""` for none. UTF-8 on the wire. */
  readonly body: string;
  /** Answer, discard at most 64 KiB of what the client still sends, and close the connection. */
  readonly close?: boolean | undefined;
  /** Destroy a response that has not finished this many ms from now: the provider has surely hung up. */
  readonly finishWithinMs?: number | undefined;
  /** The adapter calls it once, when it knows how far the reply went. */
  readonly sent?: ((how: Sent) => void) | undefined;
}

/** All that an adapter needs of a receiver. */
export interface DeliveryReceiver {
  /** Answers a delivery. `undefined`: not the provider's, the app's next middleware has it. Never rejects. */
  receive(delivery: Delivery): Promise<Reply | undefined>;
}
