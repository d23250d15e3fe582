/** The builders: exact to the byte, the same from the same seed, every field at hand. */
import { deliveries } from "@answerback/simulator";
import type { RawDelivery } from "@answerback/simulator";
import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";

const auth = { username: "hook", password: "correct-horse-battery" };

/** The record of the provider's own page. */
const documented = {
  id: "11e66c8a943ff4b2bf1b2102",
  location_id: "23948sdnfia1129i9asf92",
  account_number: null,
  company_name: null,
  first_name: null,
  last_name: "Lue",
  email: null,
  created_ts: 1472325312,
  modified_ts: 1472325312,
};

test("postback.1 a contact has every field of the page's sample, in its order and bytes", () => {
  const { body, headers } = deliveries.postback.contactCreate({ auth, data: documented });
  expect(body).toBe(
    "type=CREATE&resource=contact&number_of_attempts=1&data=%7B%22id%22%3A%2211e66c8a943ff4b2bf1b2102%22%2C%22location_id%22%3A%2223948sdnfia1129i9asf92%22%2C%22account_number%22%3Anull%2C%22contact_api_id%22%3Anull%2C%22company_name%22%3Anull%2C%22first_name%22%3Anull%2C%22last_name%22%3A%22Lue%22%2C%22email%22%3Anull%2C%22address%22%3Anull%2C%22city%22%3Anull%2C%22state%22%3Anull%2C%22zip%22%3Anull%2C%22home_phone%22%3Anull%2C%22cell_phone%22%3Anull%2C%22office_phone%22%3Anull%2C%22office_ext_phone%22%3Anull%2C%22email_trx_receipt%22%3Afalse%2C%22created_ts%22%3A1472325312%2C%22modified_ts%22%3A1472325312%2C%22date_of_birth%22%3Anull%2C%22header_message%22%3Anull%2C%22header_message_type_id%22%3A0%2C%22contact_c1%22%3Anull%2C%22contact_c2%22%3Anull%2C%22contact_c3%22%3Anull%2C%22contact_balance%22%3Anull%7D",
  );
  expect(headers).toEqual({
    "Content-Type": "application/x-www-form-urlencoded",
    Authorization: "Basic aG9vazpjb3JyZWN0LWhvcnNlLWJhdHRlcnk=",
  });
});

test("postback.4 a later attempt differs in number_of_attempts and in nothing else, as a form and as JSON", () => {
  for (const format of ["form", "json"] as const) {
    const first = deliveries.postback.transactionUpdate({ seed: 4, format });
    const third = deliveries.postback.again(first, 3);
    expect(third).toEqual(deliveries.postback.transactionUpdate({ seed: 4, format, attempt: 3 }));
    expect(third.body).not.toBe(first.body);
    expect(deliveries.postback.again(third, 1)).toEqual(first);
  }
});

test("postback.1 what is deleted has nothing but its id", () => {
  const { body } = deliveries.postback.contactDelete({ data: { id: "11e66c8a943ff4b2bf1b2102" } });
  expect(body).toBe(
    "type=DELETE&resource=contact&number_of_attempts=1&data=%7B%22id%22%3A%2211e66c8a943ff4b2bf1b2102%22%7D",
  );
});

test("inbox.1 a message has every field of the page, and basic credentials where there are some", () => {
  const { body, headers } = deliveries.appInbox.message({ auth });
  expect(Object.keys(JSON.parse(body))).toEqual([
    "externalCustomerId",
    "id",
    "createdDate",
    "title",
    "content",
    "image",
    "link",
    "category",
    "customData",
  ]);
  expect(headers).toHaveProperty("Authorization");
  expect(deliveries.appInbox.message().headers).toEqual({ "Content-Type": "application/json" });
});

test("inbox.2 a list holds as many different messages as it should", () => {
  const list: { id: string }[] = JSON.parse(deliveries.appInbox.list({ count: 1_000 }).body);
  expect(new Set(list.map(({ id }) => id)).size).toBe(1_000);
});

test("uphance.1 an object stands under its kind, as a bare id, or flat beside the event", () => {
  const object = { id: 771 };
  const { productUpdate, pickTicketDelete } = deliveries.uphance;
  expect(JSON.parse(productUpdate({ object }).body).product.id).toBe(771);
  expect(productUpdate({ object, shape: "bare id" }).body).toBe('{"event":"product_update","product":771}');
  expect(productUpdate({ object, shape: "flat id" }).body).toBe('{"event":"product_update","id":771}');
  expect(pickTicketDelete({ object }).body).toBe('{"event":"pick_ticket_delete","pick_ticket":{"id":771}}');
});

test("upsales.3 the path says what is asked, under any mount", () => {
  const { upsales } = deliveries;
  const mount = "/upsales";
  expect(upsales.orderInsert({ mount, data: { id: 1 } }).path).toBe("/upsales/orderinsert/1");
  expect(upsales.agreementEdit().path).toBe("/agreementedit");
  expect(upsales.fieldValues("åäö/1", { mount }).path).toBe("/upsales/fieldValues/%C3%A5%C3%A4%C3%B6%2F1");
  expect(upsales.widgetNotification({ mount }).path).toBe("/upsales/widget/notification");
});

test("upsales.1 a run without a user, or without a callbackUrl, is one override away", () => {
  const { body } = deliveries.upsales.external({ body: { user: undefined, callbackUrl: undefined } });
  expect(JSON.parse(body)).not.toHaveProperty("user");
  expect(JSON.parse(body)).not.toHaveProperty("callbackUrl");
});

test("upsales.4 a status request has no callbackUrl, and only what such requests have", () => {
  expect(Object.keys(JSON.parse(deliveries.upsales.status().body))).toEqual([
    "appId",
    "date",
    "authenticationKey",
    "customer",
    "config",
  ]);
});

describe("every builder", () => {
  const { other: _o, again: _a, ...postback } = deliveries.postback;
  const { other: _u, ...uphance } = deliveries.uphance;
  const {
    other: _p,
    testField: _t,
    fieldValues: _f,
    widget: _w,
    widgetRow: _r,
    ...upsales
  } = deliveries.upsales;
  type Builder = (options: { seed: number; mount: string; headers?: Record<string, string> }) => RawDelivery;
  const all: [string, Builder][] = Object.entries({
    ...postback,
    ...uphance,
    ...upsales,
    ...deliveries.appInbox,
  });

  test.for(all)("%s gives the same from the same seed, and another event from another", ([, build]) => {
    assert(
      property(integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const delivery = build({ seed, mount: "/hooks" });
        expect(build({ seed, mount: "/hooks" })).toEqual(delivery);
        expect(build({ seed: seed + 1, mount: "/hooks" }).body).not.toBe(delivery.body);
        expect(delivery.path).toMatch(/^\/hooks/);
        expect(delivery.method).toBe("POST");
      }),
      { numRuns: 20 },
    );
  });

  test.for(all)("%s adds headers, or puts others in the place of its own", ([, build]) => {
    const headers = { "Content-Type": "text/plain", "X-Forwarded-Proto": "https" };
    expect(build({ seed: 1, mount: "", headers }).headers).toMatchObject(headers);
  });
});
