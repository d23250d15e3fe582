/** A secret in the URL: its first path segment under the mount, or a query field. */
import { splitSegment } from "../decoding/path.ts";
import type { Authenticator, Secret } from "./authenticator.ts";
import { createComparison, secretsOf, warningsOf } from "./secrets.ts";
import { OptionError } from "../option-error.ts";

/**
 * Lets in whose path begins with the secret: `https://example.com/hooks/uphance/<secret>`. Anything else is refused with
 * an empty 404, as if nothing were here. Compared as sent: another spelling of the same URL is another secret.
 *
 * @param secret At least 16 characters, or the receiver warns (`short_secret`); a list while it rotates.
 * @throws OptionError when it is missing, or has characters that a URL would write in another way.
 * @example
 * urlSecret(process.env.UPHANCE_SECRET);
 * @see any.14
 */
export function urlSecret(secret: Secret): Authenticator {
  const secrets = plainSecretsOf("urlSecret: secret", secret);
  const compare = createComparison(secrets);
  return {
    needs: "head",
    path: "/:secret",
    verify: ({ path }) => compare(splitSegment(path).segment) !== -1,
    refusal: { hidden: true },
    warnings: warningsOf("urlSecret", secrets),
    registers: () => ({ in: "path", secret: secrets[0] }),
  };
}

/**
 * Lets in whose query has the secret in `field`, once: `https://example.com/hooks/uphance?secret=<secret>`. Refuses like
 * {@link urlSecret}.
 *
 * @param secret At least 16 characters, or the receiver warns (`short_secret`); a list while it rotates.
 * @throws OptionError when it is missing, or has characters that a URL would write in another way.
 * @example
 * querySecret("secret", process.env.UPHANCE_SECRET);
 * @see any.14
 */
export function querySecret(field: string, secret: Secret): Authenticator {
  const name = plain("querySecret: field", field);
  const secrets = plainSecretsOf("querySecret: secret", secret);
  const compare = createComparison(secrets);
  return {
    needs: "head",
    verify: ({ query }) => compare(valueOf(name, query)) !== -1,
    refusal: { hidden: true },
    warnings: warningsOf("querySecret", secrets),
    registers: () => ({ in: "query", name, secret: secrets[0] }),
  };
}

/** As sent; `""`, which is no secret, where the field is missing, or there twice in whatever spelling. */
function valueOf(name: string, query: string): string {
  if (new URLSearchParams(query).getAll(name).length !== 1) return "";
  const field = query.split("&").find((one) => one.startsWith(`${name}=`));
  return field?.slice(name.length + 1) ?? "";
}

function plainSecretsOf(option: string, secret: Secret): readonly [string, ...string[]] {
  const secrets = secretsOf(option, secret);
  for (const one of secrets) plain(option, one);
  return secrets;
}

/** Nothing but RFC 3986's unreserved characters, which no client or proxy writes in another way. */
function plain(option: string, text: string): string {
  if (/^[\w\-.~]+$/.test(text) && !/^\.{1,2}$/.test(text)) return text;
  throw new OptionError(
    option,
    "invalid",
    `it travels in a URL; use only letters, digits and "-", ".", "_", "~"`,
  );
}
