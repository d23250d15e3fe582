/** A delivery as it travels, laid out for reading. */
import { signed, type RawDelivery } from "@answerback/simulator";
import { block, code, folded } from "../page.ts";

/** When the samples were sent, and where to. */
const sending = { at: Date.UTC(2026, 0, 1, 9), to: new URL("https://app.example") };

/** A sample, folded away under the type of its event; behind a comma stands what tells two of a type apart. */
export function sample(name: string, delivery: RawDelivery, mount: string): string {
  const { method, path, headers, body } = signed(mounted(delivery, mount), sending);
  const head = Object.entries(headers).map(([field, value]) => `${field}: ${value}`);
  const text = [`${method} ${path} HTTP/1.1`, ...head, "", laidOut(body)].join("\n");
  const [, type = "", more = ""] = /^([^,]*)(.*)$/.exec(name)!;
  return folded(`${code(type)}${more}`, block("http", text));
}

/** A sample as it comes to the app of the page, which has the receiver under a mount. */
export function mounted(delivery: RawDelivery, mount: string): RawDelivery {
  return { ...delivery, path: `${mount}${delivery.path}`.replace(/\/(?=\?|$)/, "") };
}

/** JSON with a line for each field, and a form with a line for each of its own. */
function laidOut(body: string): string {
  if (/^[[{]/.test(body)) return JSON.stringify(plainly(JSON.parse(body)), undefined, 2);
  return body
    .split("&")
    .map((field) => decodeURIComponent(field.replaceAll("+", " ")))
    .join("\n&");
}

/** Without what is another at each run, as the key that signs is made anew. */
function plainly(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("Signature" in body)) return body;
  return { ...body, Signature: "EXAMPLEpH+…" };
}
