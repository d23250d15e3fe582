/** From bytes to text, strictly. */
import { AnswerbackError } from "../contract/errors.ts";

/**
 * The bytes as text. One byte order mark at the start is accepted and dropped.
 *
 * @throws AnswerbackError `malformed` for bytes that are not of that charset.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.2 any.2}
 */
export function decodeText(bytes: Uint8Array, charset: string): string {
  return decodeStrictly(charset === "utf-8" ? utf8 : new TextDecoder(charset, { fatal: true }), bytes);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The text that a fatal decoder makes of the bytes. Throws `malformed` where the decoder throws. */
export function decodeStrictly(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new AnswerbackError("malformed", `the bytes are not ${decoder.encoding}`, { cause });
  }
}
