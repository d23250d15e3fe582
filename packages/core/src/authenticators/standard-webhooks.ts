/** Signatures as Standard Webhooks has them, and with them Svix and all who send through it. */
import type { Authenticator, Secret } from "../contract/authenticator.ts";
import { OptionError } from "../contract/option-error.ts";
import { takesAtMost } from "../contract/read-options.ts";
import { ed25519Signature } from "./ed25519-signature.ts";
import { bytesOf } from "./encodings.ts";
import { hmacSignature } from "./hmac-signature.ts";
import type { SignatureRecipe } from "./signature-recipe.ts";
import { secretsOf } from "./secrets.ts";

/**
 * Lets a delivery in that is signed as Standard Webhooks says, not more than 5 minutes ago or ahead; the headers may be
 * `webhook-…` or `svix-…`; where both are there, the first count alone, since their id is the one that is read. Any other
 * delivery is refused with 401.
 *
 * @param secret `whsec_…`, or the provider's public key, `whpk_…`; a list while it rotates. The first `whsec_…` is the one
 *   to register with the provider.
 * @returns An authenticator, for the option `authenticate` of `createReceiver`, or a provider's `authenticator`.
 * @throws OptionError `missing` or `empty` for a secret that is not there, `empty` for an empty list, `invalid` for what is
 *   neither `whsec_` nor `whpk_` with base64 behind it.
 * @example
 * standardWebhooks(process.env.WEBHOOK_SECRET);
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.30 any.30}
 */
export function standardWebhooks(secret: Secret): Authenticator {
  takesAtMost(1, "standardWebhooks", arguments);
  const secrets = secretsOf("standardWebhooks: secret", secret);
  const keys = secrets.map(keyOf);
  const shared = keys.filter(({ kind }) => kind === "whsec").map(({ base64 }) => base64);
  const theirs = keys.filter(({ kind }) => kind === "whpk").map(({ base64 }) => base64);
  const waysOf = (name: "webhook" | "svix") => {
    const recipe = recipeOf(name);
    return [
      ...(shared.length > 0
        ? [hmacSignature({ ...recipe, prefix: "v1,", secret: shared, secretEncoding: "base64" })]
        : []),
      ...(theirs.length > 0 ? [ed25519Signature({ ...recipe, prefix: "v1a,", publicKey: theirs })] : []),
    ];
  };
  const ways = { webhook: waysOf("webhook"), svix: waysOf("svix") };
  return {
    needs: "body",
    async verify(delivery) {
      const name = delivery.headers["webhook-id"] ? "webhook" : "svix";
      if (!delivery.headers[`${name}-signature`])
        return delivery.deny("it has no signature of Standard Webhooks");
      for (const { verify } of ways[name]) if (await verify(delivery)) return true;
      return false;
    },
    registers: () => ({ in: "signature", secret: secrets.find((_, at) => keys[at]?.kind === "whsec") }),
  };
}

function recipeOf(name: "webhook" | "svix"): SignatureRecipe {
  return {
    header: `${name}-signature`,
    separator: " ",
    encoding: "base64",
    signed: `{header:${name}-id}.{timestamp}.{body}`,
    timestamp: { header: `${name}-timestamp`, tolerance: "5m" },
  };
}

interface Key {
  readonly kind: "whsec" | "whpk";
  readonly base64: string;
}

function keyOf(secret: string): Key {
  const [, kind, base64 = ""] = written.exec(secret) ?? [];
  const length = bytesOf(base64, "base64")?.length ?? 0;
  if (kind === "whsec" && length > 0) return { kind, base64 };
  if (kind === "whpk" && length === 32) return { kind, base64 };
  throw new OptionError(
    "standardWebhooks: secret",
    "invalid",
    "give it as the provider shows it: whsec_, or whpk_ for a public key, and base64 behind it",
  );
}

/** Supabase shows a secret with the version of its signatures in front. */
const written = /^(?:v1,)?(whsec|whpk)_(.+)$/;
