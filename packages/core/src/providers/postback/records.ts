/** The records that a postback carries. */
import { z } from "zod";
import { textId } from "../../decoding/id.ts";

/** Any record: its id is sure, the rest is the resource's own. */
export interface PostbackRecord {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** A contact, with every field of the page's sample. Only the id is sure: a deleted one may have nothing else. @see postback.2 */
export interface Contact {
  readonly id: string;
  readonly location_id?: Text;
  readonly account_number?: Text;
  readonly contact_api_id?: Text;
  readonly company_name?: Text;
  readonly first_name?: Text;
  readonly last_name?: Text;
  readonly email?: Text;
  readonly address?: Text;
  readonly city?: Text;
  readonly state?: Text;
  readonly zip?: Text;
  readonly home_phone?: Text;
  readonly cell_phone?: Text;
  readonly office_phone?: Text;
  readonly office_ext_phone?: Text;
  readonly email_trx_receipt?: boolean | null | undefined;
  /** Seconds since the epoch. */
  readonly created_ts?: number | null | undefined;
  /** Seconds since the epoch. */
  readonly modified_ts?: number | null | undefined;
  readonly date_of_birth?: Text;
  readonly header_message?: Text;
  readonly header_message_type_id?: number | null | undefined;
  readonly contact_c1?: Text;
  readonly contact_c2?: Text;
  readonly contact_c3?: Text;
  readonly contact_balance?: string | number | null | undefined;
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
  contact_balance: z.union([z.string(), z.number()]).nullish(),
});
