/** A provider of one's own that sends bodies in every form, and requests to it whose bodies are bytes. */
import { defineProvider, type DecodedDelivery, type Provider } from "@answerback/core/provider";

/** What `decode` of such a provider got, in order. */
export interface Forms {
  readonly provider: Provider;
  readonly got: DecodedDelivery[];
}

/** @param parts Of the provider, in place of JSON alone. */
export function ownForms(parts: Partial<Provider> = {}): Forms {
  const got: DecodedDelivery[] = [];
  const provider: Provider = defineProvider({
    name: "acme",
    accepts: ["json"],
    events: { sent: {} },
    decode(delivery) {
      got.push(delivery);
      return { type: "sent", data: { format: delivery.format }, key: [got.length] };
    },
    ...parts,
  });
  return { provider, got };
}

/** Sends a body as it is; resolves with status and code. */
export async function sendBody(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array = "",
): Promise<{ readonly status: number; readonly code: string | undefined }> {
  // bytes have no type of their own, as a text has in fetch
  const bytes = Uint8Array.from(Buffer.from(body as string));
  const response = await fetch(url, { method: "POST", headers: { ...headers }, body: bytes });
  const text = await response.text();
  return { status: response.status, code: text === "" ? undefined : JSON.parse(text).code };
}
