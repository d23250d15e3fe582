/** From Node's answer to a `Response` whose body has an end. */

import type { IncomingMessage } from "node:http";
import { GuardedFetchError, noAnswer } from "./errors.ts";

/** Statuses that a `Response` with a body cannot have. */
const bodiless = new Set([204, 205, 304]);

/**
 * The answer as fetch would give it, a redirect too; its body is read from the connection as the `Response`'s is read.
 *
 * @param limit Bytes of the body; one more, and reading rejects with `ERR_ANSWER_TOO_LARGE`.
 * @throws GuardedFetchError `ERR_NO_ANSWER` for a status that is none.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export function toResponse(answer: IncomingMessage, limit: number): Response {
  const { statusCode: status = 0 } = answer;
  if (status >= 200 && status <= 599 && !bodiless.has(status)) {
    return new Response(bounded(answer, limit), { status, headers: everyHeader(answer) });
  }
  answer.destroy();
  if (!bodiless.has(status)) throw noAnswer(new Error("a status outside 200 to 599"));
  return new Response(null, { status, headers: everyHeader(answer) });
}

function bounded(answer: IncomingMessage, limit: number): ReadableStream<Uint8Array> {
  const chunks = answer.iterator();
  let left = limit;
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const { done, value } = await chunks.next().catch(brokenOff);
      if (done) return controller.close();
      left -= value.length;
      if (left < 0) {
        answer.destroy();
        throw new GuardedFetchError("ERR_ANSWER_TOO_LARGE", `the answer has more than ${limit} bytes`);
      }
      controller.enqueue(value);
    },
    cancel: () => void answer.destroy(),
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

function brokenOff(cause: unknown): never {
  throw cause instanceof GuardedFetchError ? cause : noAnswer(cause);
}

function everyHeader({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
  return headers;
}
