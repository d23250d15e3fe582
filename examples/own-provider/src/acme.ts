/** Acme's protocol, as its documentation has it: signed JSON, and an answer within 5 s, or later at `answer_to`. */
import {
  defineProvider,
  emptyReply,
  hmacSignature,
  idIn,
  jsonReply,
  toJson,
} from "@answerback/core/provider";
import { z } from "zod";

const order = z.looseObject({ number: z.string(), total: z.number() });
const decision = z.strictObject({ accept: z.boolean(), note: z.string().optional() });
const envelope = z.object({
  id: z.string(),
  event: z.string(),
  data: z.unknown(),
  answer_to: z.string().optional(),
});

export const acme = (secret: string | undefined) =>
  defineProvider({
    name: "acme",
    accepts: ["json"],
    authenticator: hmacSignature({
      header: "x-acme-signature",
      prefix: "v1=",
      signed: "{timestamp}.{body}",
      timestamp: { header: "x-acme-timestamp", tolerance: "5m" },
      secret,
    }),
    events: {
      "order.placed": { data: order, answer: decision.optional() },
      "order.cancelled": { data: order },
    },
    patience: "5s",
    retryWindow: "24h",
    retention: "3d",
    statuses: { accepted: 202 },
    callback: { expires: "1h", maxBytes: 65_536, hosts: ["acme.example"] },
    decode({ body }) {
      const { id, event, data, answer_to } = envelope.parse(body);
      return { type: event, data, key: [id], id: idIn(data, "number"), callbackUrl: answer_to };
    },
    encode(answer, { callbackUrl: url, accepted }) {
      if (answer === undefined) return { reply: emptyReply(accepted ? 202 : 200) };
      const reply = jsonReply(answer);
      if (!url) return { reply };
      return { reply, repeat: emptyReply(), post: { url, body: toJson(answer), headers: reply.headers } };
    },
  });
