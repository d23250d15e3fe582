/** Requests as bytes, written once; a new event is a patched id. */
import { bodyOf, headersOf, idOf, path, type Format } from "../work/deliveries.ts";
import { signedDelivery, type SignedDelivery, type SignedSample } from "../work/signed-deliveries.ts";

/** What is sent. */
export interface Traffic {
  readonly sample: Format | SignedSample;
  /** Absent: the right one. */
  readonly password?: string;
  /** Send these many events again and again. Absent: every event is a new one. */
  readonly again?: number;
  /** What every response must have. */
  readonly status: number;
  /** Keep-alive connections, with one request at a time on each. Default 16. */
  readonly connections?: number;
}

/** Gives the bytes of the next request. They are good until it is called again. */
export type Requests = () => Uint8Array;

let events = 0;

/** The requests of a traffic, for one connection. */
export function requestsOf({ sample, password, again }: Traffic): Requests {
  const { headers, body, sign } = messageOf(sample, password);
  const bytes = Buffer.from(textOf(headers, body));
  const at = bytes.indexOf(idOf(0));
  const signedPart = bytes.subarray(bytes.length - Buffer.byteLength(body));
  const signatureAt = sign ? bytes.indexOf(sign(signedPart)) : -1;
  return () => {
    events += 1;
    bytes.write(idOf(again ? events % again : 1_000_000 + events), at, "latin1");
    if (sign) bytes.write(sign(signedPart), signatureAt, "latin1");
    return bytes;
  };
}

function messageOf(sample: Traffic["sample"], password: string | undefined): SignedDelivery {
  if (sample !== "json" && sample !== "form") return signedDelivery(sample);
  return { headers: headersOf(sample, password), body: bodyOf(sample, idOf(0)) };
}

/** The names stay as clients spell them. */
function textOf(headers: Record<string, string>, body: string): string {
  const all = { ...headers, "Content-Length": `${Buffer.byteLength(body)}` };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}
