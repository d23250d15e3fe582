/** The records that postbacks carry. */
import { z } from "../../decoding/zod.ts";
import { textId } from "../../decoding/id.ts";

/** A record of any resource. Its `id` is sure; it should have the properties that the provider's API gives the resource. */
export interface PostbackRecord {
  /** The record's id: `"11e95f8ec39de8fbdb0a4f1b"`. */
  readonly id: string;
  /** Any other property of the resource, as it was sent. */
  readonly [field: string]: unknown;
}

/**
 * A contact, with every property of the sample on the provider's page, which says nothing more of them. Only the `id` is
 * sure: a deleted contact may have nothing else.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.2 postback.2}
 */
export interface Contact {
  /** The contact's id: `"11e66c8a943ff4b2bf1b2102"`. */
  readonly id: string;
  /** The id of its location, as in the postback config: `"23948sdnfia1129i9asf92"`. */
  readonly location_id?: Text;
  /** The account number; `null` in the sample. */
  readonly account_number?: Text;
  /** The contact's API id; `null` in the sample. */
  readonly contact_api_id?: Text;
  /** The company's name; `null` in the sample. */
  readonly company_name?: Text;
  /** The first name; `null` in the sample. */
  readonly first_name?: Text;
  /** The last name: `"Lue"`. */
  readonly last_name?: Text;
  /** The email address; `null` in the sample. */
  readonly email?: Text;
  /** The address; `null` in the sample. */
  readonly address?: Text;
  /** The city; `null` in the sample. */
  readonly city?: Text;
  /** The state; `null` in the sample. */
  readonly state?: Text;
  /** The zip code; `null` in the sample. */
  readonly zip?: Text;
  /** The home phone; `null` in the sample. */
  readonly home_phone?: Text;
  /** The cell phone; `null` in the sample. */
  readonly cell_phone?: Text;
  /** The office phone; `null` in the sample. */
  readonly office_phone?: Text;
  /** The extension of the office phone; `null` in the sample. */
  readonly office_ext_phone?: Text;
  /** Email transaction receipt, yes or no; `false` in the sample. */
  readonly email_trx_receipt?: boolean | null | undefined;
  /** When the contact was created: seconds since the epoch. */
  readonly created_ts?: number | null | undefined;
  /** When the contact was modified: seconds since the epoch. */
  readonly modified_ts?: number | null | undefined;
  /** The date of birth; `null` in the sample. */
  readonly date_of_birth?: Text;
  /** The header message; `null` in the sample. */
  readonly header_message?: Text;
  /** The id of the header message's type; 0 in the sample. */
  readonly header_message_type_id?: number | null | undefined;
  /** The contact's field `c1`; `null` in the sample. */
  readonly contact_c1?: Text;
  /** The contact's field `c2`; `null` in the sample. */
  readonly contact_c2?: Text;
  /** The contact's field `c3`; `null` in the sample. */
  readonly contact_c3?: Text;
  /** The contact's balance; `null` in the sample. */
  readonly contact_balance?: string | number | null | undefined;
  /** Any other property, as it was sent. */
  readonly [field: string]: unknown;
}

type Text = string | null | undefined;

export const recordSchema: z.ZodType<PostbackRecord> = z.looseObject({ id: textId });

const text = z.string().nullish();
const number = z.number().nullish();

export const contactSchema: z.ZodType<Contact> = z.looseObject({
  id: textId,
  location_id: text,
  account_number: text,
  contact_api_id: text,
  company_name: text,
  first_name: text,
  last_name: text,
  email: text,
  address: text,
  city: text,
  state: text,
  zip: text,
  home_phone: text,
  cell_phone: text,
  office_phone: text,
  office_ext_phone: text,
  email_trx_receipt: z.boolean().nullish(),
  created_ts: number,
  modified_ts: number,
  date_of_birth: text,
  header_message: text,
  header_message_type_id: number,
  contact_c1: text,
  contact_c2: text,
  contact_c3: text,
  contact_balance: z.union([z.string(), z.number()], "expected string or number").nullish(),
});
