/** A secret that is sent as it is: in a header, or in a field of the body. */
import { isRecord } from "../decoding/json.ts";
import type { Authenticator, Secret } from "../contract/authenticator.ts";
import { text } from "../contract/kinds.ts";
import { takesAtMost } from "../contract/read-options.ts";
import { createComparison, secretsOf } from "./secrets.ts";

/**
 * Lets a delivery in that has the secret in a header, once. It is compared in constant time. Any other delivery is refused
 * with 401.
 *
 * @param name The header's name, in any case.
 * @param secret A list while it rotates. The first is the one to register with the provider.
 * @returns An authenticator, for the option `authenticate` of `createReceiver`.
 * @throws OptionError `missing` or `empty` for a name or a secret that is not there, `empty` for an empty list,
 *   `invalid` for what is no text, and for a third argument.
 * @example
 * headerSecret("x-api-key", process.env.API_KEY);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.13 any.13}
 */
export function headerSecret(name: string, secret: Secret): Authenticator {
  takesAtMost(2, "headerSecret", arguments);
  const header = text("headerSecret: name", name).toLowerCase();
  const secrets = secretsOf("headerSecret: secret", secret);
  const compare = createComparison(secrets);
  return {
    needs: "head",
    verify(delivery) {
      const [value, second] = delivery.headers[header] ?? [];
      if (value === undefined) return delivery.deny(`it has no header ${header}`);
      if (second !== undefined) return delivery.deny(`it has the header ${header} more than once`);
      // Node hands header bytes over as Latin-1 characters, one each
      return (
        compare(Buffer.from(value, "latin1")) !== -1 || delivery.deny(`its ${header} is not the right one`)
      );
    },
    registers: () => ({ in: "header", name: header, secret: secrets[0] }),
  };
}

/**
 * Lets a delivery in that has the secret in a field of its body. It is compared in constant time, when the body is decoded
 * and before anything is done with it. Any other delivery is refused with 401.
 *
 * @param field The field's name, at the top of the body.
 * @param secret A list while it rotates. The first is the one to register with the provider.
 * @returns An authenticator, for the option `authenticate` of `createReceiver`.
 * @throws OptionError `missing` or `empty` for a name or a secret that is not there, `empty` for an empty list,
 *   `invalid` for what is no text, and for a third argument.
 * @example
 * bodySecret("authenticationKey", process.env.UPSALES_KEY);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.2 upsales.2}
 */
export function bodySecret(field: string, secret: Secret): Authenticator {
  takesAtMost(2, "bodySecret", arguments);
  const name = text("bodySecret: field", field);
  const secrets = secretsOf("bodySecret: secret", secret);
  const compare = createComparison(secrets);
  return {
    needs: "body",
    async verify(delivery) {
      const body = await delivery.body();
      const value = isRecord(body) && Object.hasOwn(body, name) ? body[name] : undefined;
      if (typeof value !== "string") return delivery.deny(`its body has no text in the field ${name}`);
      return compare(value) !== -1 || delivery.deny(`the ${name} in its body is not the right one`);
    },
    registers: () => ({ in: "body", name, secret: secrets[0] }),
  };
}
