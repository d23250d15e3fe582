/** A delivery as it travels, laid out for reading. */
import { signed, type RawDelivery } from "@answerback/simulator";
import { block, code, folded } from "../page.ts";

/** When the samples were sent, and where to. */
const sending = { at: Date.UTC(2026, 0, 1, 9), to: new URL("https://app.example") };

/** A sample, folded away under the name of its event. */
export function sample(delivery: RawDelivery, mount: string): string {
  const { method, path, headers, body } = signed(delivery, sending);
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${shortened(value)}`);
  const at = `${mount}${path}`.replace(/\/(?=\?|$)/, "");
  const text = [`${method} ${at} HTTP/1.1`, ...head, "", laidOut(String(body))].join("\n");
  return folded(code(delivery.event), block("http", text));
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

const shortened = (value: string) => (value.length > 90 ? `${value.slice(0, 90)}…` : value);
