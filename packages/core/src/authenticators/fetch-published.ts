/** What a provider publishes for its signatures, keys or a certificate: fetched from its address in time, and bounded. */
import { AnswerbackError, isAnswerbackError } from "../contract/errors.ts";
import type { Transport } from "../contract/transport.ts";
import { decodeText } from "../decoding/text.ts";
import { systemClock, type Clock } from "../lib/clock.ts";
import { timedOut, withTimeout } from "../lib/timeout.ts";

/** Where something is published, and what fetches it. */
export interface PublishedAt {
  /** Its https address. */
  readonly url: string;
  /** Gets it, such as `guardedFetch` of `@answerback/node`. */
  readonly fetch: Transport;
  /** The media types that are wanted: the header `Accept`. */
  readonly accept: string;
  /** The time in which it has to be there. Default: the process's clock. */
  readonly clock?: Clock | undefined;
}

/** How long a fetch may take: ms; how long its answer may be: bytes. */
const withinMs = 2_000;
const maxBytes = 65_536;

/**
 * Fetches what is published at an address: in 2 s, of 64 KiB at most, with status 200 and no redirect.
 *
 * @param read Makes of the text what is needed; what it throws is why the answer is of no use.
 * @throws AnswerbackError `keys_away`, in words with the host of the address, so that the provider sends again.
 * @example
 * const pem = await fetchPublished({ url, fetch, accept: "*\/*" }, (text) => new X509Certificate(text));
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.32 any.32}
 */
export async function fetchPublished<Value>(
  at: PublishedAt,
  read: (text: string, headers: Headers) => Value,
): Promise<Value> {
  try {
    return await fetchInTime(at, read);
  } catch (cause) {
    const why = isAnswerbackError(cause) ? cause.message : "the fetch failed";
    const message = `the keys at ${new URL(at.url).hostname} could not be fetched: ${why}`;
    throw new AnswerbackError("keys_away", message, { cause });
  }
}

async function fetchInTime<Value>(
  { url, fetch, accept, clock = systemClock }: PublishedAt,
  read: (text: string, headers: Headers) => Value,
): Promise<Value> {
  const aborter = new AbortController();
  const { signal } = aborter;
  const init = { method: "GET", headers: { accept }, redirect: "manual", signal } as const;
  const fetching = (async () => {
    const response = await fetch(url, init);
    if (response.status !== 200) throw unusable(`it answered ${response.status}`);
    return read(await textOf(response), response.headers);
  })();
  try {
    const fetched = await withTimeout(fetching, withinMs, clock);
    if (fetched !== timedOut) return fetched;
    throw unusable(`they were not there within ${withinMs} ms`);
  } finally {
    aborter.abort();
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw unusable(`its answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks), "utf-8");
}

function unusable(why: string): AnswerbackError {
  return new AnswerbackError("keys_away", why);
}
