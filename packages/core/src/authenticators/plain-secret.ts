/** A secret that is sent as it is: in a header, or in a field of the body. */
import { isRecord } from "../decoding/json.ts";
import type { Authenticator, Secret } from "./authenticator.ts";
import { createComparison, present, secretsOf } from "./secrets.ts";

/**
 * Lets in who sends the secret in a header, once.
 *
 * @param secret A list while it rotates.
 * @throws TypeError when the name or the secret is missing.
 * @example
 * headerSecret("x-api-key", process.env.API_KEY);
 */
export function headerSecret(name: string, secret: Secret): Authenticator {
  const header = present("headerSecret: name", name).toLowerCase();
  const secrets = secretsOf("headerSecret: secret", secret);
  const compare = createComparison(secrets);
  return {
    needs: "head",
    verify({ headers }) {
      const [value, second] = headers[header] ?? [];
      // Node hands header bytes over as Latin-1 characters, one each
      return value !== undefined && second === undefined && compare(Buffer.from(value, "latin1")) !== -1;
    },
    registers: () => ({ in: "header", name: header, secret: secrets[0] }),
  };
}

/**
 * Lets in who sends the secret in a field of the body. Compared after the decoding and before anything else.
 *
 * @param secret A list while it rotates.
 * @throws TypeError when the field or the secret is missing.
 * @example
 * bodySecret("authenticationKey", process.env.UPSALES_KEY);
 * @see upsales.2
 */
export function bodySecret(field: string, secret: Secret): Authenticator {
  const name = present("bodySecret: field", field);
  const secrets = secretsOf("bodySecret: secret", secret);
  const compare = createComparison(secrets);
  return {
    needs: "body",
    async verify(delivery) {
      const body = await delivery.body();
      const value = isRecord(body) && Object.hasOwn(body, name) ? body[name] : undefined;
      return typeof value === "string" && compare(value) !== -1;
    },
    registers: () => ({ in: "body", name, secret: secrets[0] }),
  };
}
