/** Requests as bytes, written once; a new event is a patched id. */
import { bodyOf, headersOf, idOf, path, type Format } from "../work/deliveries.ts";

/** What is sent. */
export interface Traffic {
  readonly format: Format;
  /** Absent: the right one. */
  readonly password?: string;
  /** Send these many events again and again. Absent: every event is a new one. */
  readonly again?: number;
  /** What every response must have. */
  readonly status: number;
}

/** Gives the bytes of the next request. They are good until it is called again. */
export type Requests = () => Uint8Array;

let events = 0;

/** The requests of a traffic, for one connection. */
export function requestsOf({ format, password, again }: Traffic): Requests {
  const bytes = Buffer.from(textOf(format, password));
  const at = bytes.indexOf(idOf(0));
  return () => {
    events += 1;
    bytes.write(idOf(again ? events % again : 1_000_000 + events), at, "latin1");
    return bytes;
  };
}

function textOf(format: Format, password: string | undefined): string {
  const body = bodyOf(format, idOf(0));
  const headers = { ...headersOf(format, password), "content-length": `${Buffer.byteLength(body)}` };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}
