/** Uphance's deliveries: what happened to an invoice, credit note, ticket or product. */
import { oneOf, optional, readOptions } from "@answerback/core/provider";
import { idOf } from "../lib/json.ts";
import { seeded } from "../lib/random.ts";
import type { Random } from "../lib/random.ts";
import type { RawDelivery } from "../protocols/protocol.ts";
import type { BuildOptions, Fields } from "./delivery.ts";
import { buildOptions, fields, jsonDelivery, pathUnder } from "./delivery.ts";

/**
 * What makes a webhook.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.1 uphance.1}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.5 uphance.5}
 */
export interface UphanceOptions extends BuildOptions {
  /** Any field of the object. Default: random ones. */
  readonly object?: Fields;
  /**
   * The object in full, or what the page calls "typically an ID number": the bare id in its place, or an `id` beside
   * `event`. Default `"object"`.
   */
  readonly shape?: "object" | "bare id" | "flat id";
}

type Kind = "invoice" | "creditNote" | "pickTicket" | "receivingTicket";

/** The builders of Uphance, by the event's name: `pick_ticket_update` is `pickTicketUpdate`. */
export type UphanceDeliveries = Readonly<
  Record<`${Kind}${"Create" | "Update" | "Delete"}` | "productCreate" | "productUpdate", UphanceBuilder>
> & {
  /**
   * An event of any name: `"warehouse_transfer_create"`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.2 uphance.2}
   */
  readonly other: (event: string, options?: UphanceOptions) => RawDelivery;
};

/**
 * Makes a webhook of one event.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.1 uphance.1}
 */
export type UphanceBuilder = (options?: UphanceOptions) => RawDelivery;

/**
 * The builders of Uphance.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.1 uphance.1}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.2 uphance.2}
 */
export const uphance: UphanceDeliveries = {
  invoiceCreate: builder("invoice_create"),
  invoiceUpdate: builder("invoice_update"),
  invoiceDelete: builder("invoice_delete"),
  creditNoteCreate: builder("credit_note_create"),
  creditNoteUpdate: builder("credit_note_update"),
  creditNoteDelete: builder("credit_note_delete"),
  pickTicketCreate: builder("pick_ticket_create"),
  pickTicketUpdate: builder("pick_ticket_update"),
  pickTicketDelete: builder("pick_ticket_delete"),
  receivingTicketCreate: builder("receiving_ticket_create"),
  receivingTicketUpdate: builder("receiving_ticket_update"),
  receivingTicketDelete: builder("receiving_ticket_delete"),
  productCreate: builder("product_create"),
  productUpdate: builder("product_update"),
  other: (event, options = {}) => build(event, options),
};

function builder(name: string): UphanceBuilder {
  return (options = {}) => build(name, options);
}

function build(name: string, options: UphanceOptions): RawDelivery {
  readOptions("deliveries.uphance", options, known);
  const [, kind = name, verb = ""] = /^(.*)_(create|update|delete)$/.exec(name) ?? [];
  const random = seeded(options.seed ?? 1);
  const object = { ...objectOf(kind, verb, random), ...options.object };
  const head = { provider: "uphance", event: `${kind}.${verb}`, id: idOf(object) } as const;
  const value = shaped(name, kind, object, options.shape);
  return jsonDelivery({ ...head, path: pathUnder(options.mount) }, { ...options, value });
}

const known = {
  ...buildOptions,
  object: optional(fields),
  shape: optional(oneOf("object", "bare id", "flat id")),
};

function shaped(event: string, kind: string, object: Fields, shape: UphanceOptions["shape"]): Fields {
  if (shape === "flat id") return { event, id: object["id"] };
  return { event, [kind]: shape === "bare id" ? object["id"] : object };
}

/** What is deleted has nothing but its id. */
function objectOf(kind: string, verb: string, random: Random): Fields {
  const id = random.int(100_000, 999_999);
  if (verb === "delete") return { id };
  const updated_at = new Date(random.instant()).toISOString();
  if (kind === "product") return { id, ...productOf(random), updated_at };
  return { id, ...documentOf(random), updated_at };
}

function productOf(random: Random): Fields {
  return {
    name: random.pick(["Shirt", "Coat", "Crêpe dress"]),
    product_identifier: `P-${random.hex(6)}`,
    season: random.pick(["SS26", "AW26"]),
    skus: [
      { id: random.int(1, 9_999), size: random.pick(["S", "M", "L"]), ean: `87${random.int(1e10, 9e10)}` },
    ],
  };
}

function documentOf(random: Random): Fields {
  const { first, last } = random.name();
  return {
    status: random.pick(["draft", "shipped", "paid", "received"]),
    service: "Packing",
    shipment_number: random.int(1_000, 9_999),
    order_number: random.int(1_000, 9_999),
    customer_name: random.company(),
    contact_name: random.pick([null, `${first} ${last}`]),
    address: {
      line_1: "Street 1",
      line_2: "",
      line_3: "",
      city: "Nijmegen",
      state: null,
      postcode: "6500AA",
      country: "NL",
    },
    line_items: [
      {
        product_id: random.int(1, 999),
        product_name: "Shirt",
        color: "Blue",
        unit_price: random.amount(),
        line_quantities: [{ sku_id: random.int(1, 999), size: "M", quantity: random.int(1, 9) }],
      },
    ],
    grand_total: random.amount(),
    currency: random.pick(["EUR", "SEK", "USD"]),
  };
}
