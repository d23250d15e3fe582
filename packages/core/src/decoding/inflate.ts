/** Taking the Content-Encoding off a body, with no more of it in memory than the limit. */
import { gunzip, inflate as inflateZlib, type CompressCallback, type ZlibOptions } from "node:zlib";
import { AnswerbackError } from "../contract/errors.ts";

/** A coding that can be taken off. */
export type Coding = "gzip" | "deflate";

/**
 * The bytes without their coding. A bomb costs no more than the limit, since inflating stops there.
 *
 * @param limit The largest body: bytes, inflated.
 * @throws AnswerbackError `too_large`; `malformed` for data that are broken, truncated or followed by something else, and for
 *   deflate without zlib's wrapper (RFC 9110, section 8.4.1.2).
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.33 any.33}
 */
export function inflate(bytes: Uint8Array, coding: Coding, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    inflaters[coding](bytes, { maxOutputLength: limit, info: true }, (error, result) => {
      if (error) return reject(asRefusal(error, { coding, limit }));
      const { buffer, engine } = result as unknown as Inflated;
      if (engine.bytesWritten === bytes.length) return resolve(buffer);
      reject(new AnswerbackError("malformed", `the body has bytes behind the end of its ${coding} data`));
    });
  });
}

const inflaters: Readonly<Record<Coding, Inflater>> = { gzip: gunzip, deflate: inflateZlib };

type Inflater = (bytes: Uint8Array, options: ZlibOptions, callback: CompressCallback) => void;

/** What zlib hands over with `info`. */
interface Inflated {
  readonly buffer: Uint8Array;
  /** How many of the bytes that it was given belong to the data. */
  readonly engine: { readonly bytesWritten: number };
}

function asRefusal(
  cause: NodeJS.ErrnoException,
  { coding, limit }: { readonly coding: Coding; readonly limit: number },
): AnswerbackError {
  if (cause.code !== "ERR_BUFFER_TOO_LARGE")
    return new AnswerbackError("malformed", `the body is not whole ${coding} data`, { cause });
  return new AnswerbackError(
    "too_large",
    `the body is longer when it is inflated, and bodyLimit is ${limit}; raise it if the provider may rightly send as much`,
  );
}
