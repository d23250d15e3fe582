/** What compiles and what does not: each expected error fails the type check when it is none. */
import {
  basicAuth,
  bodySecret,
  createReceiver,
  later,
  postback,
  reply,
  uphance,
  upsales,
} from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { z } from "zod";

const authenticate = bodySecret("authenticationKey", process.env["UPSALES_KEY"]);

// the event's type narrows data, params and the fields beside them
createReceiver(upsales(), {
  authenticate,
  handle: {
    "order.insert": async ({ params, customer, user, data }) => ({
      callback: {
        notify: `order ${params.id satisfies string} of ${customer.name} ${user?.id} ${data?.object?.id}`,
      },
    }),
    widget: ({ params }) => ({
      type: "widget",
      rows: [
        {
          type: "markdown",
          markdown: `${params.name satisfies string} ${params.arg satisfies string | undefined}`,
        },
      ],
    }),
    notification: () => ({ type: "widget", rows: [{ type: "markdown", markdown: "**Hello!**" }] }),
    fieldValues: ({ params }) => [{ name: params.field, value: 1 }],
    iframe: () => reply("<p>Hello</p>"),
    external: () => later(),
    status: () => {},
    "*": ({ name }) => void name,
  },
});

// one function for all of them
createReceiver(upsales(), {
  authenticate,
  async handle(event) {
    if (event.type === "order.insert") event.params.id satisfies string;
    if (event.type === "*") event.data satisfies unknown;
    return { callback: { notify: event.name } };
  },
});

createReceiver(upsales(), {
  authenticate,
  // @ts-expect-error the callback has no field appDta, even beside a good one
  handle: { external: async () => ({ callback: { notify: "Hello!", appDta: {} } }) },
});

createReceiver(upsales(), {
  authenticate,
  // @ts-expect-error the callback has no field notfy
  handle: async () => ({ callback: { notfy: "Hello!" } }),
});

createReceiver(upsales(), {
  authenticate,
  // @ts-expect-error a status is a number
  handle: { external: () => ({ callback: { status: "1" } }) },
});

createReceiver(upsales(), {
  authenticate,
  handle: {
    // @ts-expect-error no such event
    "order.insrt": () => {},
  },
});

createReceiver(upsales(), {
  authenticate,
  // @ts-expect-error a widget has rows
  handle: { notification: () => ({ type: "widget" }) },
});

// @ts-expect-error who may send has to be said
createReceiver(upsales(), { handle: () => {} });

// @ts-expect-error a duration has a unit
createReceiver(upsales(), { authenticate, answerWithin: 25, handle: () => {} });

// other properties of an answer are Upsales' to know
createReceiver(upsales(), {
  authenticate,
  handle: { external: () => ({ callback: {}, maybeSomeOtherStuff: true }) },
});

// paths of one's own become events
createReceiver(upsales({ paths: { "/validateOrder/:kind": "order.validate" } }), {
  authenticate,
  handle: { "order.validate": ({ params }) => ({ callback: { message: params.kind satisfies string } }) },
});

// a provider that reads no answer takes any
createReceiver(uphance(), {
  authenticate: false,
  handle: {
    "pick_ticket.update": async ({ data }) => new Map([[data.id, data.updated_at]]),
    "*": ({ name, data }) => [name satisfies string, data],
  },
});

createReceiver(postback(), {
  authenticate: basicAuth({ username: "hook", password: "secret" }),
  handle: {
    "contact.create": ({ data, deliveryAttempt }, { attempt }) => [
      data.last_name satisfies string | null | undefined,
      deliveryAttempt satisfies number | undefined,
      attempt satisfies number,
    ],
    "transaction.update": ({ data }) => data.id satisfies string,
  },
});

// a user's provider infers everything
const acme = defineProvider({
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

createReceiver(acme, {
  authenticate: false,
  handle: {
    "invoice.paid": ({ data, params, tenant }) => ({
      ok: data.total > 0 && params.id !== (tenant satisfies string),
    }),
  },
});

createReceiver(acme, {
  authenticate: false,
  // @ts-expect-error an answer is required
  handle: { "invoice.paid": () => {} },
});
