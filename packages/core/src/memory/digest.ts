/** Keys as 32 bytes, which take half the room of their text. */
import { hash } from "node:crypto";

/** The 32 bytes of a key as eight numbers. They are the caller's until the next call. */
export function digestOf(key: string): Uint32Array {
  if (key !== written) write(key);
  written = key;
  return words;
}

const bytes = Buffer.from(new ArrayBuffer(32));
const words = new Uint32Array(bytes.buffer);
let written: string | undefined;

/** What `hash("sha256", …, "base64url")` can give, and nothing else. */
const digest = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

function write(key: string): void {
  if (digest.test(key)) bytes.write(key, "base64url");
  // as UTF-16, since UTF-8 has one and the same text for all lone surrogates
  else bytes.set(hash("sha256", Buffer.from(key, "utf16le"), "buffer"));
}
