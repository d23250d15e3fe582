/** Bytes that are written as text, in the one spelling that an encoder writes. */

/** Hexadecimal digits in lower case, or base64 with its padding. */
export type Encoding = "hex" | "base64";

/** The bytes. `undefined`: another spelling. Decoders forgive those, and then two texts would be one signature or key. */
export function bytesOf(text: string, encoding: Encoding): Buffer | undefined {
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(encoding) === text ? bytes : undefined;
}
