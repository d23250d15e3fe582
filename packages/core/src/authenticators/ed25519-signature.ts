/** Signatures that are made with a key that the provider keeps, and checked with its public key: Ed25519 (RFC 8032). */
import { createPublicKey, verify, type KeyObject } from "node:crypto";
import type { Authenticator } from "../contract/authenticator.ts";
import { oneOrMore, textOr, type Kind } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import { bytesOf } from "./encodings.ts";
import { mustFit, recipeKinds, type SignatureRecipe } from "./signature-recipe.ts";
import { createVerify } from "./signature-verify.ts";

/** How a provider signs with a key of its own. */
export interface Ed25519SignatureOptions extends SignatureRecipe {
  /** The provider's public key, 32 bytes as 64 hexadecimal digits or as base64; a list while it rotates. */
  readonly publicKey: string | undefined | readonly (string | undefined)[];
}

/**
 * Lets a delivery in whose body, as it travelled, is signed by the owner of one of the public keys. Any other delivery is
 * refused with 401: before its body is read, where the head is enough to say so.
 *
 * @returns An authenticator, for the option `authenticate` of `createReceiver`, or a provider's `authenticator`.
 * @throws OptionError `missing` or `empty` for a header or a key that is not there; `unknown` for an option or a name in
 *   braces that there is not; `invalid` for what is no key, and for a text `signed` without `{body}`; `conflict` for a
 *   timestamp that is not signed.
 * @example
 * const discord = ed25519Signature({
 *   header: "X-Signature-Ed25519",
 *   signed: "{timestamp}{body}",
 *   timestamp: { header: "X-Signature-Timestamp" },
 *   publicKey: process.env.DISCORD_PUBLIC_KEY,
 * });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.30 any.30}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.31 any.31}
 */
export function ed25519Signature(options: Ed25519SignatureOptions): Authenticator {
  takesAtMost(1, "ed25519Signature", arguments);
  const { publicKey: keys, ...recipe } = readOptions("ed25519Signature", options, {
    publicKey: oneOrMore(aPublicKey),
    ...recipeKinds,
  });
  mustFit("ed25519Signature", recipe);
  return {
    needs: "body",
    needsUrl: recipe.signed.hasUrl,
    verify: createVerify(recipe, signatureSize, (message, signatures) => {
      const pieces = message.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece));
      const whole = Buffer.concat(pieces);
      return keys.some((key) => signatures.some((signature) => verify(null, whole, key, signature)));
    }),
    registers: () => ({ in: "signature", secret: undefined }),
  };
}

/** Bytes (RFC 8032, section 5.1.6). */
const signatureSize = 64;

const aPublicKey: Kind<KeyObject> = (option, value) => {
  const text = aSetting(option, value);
  const bytes = bytesOf(text.toLowerCase(), "hex") ?? bytesOf(text, "base64");
  if (bytes?.length === 32) return publicKeyOf(bytes);
  throw new OptionError(
    option,
    "invalid",
    "an Ed25519 public key has 32 bytes; give 64 hexadecimal digits, or base64",
  );
};

const aSetting = textOr("is the environment variable set?");

/** RFC 8037, section 2. */
function publicKeyOf(bytes: Buffer): KeyObject {
  return createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") },
    format: "jwk",
  });
}
