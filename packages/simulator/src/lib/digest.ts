/** The digests that providers sign with. */
import { createHmac } from "node:crypto";

/** A keyed digest of the parts, one after the other. */
export function hmac(
  { algorithm = "sha256", key, as }: HmacOptions,
  ...parts: readonly (string | Uint8Array)[]
): string {
  const digest = createHmac(algorithm, key);
  for (const part of parts) digest.update(part);
  return digest.digest(as);
}

/** How a digest is made and written. */
export interface HmacOptions {
  /** Default `"sha256"`. */
  readonly algorithm?: "sha256" | "sha1";
  /** The secret. */
  readonly key: string | Uint8Array;
  /** How the digest is written. */
  readonly as: "hex" | "base64";
}

/** A time in ms as Unix seconds, in digits. */
export const inSeconds = (ms: number): string => String(Math.floor(ms / 1_000));
