/** The two deliveries that everybody is sent: a JSON message of 600 bytes, and a form of 1.1 kB with JSON inside. */
import type { Delivery } from "@answerback/core";

/** How a delivery's body is written. */
export type Format = "json" | "form";

export const formats: readonly Format[] = ["json", "form"];

/** Who may send. */
export const credentials = { username: "hook", password: "correct-horse-battery" };

/** A path that every server has. */
export const path = "/hooks/provider";

/** The id of the n-th event: 24 characters, whatever n. */
export function idOf(number: number): string {
  return number.toString(16).padStart(24, "0");
}

/** The headers of a delivery, beside its length, with the names as clients spell them. */
export function headersOf(format: Format, password: string = credentials.password): Record<string, string> {
  const basic = Buffer.from(`${credentials.username}:${password}`).toString("base64");
  return {
    Host: "127.0.0.1",
    "User-Agent": "provider/1.0",
    Accept: "*/*",
    Authorization: `Basic ${basic}`,
    "Content-Type": format === "json" ? "application/json" : "application/x-www-form-urlencoded",
  };
}

/** The body of a delivery of the event with this id. */
export function bodyOf(format: Format, id: string): string {
  return format === "json" ? JSON.stringify(messageOf(id)) : formOf(id).toString();
}

/** A delivery as an adapter hands it to a receiver. */
export function deliveryOf(format: Format, bytes: Uint8Array): Delivery {
  const headers = { ...headersOf(format), "Content-Length": String(bytes.length) };
  return {
    ...{ method: "POST", path: "/", query: "", secure: false },
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]),
    ),
    body: async () => ({ kind: "bytes", bytes }),
  };
}

/** As App Inbox sends it. */
function messageOf(id: string): object {
  return {
    id,
    externalCustomerId: "customer-4711",
    createdDate: 1_700_000_000_000,
    title: "Your order is on its way",
    content: "We handed it over to the carrier this morning. ".repeat(5).trim(),
    image: "https://static.example.com/images/parcel-on-its-way.png",
    link: "https://shop.example.com/orders/4711?utm_source=app-inbox",
    category: "shipping",
    customData: '{"order":4711,"carrier":"example"}',
  };
}

/** As Postback sends it. */
function formOf(id: string): URLSearchParams {
  const nothing = Object.fromEntries(contactFields.map((field) => [field, null]));
  const contact = { id, location_id: "23948sdnfia1129i9asf92", ...nothing, ...known };
  const data = JSON.stringify({ ...contact, email_trx_receipt: false, created_ts: 1_472_325_312 });
  return new URLSearchParams({ type: "CREATE", resource: "contact", number_of_attempts: "1", data });
}

const known = {
  account_number: "4711-0815",
  company_name: "Lue & Daughters Ltd.",
  first_name: "Ann-Sofie",
  last_name: "Lue",
  email: "ann-sofie.lue@example.com",
  address: "43155 Main Street, Suite 3100",
  city: "Novi",
  state: "MI",
  zip: "48375",
  home_phone: "2483211233",
  cell_phone: "2483211234",
  date_of_birth: "1970-01-01",
  header_message: "Thank you for being with us, your statement is attached",
  contact_c1: "prefers to be written to",
};

const contactFields =
  "account_number contact_api_id company_name first_name last_name email address city state zip home_phone cell_phone office_phone office_ext_phone modified_ts date_of_birth header_message header_message_type_id contact_c1 contact_c2 contact_c3 contact_balance".split(
    " ",
  );
