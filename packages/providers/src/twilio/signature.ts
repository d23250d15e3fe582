/** Twilio's signature: over the address that it was given, and the fields of the form, or the digest of the body. */
import { createHash } from "node:crypto";
import { hmacSignature, type Authenticator, type Secret, type SignedBy } from "@answerback/core/provider";

/**
 * Twilio signs the address with or without its port; its own package tries both.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#twilio.1 twilio.1}
 */
export function twilioSignature(secret: Secret): Authenticator {
  const ways = [withoutPort, withPort].map((written) =>
    hmacSignature({
      header: "X-Twilio-Signature",
      algorithm: "sha1",
      encoding: "base64",
      signed: signedOver(written),
      secret,
    }),
  );
  return {
    needs: "body",
    needsUrl: true,
    async verify(delivery) {
      for (const way of ways) if (await way.verify(delivery)) return true;
      return false;
    },
    registers: () => ({ in: "signature", secret: undefined }),
  };
}

/** The address, and behind it the fields by name; of JSON, the address with the digest of the body in it. */
function signedOver(written: (url: string) => string): SignedBy {
  return (body, { url, query, headers }) => {
    if (url === undefined) return undefined;
    const address = written(url);
    const digests = new URLSearchParams(query).getAll("bodySHA256");
    if (digests.length > 0) return digests.every((one) => one === sha256(body)) ? address : undefined;
    // what has no digest in the address is covered as a form alone
    if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(headers["content-type"]?.[0] ?? ""))
      return undefined;
    const sent = new URLSearchParams(Buffer.from(body).toString());
    sent.sort();
    return address + [...sent].flat().join("");
  };
}

function sha256(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

const anAddress = /^(https?):\/\/([^/?#:]+|\[[^\]]*\])(:\d+)?/;

function withoutPort(url: string): string {
  return url.replace(anAddress, "$1://$2");
}

function withPort(url: string): string {
  return url.replace(anAddress, (_all, scheme: string, host: string, port?: string) => {
    return `${scheme}://${host}${port ?? (scheme === "https" ? ":443" : ":80")}`;
  });
}
