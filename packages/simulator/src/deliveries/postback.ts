/** Postback's deliveries: a form whose `data` is the record as JSON text, and its later attempts. */
import { oneOf, optional, readOptions, wholeNumber } from "@answerback/core/provider";
import { idOf } from "../lib/json.ts";
import { seeded } from "../lib/random.ts";
import type { Random } from "../lib/random.ts";
import { counted } from "../protocols/postback.ts";
import type { RawDelivery } from "../protocols/protocol.ts";
import type { BuildOptions, Credentials, Fields } from "./delivery.ts";
import { basic, buildOptions, credentials, fields, pathUnder } from "./delivery.ts";

/**
 * What makes a postback.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.1 postback.1}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.5 postback.5}
 */
export interface PostbackOptions extends BuildOptions {
  /** Default: none are sent. */
  readonly auth?: Credentials;
  /** Any field of the record. Default: random ones. */
  readonly data?: Fields;
  /** Any field of the form itself, as text, for a malformed one. Default: what `data` and `attempt` say. */
  readonly form?: Readonly<Record<string, string | undefined>>;
  /** The `number_of_attempts` of the form, from 1. Default 1. */
  readonly attempt?: number;
  /** How the body is written. JSON (with `data` as an object) is seen in the wild. Default `"form"`. */
  readonly format?: "form" | "json";
}

/**
 * Makes a postback of one resource and type.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.1 postback.1}
 */
export type PostbackBuilder = (options?: PostbackOptions) => RawDelivery;

type Resource = "contact" | "transaction" | "transactionBatch" | "accountVault";

/** The builders of Postback. */
export type PostbackDeliveries = Readonly<
  Record<`${Resource}${"Create" | "Update" | "Delete"}`, PostbackBuilder>
> & {
  /**
   * An event of any resource: `other("DELETE", "recurring")`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.2 postback.2}
   */
  readonly other: (type: string, resource: string, options?: PostbackOptions) => RawDelivery;
  /**
   * The same event sent again: nothing differs but `number_of_attempts`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.4 postback.4}
   */
  readonly again: (delivery: RawDelivery, attempt: number) => RawDelivery;
};

/**
 * The builders of Postback.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.1 postback.1}
 */
export const postback: PostbackDeliveries = {
  contactCreate: builder("CREATE", "contact"),
  contactUpdate: builder("UPDATE", "contact"),
  contactDelete: builder("DELETE", "contact"),
  transactionCreate: builder("CREATE", "transaction"),
  transactionUpdate: builder("UPDATE", "transaction"),
  transactionDelete: builder("DELETE", "transaction"),
  transactionBatchCreate: builder("CREATE", "transactionbatch"),
  transactionBatchUpdate: builder("UPDATE", "transactionbatch"),
  transactionBatchDelete: builder("DELETE", "transactionbatch"),
  accountVaultCreate: builder("CREATE", "accountvault"),
  accountVaultUpdate: builder("UPDATE", "accountvault"),
  accountVaultDelete: builder("DELETE", "accountvault"),
  other: (type, resource, options = {}) => build(type, resource, options),
  again: counted,
};

function builder(type: string, resource: string): PostbackBuilder {
  return (options = {}) => build(type, resource, options);
}

function build(type: string, resource: string, options: PostbackOptions): RawDelivery {
  readOptions("deliveries.postback", options, known);
  const data: Fields = { ...dataOf(type, resource, seeded(options.seed ?? 1)), ...options.data };
  const isJson = options.format === "json";
  const contentType = isJson ? "application/json" : "application/x-www-form-urlencoded";
  return {
    provider: "postback",
    event: `${resource}.${type.toLowerCase()}`,
    id: idOf(data),
    method: "POST",
    path: pathUnder(options.mount),
    headers: { "Content-Type": contentType, ...basic(options.auth), ...options.headers },
    body: isJson ? jsonBody({ type, resource, data }, options) : formBody({ type, resource, data }, options),
  };
}

const known = {
  ...buildOptions,
  auth: optional(credentials),
  data: optional(fields),
  form: optional(fields),
  attempt: optional(wholeNumber),
  format: optional(oneOf("form", "json")),
};

interface Posted {
  readonly type: string;
  readonly resource: string;
  readonly data: Fields;
}

function jsonBody(posted: Posted, { attempt = 1, form }: PostbackOptions): string {
  const { type, resource, data } = posted;
  return JSON.stringify({ type, resource, number_of_attempts: attempt, data, ...form });
}

function formBody({ type, resource, data }: Posted, { attempt = 1, form }: PostbackOptions): string {
  const fields = { type, resource, number_of_attempts: String(attempt), data: JSON.stringify(data), ...form };
  const sent = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return new URLSearchParams(sent).toString();
}

/** What is deleted has nothing but its id; a contact has every field of the page's sample, in its order. */
function dataOf(type: string, resource: string, random: Random): Fields {
  const id = `11e${random.hex(21)}`;
  if (type === "DELETE") return { id };
  return resource === "contact" ? { id, ...contactOf(random) } : { id, ...transactionOf(id, random) };
}

function contactOf(random: Random): Fields {
  const { first, last } = random.name();
  const created_ts = Math.floor(random.instant() / 1000);
  return {
    location_id: `2394${random.hex(17)}`,
    account_number: random.pick([null, String(random.int(1_000, 9_999))]),
    contact_api_id: null,
    company_name: random.pick([null, random.company()]),
    first_name: first,
    last_name: last,
    email: `lue+${random.hex(4)}@example.com`,
    address: null,
    city: null,
    state: null,
    zip: null,
    home_phone: null,
    cell_phone: null,
    office_phone: null,
    office_ext_phone: null,
    email_trx_receipt: false,
    created_ts,
    modified_ts: created_ts + random.int(0, 9_999),
    date_of_birth: null,
    header_message: null,
    header_message_type_id: 0,
    contact_c1: null,
    contact_c2: null,
    contact_c3: null,
    contact_balance: null,
  };
}

function transactionOf(id: string, random: Random): Fields {
  const created_ts = Math.floor(random.instant() / 1000);
  const change = { id: `11e${random.hex(21)}`, created_ts: created_ts + 5, action: "CREATE" };
  return {
    status_id: random.pick([101, 102, 134]),
    action: random.pick(["sale", "refund", "void"]),
    transaction_amount: random.amount(),
    transaction_api_id: `order-${random.int(1_000, 9_999)}`,
    reason_code_id: 1000,
    created_ts,
    modified_ts: created_ts + 5,
    changelogs: [{ ...change, model: "TransactionRequest", model_id: id }],
  };
}
