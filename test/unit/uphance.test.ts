/** What Uphance's webhooks say. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { uphance } from "../../packages/core/src/providers/uphance.ts";
import { decodeSample, decodeText, readSample } from "./samples.ts";
import { plainJson } from "../support/plain-json.ts";

const mount = "/hooks/uphance/0b6f4a3c9d1e4f7fa2c58e7d6b901234";
const at = "2024-03-27T09:20:18.123Z";
const sample = (file: string) => decodeSample(uphance(), `uphance/${file}.http`, mount);
const decode = (body: object, options?: Parameters<typeof uphance>[0]) =>
  decodeText(uphance(options), { body: JSON.stringify(body) });

describe("uphance.1, uphance.2, uphance.4 samples", () => {
  test("an update has its object, and a key with its time", async () => {
    const { pick_ticket: data } = JSON.parse(readSample("uphance/pick-ticket-update.http").body);
    expect(await sample("pick-ticket-update")).toEqual({
      type: "pick_ticket.update",
      data,
      id: 123456,
      key: ["pick_ticket_update", 123456, at],
    });
  });

  test("a delete happens once", async () => {
    const key = ["pick_ticket_delete", 123456];
    expect(await sample("pick-ticket-delete")).toEqual({
      type: "pick_ticket.delete",
      data: { id: 123456 },
      id: 123456,
      key,
    });
  });

  test("a bare id is the object, and has the same key", async () => {
    const event = { type: "invoice.create", data: { id: 4711 }, id: 4711, key: ["invoice_create", 4711] };
    expect(await sample("invoice-create-id-only")).toEqual(event);
    expect(await decode({ event: "invoice_create", invoice: { id: 4711 } })).toEqual(event);
  });

  test("a flat id is the object; an update without a time has no key", async () => {
    expect(await sample("product-update-flat-id")).toEqual({
      type: "product.update",
      data: { id: 771 },
      id: 771,
    });
  });

  test("an unknown name is the type", async () => {
    const key = ["warehouse_transfer_create", 5, at];
    expect(await sample("unknown-event")).toEqual({
      type: "warehouse_transfer_create",
      data: { id: 5, updated_at: at },
      id: 5,
      key,
    });
  });
});

describe("uphance.2 names", () => {
  test.each([
    "product_delete",
    "stock",
    "toString",
    "toString_update",
    "constructor_create",
    "hasOwnProperty_delete",
    "_create",
    "*",
  ])("of the unknown %s nothing but the name is required", async (event) => {
    expect(await decode({ event })).toEqual({ type: event, data: {} });
  });

  test.each([undefined, null, "", "  ", 1, ["invoice_create"], "x".repeat(1_001)])(
    "a name that is %j is malformed",
    async (event) => {
      await expect(decode({ event, invoice: { id: 1 } })).rejects.toMatchObject({
        name: "AnswerbackError",
        code: "malformed",
        message: "event: must be the name of an event",
      });
    },
  );

  test.each([
    { event: "invoice_create", invoice_id: 4711 },
    { event: "invoice_create", data: { id: 4711 } },
    { event: "product_update", Product: { id: 4711 }, updated_at: at },
  ])(
    "a known one whose fields are none that are known goes by its name, with what there is: %j",
    async (body) => {
      const { event, ...fields } = body;
      const { type, data, key, warnings } = await decode(body);
      expect([type, data, key]).toEqual([event, fields, undefined]);
      expect(warnings).toEqual([{ code: "schema_drift", message: expect.stringContaining(event) }]);
      expect((await decode(body, { schema: "strict" })).data).toBeInstanceOf(Error);
    },
  );

  test("a known one without any field does not fit, and a schema of one's own sees every shape", async () => {
    expect((await decode({ event: "invoice_create" })).data).toBeInstanceOf(Error);
    const own = { "invoice.create": z.object({ invoice_id: z.number() }) };
    expect(await decode({ event: "invoice_create", invoice_id: 4711 }, { data: own })).toEqual({
      type: "invoice.create",
      data: { invoice_id: 4711 },
    });
  });

  test.each([
    [{}],
    [[]],
    [null],
    [""],
    [" "],
    [2 ** 53],
    [true],
    [{ id: {} }],
    [{ id: "x".repeat(1_001) }],
    [{ id: 1, updated_at: 5 }],
  ])("an invoice that is %j does not fit", async (invoice) => {
    expect((await decode({ event: "invoice_update", invoice })).data).toBeInstanceOf(Error);
  });

  test("whatever the body is, it is decoded or malformed", async () => {
    const name = fc.constantFrom("invoice_update", "pick_ticket_delete", "x_create", "__proto___create");
    await fc.assert(
      fc.asyncProperty(name, plainJson(), async (event, value) => {
        const decoded = await decode({ event, invoice: value, pick_ticket: value, x: value }).catch(
          () => undefined,
        );
        expect(decoded?.key).not.toEqual([event]);
      }),
    );
  });
});

describe("uphance.4 times", () => {
  test("a number tells two updates apart as well", async () => {
    const updated = (updated_at: unknown) =>
      decode({ event: "product_update", product: { id: 1, updated_at } });
    const [one, other, text] = [
      await updated(1_700_000_000),
      await updated(1_700_000_001),
      await updated(at),
    ];
    expect(one.key).toEqual(["product_update", 1, 1_700_000_000]);
    expect(other.key).toEqual(["product_update", 1, 1_700_000_001]);
    expect(text.key).toEqual(["product_update", 1, at]);
    for (const none of [null, undefined, "", " ", true, {}, []])
      expect((await updated(none)).key).toBeUndefined();
  });
});

describe("uphance.4 updates without a time", () => {
  const update = { event: "product_update", product: { id: 1, name: "Shirt" } };

  test("are never the same by default", async () => {
    expect((await decode(update)).key).toBeUndefined();
    expect((await decode({ ...update, product: { id: 1, updated_at: " " } })).key).toBeUndefined();
  });

  test("are the same for a while by choice, if they say the same in any order", async () => {
    const options = { sameUpdateWithin: "10m" } as const;
    const one = await decode(update, options);
    expect(one).toMatchObject({ retention: "10m", key: ["product_update", expect.any(String)] });
    expect((await decode({ ...update, product: { name: "Shirt", id: 1 } }, options)).key).toEqual(one.key);
    expect((await decode({ ...update, product: { id: 1, name: "Shoe" } }, options)).key).not.toEqual(one.key);
    expect(await decode({ ...update, product: { id: 1, updated_at: at } }, options)).not.toHaveProperty(
      "retention",
    );
    expect(await decode({ ...update, event: "product_create" }, options)).not.toHaveProperty("retention");
  });

  test("for a time that is one", () => {
    expect(() => uphance({ sameUpdateWithin: "soon" as "1m" })).toThrow(/uphance: sameUpdateWithin/);
  });
});

test("uphance.3, uphance.5 the terms", () => {
  expect(uphance()).toMatchObject({
    name: "uphance",
    accepts: ["json"],
    retention: "72h",
    retryWindow: "48h",
    httpsOnly: true,
  });
  expect(Object.keys(uphance().events)).toHaveLength(14);
});
