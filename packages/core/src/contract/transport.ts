/** What sends a request out: core opens no connection itself. */

/**
 * Sends one request, as `fetch` does, and resolves to the provider's answer. An error whose `code`, or that of its `cause`,
 * says that there was no connection (`ECONNREFUSED`, `ENOTFOUND` and others) means that nothing was sent; after any other
 * error the request may have arrived.
 */
export type Transport = (
  url: string,
  init: {
    readonly method: "GET" | "POST" | "PUT" | "PATCH";
    readonly headers: Record<string, string>;
    /** The whole body, UTF-8 on the wire. A GET has none, and no member of this name, so that `fetch` takes it under every flag. */
    readonly body?: string;
    readonly redirect: "manual";
    readonly signal: AbortSignal;
  },
) => Promise<Response>;
