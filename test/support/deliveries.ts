/** The sample deliveries as they travel, and how a test sends one. */
import { readFileSync } from "node:fs";

/** A delivery to send. */
export interface Sample {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `undefined` when it is empty. */
  readonly json: any;
}

/** A sample: `"upsales/order-insert"`. */
export function sample(name: string): Sample {
  const text = readFileSync(new URL(`../fixtures/deliveries/${name}.http`, import.meta.url), "utf8");
  const [head = "", body = ""] = text.split("\n\n");
  const [request = "", ...lines] = head.split("\n");
  const headers = Object.fromEntries(lines.map((line) => line.split(": ") as [string, string]));
  return { path: request.split(" ")[1] ?? "/", headers, body };
}

/** The sample with fields of its JSON body changed; `undefined` takes a field out. */
export function withFields(one: Sample, fields: Readonly<Record<string, unknown>>): Sample {
  return { ...one, body: JSON.stringify({ ...JSON.parse(one.body), ...fields }) };
}

/** The sample with other headers; an empty one is left out. */
export function withHeaders(one: Sample, headers: Readonly<Record<string, string>>): Sample {
  const all = Object.entries({ ...one.headers, ...headers }).filter(([, value]) => value !== "");
  return { ...one, headers: Object.fromEntries(all) };
}

/** Sends a delivery and reads the answer. */
export async function send(url: string, { path, headers, body }: Sample): Promise<Answer> {
  const response = await fetch(url + path, { method: "POST", headers: { ...headers }, body });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text === "" ? undefined : parse(text),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
