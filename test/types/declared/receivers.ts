/** What apps export: receivers, providers and functions that make them, none with a type written out. */
import {
  appInbox,
  basicAuth,
  bodySecret,
  createReceiver,
  later,
  memory,
  postback,
  reply,
  uphance,
  upsales,
  urlSecret,
} from "@answerback/core";
import { z } from "zod";

export const upsalesProvider = upsales({
  paths: { "/validateOrder/:kind": "order.validate", "/ask": { type: "ask", interactive: true } },
  data: { "order.validate": z.object({ total: z.number() }) },
});

export const upsalesReceiver = createReceiver(upsalesProvider, {
  authenticate: bodySecret("authenticationKey", process.env["UPSALES_KEY"]),
  handle: {
    external: async ({ customer }) => ({ callback: { notify: `Hello ${customer.name}` } }),
    notification: () => ({ type: "widget", rows: [{ type: "markdown", markdown: "**Hello!**" }] }),
    "order.validate": ({ data, params }) => ({ callback: { message: `${params.kind} ${data.total}` } }),
    "client.insert": () => later(),
    iframe: () => reply("<p>Hello</p>"),
  },
});

export const uphanceReceiver = createReceiver(uphance({ sameUpdateWithin: "10m" }), {
  authenticate: urlSecret(process.env["UPHANCE_SECRET"]),
  handle: (event) => console.log(event.name, event.data),
});

export const appInboxReceiver = createReceiver(appInbox({ maxMessages: 1_000 }), {
  authenticate: basicAuth({ username: "inbox", password: process.env["INBOX_PASSWORD"] }),
  handle: { message: ({ data }) => console.log(data.title) },
});

export const contact = z.object({ id: z.string(), email: z.email() });

export function createPostback(password: string, save: (email: string) => void) {
  return createReceiver(postback({ schema: "strict", data: { "contact.create": contact } }), {
    authenticate: basicAuth({ username: "hook", password }),
    backend: memory(),
    order: { by: ({ name }) => name },
    handle: { "contact.create": ({ data, deliveryAttempt }) => save(`${data.email} ${deliveryAttempt}`) },
  });
}

export const registration = createPostback("secret", () => {}).registration({
  url: "https://example.com/hooks",
  location_id: "1",
  resource: "contact",
});

export const found = async (key: string) => [
  await upsalesReceiver.find(key),
  await upsalesReceiver.deadLetters.list(),
];
