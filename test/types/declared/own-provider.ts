/** What apps export of a provider of their own. */
import { createReceiver } from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { z } from "zod";

export const acme = defineProvider({
  name: "acme",
  accepts: ["json"],
  events: {
    "invoice.paid": {
      path: "/invoices/:id",
      data: z.looseObject({ total: z.number() }),
      answer: z.object({ ok: z.boolean() }),
    },
  },
  decode: ({ type = "", body }) => ({ type, data: body, extra: { tenant: "a" } }),
});

export const createAcme = () =>
  createReceiver(acme, {
    authenticate: ({ headers }) => headers["x-tenant"]?.[0],
    handle: { "invoice.paid": ({ data, tenant }) => ({ ok: data.total > 0 && tenant !== "" }) },
  });
