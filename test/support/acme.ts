/** A provider of one's own, for what the contract says and none of the four providers uses. */
import type { DeliveryReceiver, Reply } from "@answerback/core";
import { defineProvider, type CallbackTerms, type Provider } from "@answerback/core/provider";
import { z } from "zod";
import type { Sample } from "./deliveries.ts";

/** What a handler of acme's answers. */
export const anAnswer = z.looseObject({ text: z.string() });

/**
 * A provider whose events have a callback address, and are answered with a text. An inline answer says all, and spends
 * nothing.
 *
 * @param callback Terms of its addresses. Default: five uses in half an hour.
 */
export function acme(parts: object = {}, callback: Partial<CallbackTerms> = {}): any {
  const provider: Provider = {
    name: "acme",
    accepts: ["json"],
    events: { asked: { answer: anAnswer.optional() }, noted: {} },
    patience: "3s",
    retries: false,
    callback: {
      uses: 5,
      inlineSpends: callback.uses === 1,
      expires: "30m",
      maxBytes: 10_000,
      hosts: ["acme.example"],
      ...callback,
    },
    decode({ body }) {
      const { type = "asked", id, ...data } = body as { type?: string; id: number };
      return { type, data, key: [id], callbackUrl: `https://hooks.acme.example/${id}` };
    },
    encode(answer, { accepted, callbackUrl }) {
      if (answer === undefined) return { reply: { status: 200, headers: {}, body: accepted ? "wait" : "" } };
      const body = JSON.stringify(answer);
      const headers = { "content-type": "application/json" };
      const reply = { status: 200, headers, body };
      if (accepted || !callbackUrl) return { reply };
      return {
        reply,
        repeat: { status: 200, headers: {}, body: "" },
        post: { url: callbackUrl, body, headers },
      };
    },
    ...parts,
  };
  return defineProvider(provider as any);
}

/** A delivery of acme's. */
export function ask(id: number, fields: object = {}): Sample {
  return {
    path: "/upsales",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id, ...fields }),
  };
}

/** The same, handed to a receiver by hand, whose adapter is the test: it says itself how far the reply went. */
export function handOver(
  receiver: DeliveryReceiver,
  id: number,
  receivedAt?: number,
): Promise<Reply | undefined> {
  const { headers, body } = ask(id);
  return receiver.receive({
    method: "POST",
    path: "/",
    query: "",
    headers: { "content-type": [headers["content-type"]!] },
    secure: true,
    receivedAt,
    body: async () => ({ kind: "bytes", bytes: new TextEncoder().encode(body) }),
  });
}
