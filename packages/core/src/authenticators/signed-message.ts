/** What a signature is made over, from the text that a provider's page has for it: `"v0:{timestamp}:{body}"`. */
import type { OpenDelivery } from "../contract/authenticator.ts";
import { text, wrongKind, type Kind } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { nearest } from "../lib/nearest.ts";

/**
 * Says what is signed, where no text can.
 *
 * @param body As it travelled.
 * @returns A text, which is signed as UTF-8, or bytes; `undefined` to refuse the delivery.
 */
export type SignedBy = (body: Uint8Array, delivery: OpenDelivery) => string | Uint8Array | undefined;

/** A message, piece by piece, so that no body is copied. */
export type Message = readonly (string | Uint8Array)[];

/** What is signed, read once for all deliveries. */
export interface SignedMessage {
  /** Has it the timestamp in it? `undefined`: a function knows. */
  readonly hasTimestamp: boolean | undefined;
  /** Has it the address in it? A function does not say. */
  readonly hasUrl: boolean;
  /**
   * Begins a message with what the head knows.
   *
   * @returns What ends it with the body; `undefined` where a part is missing.
   */
  begin(delivery: OpenDelivery, timestamp: string): ((body: Uint8Array) => Message | undefined) | undefined;
}

/** The option `signed`: a text with names in braces, or a function. */
export const aMessage: Kind<SignedMessage> = (option, value) => {
  if (typeof value === "function") return byFunction(option, value as SignedBy);
  // texts at even places, names at odd ones
  const pieces = text(option, value).split(/\{([^{}]*)\}/);
  const names = pieces.filter((_, at) => at % 2 === 1);
  const parts = pieces.map((piece, at) => (at % 2 === 0 ? () => piece : partOf(option, piece)));
  if (!names.includes("body"))
    throw new OptionError(option, "invalid", "anybody could change a body that is not signed; put {body} in");
  return {
    hasTimestamp: names.includes("timestamp"),
    hasUrl: names.includes("url"),
    begin(delivery, timestamp) {
      const begun = parts.map((part) => part(delivery, timestamp));
      if (begun.includes(undefined)) return undefined;
      return (body) => begun.map((piece) => (piece === theBody ? body : piece!));
    },
  };
};

function byFunction(option: string, signed: SignedBy): SignedMessage {
  return {
    hasTimestamp: undefined,
    hasUrl: false,
    begin: (delivery) => (body) => {
      const message: unknown = signed(body, delivery);
      if (message === undefined) return undefined;
      if (typeof message === "string" || message instanceof Uint8Array) return [message];
      throw wrongKind(option, message, "a text or bytes, or undefined to refuse");
    },
  };
}

type Part = (delivery: OpenDelivery, timestamp: string) => string | Uint8Array | undefined;

/** Stands for the body, and is never signed itself. */
const theBody = new Uint8Array();

const known: Readonly<Record<string, Part>> = {
  body: () => theBody,
  timestamp: (_delivery, timestamp) => timestamp,
  method: ({ method }) => method,
  url: ({ url }) => url,
};

function partOf(option: string, name: string): Part {
  if (Object.hasOwn(known, name)) return known[name]!;
  const header = /^header:(\S+)$/.exec(name)?.[1]?.toLowerCase();
  if (header === undefined) throw unknown(option, name);
  return ({ headers }) => {
    const value = onlyOf(headers[header]);
    // Node hands header bytes over as Latin-1 characters, one each
    return value === undefined ? undefined : Buffer.from(value, "latin1");
  };
}

/** The value of a header that is there once, with something in it. */
export function onlyOf(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 && values[0] !== "" ? values[0] : undefined;
}

function unknown(option: string, name: string): OptionError {
  const names = [...Object.keys(known), "header:…"];
  const near = nearest(name, names);
  const offer = near ? `did you mean {${near}}?` : `there are {${names.join("}, {")}}`;
  return new OptionError(option, "unknown", `there is no {${name}}; ${offer}`);
}
