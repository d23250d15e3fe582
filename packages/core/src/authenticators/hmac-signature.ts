/** Signatures that are made and checked with one secret: HMAC (RFC 2104). */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Authenticator, Secret } from "../contract/authenticator.ts";
import { oneOf, oneOrMore, setting, withDefault } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import { bytesOf } from "./encodings.ts";
import { mustFit, recipeKinds, type SignatureRecipe } from "./signature-recipe.ts";
import { createVerify } from "./signature-verify.ts";
import type { Message } from "./signed-message.ts";

/** How a provider signs with a secret. */
export interface HmacSignatureOptions extends SignatureRecipe {
  /** A list while it rotates. The first is the one to register with the provider. */
  readonly secret: Secret;
  /** How the key is written in the secret. Default `"utf8"`: the secret itself is the key. */
  readonly secretEncoding?: "utf8" | "hex" | "base64" | undefined;
  /** The hash. Default `"sha256"`. */
  readonly algorithm?: "sha1" | "sha256" | "sha512" | undefined;
}

/**
 * Lets a delivery in whose body, as it travelled, is signed with one of the secrets. All secrets and all signatures are
 * always compared, in constant time. Any other delivery is refused with 401: before its body is read, where the head is
 * enough to say so.
 *
 * A function `signed` that uses the address needs `publicUrl`: say so by `{ ...hmacSignature({ … }), needsUrl: true }`.
 *
 * @returns An authenticator, for the option `authenticate` of `createReceiver`, or a provider's `authenticator`.
 * @throws OptionError `missing` or `empty` for a header or a secret that is not there; `unknown` for an option or a name in
 *   braces that there is not; `invalid` for a secret that is not of its encoding, and for a text `signed` without `{body}`;
 *   `conflict` for a timestamp that is not signed.
 * @example
 * const github = hmacSignature({
 *   header: "X-Hub-Signature-256",
 *   prefix: "sha256=",
 *   secret: process.env.GITHUB_SECRET,
 * });
 * const slack = hmacSignature({
 *   header: "X-Slack-Signature",
 *   prefix: "v0=",
 *   signed: "v0:{timestamp}:{body}",
 *   timestamp: { header: "X-Slack-Request-Timestamp" },
 *   secret: process.env.SLACK_SIGNING_SECRET,
 * });
 * const stripe = hmacSignature({
 *   header: "Stripe-Signature",
 *   separator: ",",
 *   prefix: "v1=",
 *   signed: "{timestamp}.{body}",
 *   timestamp: { prefix: "t=" },
 *   secret: process.env.STRIPE_SECRET,
 * });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.30 any.30}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.31 any.31}
 */
export function hmacSignature(options: HmacSignatureOptions): Authenticator {
  takesAtMost(1, "hmacSignature", arguments);
  const { secret, secretEncoding, algorithm, ...recipe } = readOptions("hmacSignature", options, {
    secret: oneOrMore(setting),
    secretEncoding: withDefault(oneOf("utf8", "hex", "base64"), "utf8"),
    algorithm: withDefault(oneOf("sha1", "sha256", "sha512"), "sha256"),
    ...recipeKinds,
  });
  mustFit("hmacSignature", recipe);
  const keys = secret.map((one) => keyOf(one, secretEncoding));
  const digest = (key: Buffer, message: Message) =>
    message.reduce((hmac, piece) => hmac.update(piece), createHmac(algorithm, key)).digest();
  return {
    needs: "body",
    needsUrl: recipe.signed.hasUrl,
    verify: createVerify(recipe, sizes[algorithm], (message, signatures) => {
      const pairs = keys.flatMap((key) => {
        const expected = digest(key, message);
        return signatures.map((signature) => timingSafeEqual(expected, signature));
      });
      return pairs.includes(true);
    }),
    registers: () => ({ in: "signature", secret: secret[0] }),
  };
}

/** How long a digest is: bytes. */
const sizes = { sha1: 20, sha256: 32, sha512: 64 };

function keyOf(secret: string, encoding: "utf8" | "hex" | "base64"): Buffer {
  if (encoding === "utf8") return Buffer.from(secret);
  const key = bytesOf(encoding === "hex" ? secret.toLowerCase() : secret, encoding);
  if (key && key.length > 0) return key;
  throw new OptionError(
    "hmacSignature: secret",
    "invalid",
    `it is not ${encoding}; give it as the provider shows it, or leave secretEncoding out`,
  );
}
