/** What a guarded request can come to besides an answer. */

/** Tells whether the request may have arrived. */
export type GuardedFetchErrorCode =
  /**
   * The URL, or an address of its host, is not one to connect to. Nothing was sent.
   *
   * @cure If the address is rightly yours, send without the guard. Else somebody tried to reach your own network.
   */
  | "ERR_BLOCKED_ADDRESS"
  /**
   * No connection to a host that proved its name: no DNS, TCP or TLS, or not in time. Nothing was sent.
   *
   * @cure Look at `cause`; a post is sent again by itself.
   */
  | "ERR_NOT_CONNECTED"
  /**
   * It was sent, and may have arrived, but the answer did not, or not in time, or not to its end.
   *
   * @cure Look at `cause`. Sending it again may do its work twice.
   */
  | "ERR_NO_ANSWER"
  /**
   * More of the answer's body than `limit` was asked for.
   *
   * @cure Ask for less, or raise `limit` of `createGuardedFetch`.
   */
  | "ERR_ANSWER_TOO_LARGE";

/**
 * Every error of `guardedFetch`. Its `message` names neither URL nor body, which are secrets; what Node or the signal
 * said is its `cause`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export class GuardedFetchError extends Error {
  override readonly name: string = "GuardedFetchError";
  /** What happened, and with that whether the request may have arrived. */
  readonly code: GuardedFetchErrorCode;

  constructor(code: GuardedFetchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Nothing was sent. */
export function notConnected(cause: unknown): GuardedFetchError {
  return new GuardedFetchError("ERR_NOT_CONNECTED", "no connection to a host that proved its name", {
    cause,
  });
}

/** It may have arrived. */
export function noAnswer(cause: unknown): GuardedFetchError {
  return new GuardedFetchError("ERR_NO_ANSWER", "the request may have arrived, but its answer did not", {
    cause,
  });
}
