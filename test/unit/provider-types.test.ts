/** What the compiler knows of the providers' events; `tsc -p test` is what judges these. */
import { describe, expectTypeOf, test } from "vitest";
import { later, reply } from "../../packages/core/src/contract/answers.ts";
import type { Id } from "../../packages/core/src/decoding/id.ts";
import { appInbox } from "../../packages/core/src/providers/app-inbox.ts";
import { postback } from "../../packages/core/src/providers/postback.ts";
import { uphance } from "../../packages/core/src/providers/uphance.ts";
import { upsales } from "../../packages/core/src/providers/upsales.ts";
import type { createReceiver } from "../../packages/core/src/receiver/create-receiver.ts";

/** Types as `createReceiver` does, and runs nothing. */
const typed = (() => {}) as unknown as typeof createReceiver;
const authenticate = false;

describe("upsales", () => {
  test("upsales.3 the type of an event gives its params and data; its other fields stand beside", () => {
    typed(upsales(), {
      authenticate,
      handle: {
        "order.insert": ({ type, params, data, customer, user }) => {
          expectTypeOf(type).toEqualTypeOf<"order.insert">();
          expectTypeOf(params).toEqualTypeOf<{ readonly id: string }>();
          expectTypeOf(data?.object?.id).toEqualTypeOf<Id | null | undefined>();
          expectTypeOf(customer.name).toEqualTypeOf<string>();
          expectTypeOf(user?.email).toEqualTypeOf<string | null | undefined>();
        },
        widget: ({ params }) => {
          expectTypeOf(params).toEqualTypeOf<{ readonly name: string; readonly arg: string | undefined }>();
          return { rows: [] };
        },
      },
    });
  });

  test("upsales.3 a path of one's own is an event like others", () => {
    const paths = {
      "/validate/:what": "order.validate",
      "/ask": { type: "ask", interactive: true },
    } as const;
    const provider = upsales({ paths });
    typed(provider, {
      authenticate,
      handle: {
        "order.validate": ({ params }) => {
          expectTypeOf(params).toEqualTypeOf<{ readonly what: string }>();
          return { callback: { notify: "x" } };
        },
        ask: () => reply("No", { status: 400 }),
      },
    });
    // @ts-expect-error a misspelt type is no event
    typed(provider, { authenticate, handle: { "order.valdate": () => {} } });
    // @ts-expect-error without the path there is no event
    typed(upsales(), { authenticate, handle: { ask: () => {} } });
  });

  test("upsales.5, upsales.14, upsales.15, upsales.18 answers that fit", () => {
    typed(upsales(), {
      authenticate,
      handle: {
        "order.insert": () => ({ callback: { notify: "x", notifyUserIds: [1, 2] }, other: true }),
        "order.update": () => later(),
        "order.edit": () => ({ visible: { order: { date: false } } }),
        "client.insert": () => ({ callback: { appData: { sync: { at: 1 } } } }),
        external: () => reply([1], { callback: { message: "x" } }),
        notification: () => ({ type: "widget", rows: [{ type: "markdown", markdown: "**Hello!**" }] }),
        widgetRow: () => ({ type: "new", anything: 1 }),
        fieldValues: ({ params }) => [{ name: params.field, value: 1 }],
        iframe: () => "<p>",
      },
    });
    expectTypeOf(upsales).toBeFunction();
  });

  test("upsales.11 answers that do not", () => {
    const provider = upsales();
    // @ts-expect-error a misspelt field of a callback
    typed(provider, { authenticate, handle: { external: () => ({ callback: { notify: "", apData: {} } }) } });
    // @ts-expect-error a misspelt field of a callback beside a reply
    typed(provider, { authenticate, handle: { external: () => reply("", { callback: { notfy: "" } }) } });
    // @ts-expect-error rows are a list
    typed(upsales(), { authenticate, handle: { widget: () => ({ rows: {} }) } });
    // @ts-expect-error values of a field are a list
    typed(upsales(), { authenticate, handle: { fieldValues: () => ({ name: "x", value: 1 }) } });
    expectTypeOf(upsales).toBeFunction();
  });

  test("upsales.19 whenDead sees the request's own fields, and returns a callback", () => {
    upsales({ whenDead: ({ customer, user }) => ({ message: `${customer.name} ${user?.name}` }) });
    // @ts-expect-error a misspelt field of a callback
    upsales({ whenDead: () => ({ mesage: "x" }) });
    expectTypeOf(upsales).toBeFunction();
  });
});

describe("the others", () => {
  test("uphance.2 data by event", () => {
    typed(uphance(), {
      authenticate,
      handle: { "pick_ticket.update": ({ data }) => void expectTypeOf(data.id).toEqualTypeOf<Id>() },
    });
    expectTypeOf<keyof ReturnType<typeof uphance>["events"]>().toExtend<string>();
    // @ts-expect-error a product is never deleted
    typed(uphance(), { authenticate, handle: { "product.delete": () => {} } });
  });

  test("inbox.1 a message", () => {
    typed(appInbox(), {
      authenticate,
      handle: ({ type, data }) => {
        if (type !== "message") return;
        expectTypeOf(data.createdDate).toEqualTypeOf<number | null | undefined>();
      },
    });
    expectTypeOf<keyof ReturnType<typeof appInbox>["events"]>().toEqualTypeOf<"message">();
  });

  test("postback.2 a contact, and records of which the id is known", () => {
    typed(postback(), {
      authenticate,
      handle: {
        "contact.create": ({ data, deliveryAttempt }, { attempt }) => {
          expectTypeOf(data.last_name).toEqualTypeOf<string | null | undefined>();
          expectTypeOf(deliveryAttempt).toEqualTypeOf<number | undefined>();
          expectTypeOf(attempt).toEqualTypeOf<number>();
        },
        "accountvault.delete": ({ data }) => void expectTypeOf(data.id).toEqualTypeOf<string>(),
      },
    });
  });
});
