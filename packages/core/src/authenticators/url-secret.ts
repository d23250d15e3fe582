/** A secret in the URL: the first path segment under the mount, or a query field. */
import { splitSegment } from "../decoding/path.ts";
import type { Authenticator, Secret } from "../contract/authenticator.ts";
import { createComparison, secretsOf, warningsOf } from "./secrets.ts";
import { matching } from "../contract/kinds.ts";
import { takesAtMost } from "../contract/read-options.ts";

/**
 * Lets a delivery in whose path under the mount begins with the secret: `https://example.com/hooks/uphance/<secret>`. Any
 * other delivery is refused with an empty 404, as if nothing were here. The secret is compared as it was sent, in constant
 * time: another spelling of the same URL is another secret.
 *
 * @param secret At least 16 characters, or the receiver warns (`short_secret`); a list while it rotates. The first is the
 *   one to register with the provider.
 * @returns An authenticator, for the option `authenticate` of `createReceiver`; a list may have one of these.
 * @throws OptionError `missing` or `empty` for a secret that is not there, `empty` for an empty list, `invalid` for a
 *   character other than letters, digits and `-` `.` `_` `~`.
 * @example
 * urlSecret(process.env.UPHANCE_SECRET);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.14 any.14}
 */
export function urlSecret(secret: Secret): Authenticator {
  takesAtMost(1, "urlSecret", arguments);
  const secrets = plainSecretsOf("urlSecret: secret", secret);
  const compare = createComparison(secrets);
  return {
    needs: "head",
    path: "/:secret",
    verify: (delivery) =>
      compare(splitSegment(delivery.path).segment) !== -1 ||
      delivery.deny("the secret in its path is not the right one"),
    refusal: { hidden: true },
    warnings: warningsOf("urlSecret", secrets),
    registers: () => ({ in: "path", secret: secrets[0] }),
  };
}

/**
 * Lets a delivery in whose query has the secret in a field, once: `https://example.com/hooks/uphance?secret=<secret>`. Any
 * other delivery is refused as {@link urlSecret} does.
 *
 * @param field The field's name: letters, digits and `-` `.` `_` `~`.
 * @param secret At least 16 characters, or the receiver warns (`short_secret`); a list while it rotates. The first is the
 *   one to register with the provider.
 * @returns An authenticator, for the option `authenticate` of `createReceiver`.
 * @throws OptionError `missing` or `empty` for a name or a secret that is not there, `empty` for an empty list,
 *   `invalid` for a character in the secret or in the name that may not be there.
 * @example
 * querySecret("secret", process.env.UPHANCE_SECRET);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.14 any.14}
 */
export function querySecret(field: string, secret: Secret): Authenticator {
  takesAtMost(2, "querySecret", arguments);
  const name = plain("querySecret: field", field);
  const secrets = plainSecretsOf("querySecret: secret", secret);
  const compare = createComparison(secrets);
  return {
    needs: "head",
    verify: (delivery) =>
      compare(valueOf(name, delivery.query)) !== -1 ||
      delivery.deny(`its query does not have the secret, exactly once, as ${name}`),
    refusal: { hidden: true },
    warnings: warningsOf("querySecret", secrets),
    registers: () => ({ in: "query", name, secret: secrets[0] }),
  };
}

/** The field's value as it was sent. Where the field is missing, or repeated in any spelling: `""`, which is no secret. */
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

/** A text with nothing but RFC 3986's unreserved characters: no client or proxy writes them in another way. */
const plain = matching(
  /^(?!\.{1,2}$)[\w\-.~]+$/,
  'it travels in a URL; use only letters, digits and "-", ".", "_", "~"',
);
