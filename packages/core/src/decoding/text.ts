/** From bytes to text, strictly. */
import { AnswerbackError } from "../errors.ts";

/**
 * The bytes as text. One byte order mark at the start is accepted and dropped.
 *
 * @throws AnswerbackError `malformed` for bytes that are not of that charset.
 * @see any.2
 */
export function decodeText(bytes: Uint8Array, charset: string): string {
  return decodeStrictly(charset === "utf-8" ? utf8 : new TextDecoder(charset, { fatal: true }), bytes);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What a fatal decoder makes of the bytes. Throws `malformed` where it throws. */
export function decodeStrictly(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new AnswerbackError("malformed", `the bytes are not ${decoder.encoding}`, { cause });
  }
}
