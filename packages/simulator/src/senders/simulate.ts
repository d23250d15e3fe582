/** The kit: a provider of one's own, from what its page says of how it sends, signs, retries and takes callbacks. */
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import {
  aFunction,
  anything,
  duration,
  flag,
  listOf,
  objectWith,
  OptionError,
  oneOf,
  optional,
  readOptions,
  text,
  type Duration,
} from "@answerback/core/provider";
import { fields, pathUnder } from "../deliveries/delivery.ts";
import type { AnyDelivery, Body, Protocol, RawDelivery } from "../protocols/protocol.ts";
import type { SendingTerms } from "../protocols/terms.ts";
import { protocolOf } from "../protocols/terms.ts";

/** A provider as a sender. All of it but `name` has a default. */
export interface SenderOptions extends SendingTerms {
  /** What the journal calls it: `"acme"`. */
  readonly name: string;
  /** For the judge: the `n`th event, from 1, of a kind that a right receiver handles. Default: there is nothing to judge. */
  readonly example?: ((n: number) => TextOptions) | undefined;
  /** For the judge: what it asks before it sends events, each with its `taken`. Default: nothing. */
  readonly handshakes?: readonly DeliveryOptions[] | undefined;
  /** For the judge: may an event come again though it was acknowledged, or long after? Default: if it is retried. */
  readonly repeats?: boolean | undefined;
  /** For the judge: what else must be refused, made from an example, beside wrong signatures by `sign`. Default: nothing. */
  readonly forged?: ((delivery: RawDelivery) => readonly AnyDelivery[]) | undefined;
  /** For the judge: how old a signature may be. Default: of any age. */
  readonly tolerance?: Duration | undefined;
  /** For the judge: what a handler answers, so that it goes to the address. Default `{ text: "Done" }`. */
  readonly answer?: unknown;
}

/** A provider of one's own, ready to send. */
export interface Sender {
  /** What the journal calls it. */
  readonly name: string;
  /** How it sends, concludes, signs, and takes callbacks. */
  readonly protocol: Protocol;
  /** What it was made of. */
  readonly options: SenderOptions;
  /**
   * A delivery of this sender, with its body as text.
   *
   * @throws OptionError for a mistake in the options.
   */
  delivery(options: TextOptions): RawDelivery;
  /**
   * A delivery of this sender.
   *
   * @throws OptionError for a mistake in the options.
   */
  delivery(options: DeliveryOptions): AnyDelivery;
}

/** What one delivery is made of. The body is `json`, `form` or `body`; without any it is empty. */
export interface DeliveryOptions {
  /** What happened, for the journal and for people: `"order.paid"`. */
  readonly event: string;
  /** The id by which the provider knows this event from another. Default `""`: there is none. */
  readonly id?: string | undefined;
  /** Default `"POST"`. */
  readonly method?: AnyDelivery["method"] | undefined;
  /** Where the receiver is mounted: `"/hooks/acme"`. Default: at the root. */
  readonly mount?: string | undefined;
  /** The path under the mount, with a query where there is one: `"/?challenge=1"`. Default: the mount itself. */
  readonly path?: string | undefined;
  /** Headers beside those of the body; one that `sign` would make is sent as it is given here. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A value, sent as JSON text. */
  readonly json?: unknown;
  /** Fields, sent as a urlencoded form; `undefined` leaves a field out. */
  readonly form?: Readonly<Record<string, string | undefined>> | undefined;
  /** The exact text or bytes; say their `Content-Type` in `headers`. */
  readonly body?: Body | undefined;
  /** Is the body sent as gzip? `Content-Encoding` says so. Default `false`. */
  readonly gzip?: boolean | undefined;
  /** Which answer to this delivery acknowledges it. Default: as `taken` of the sender has it. */
  readonly taken?: SendingTerms["taken"];
}

/** What a delivery is made of whose body is text. */
export interface TextOptions extends DeliveryOptions {
  /** The exact text; say its `Content-Type` in `headers`. */
  readonly body?: string | undefined;
  /** Text does not travel as gzip. */
  readonly gzip?: false | undefined;
}

/**
 * A provider of one's own. Its deliveries are played, sent and judged like those of the others.
 *
 * @throws OptionError for a mistake in the options.
 * @example
 * const acme = simulate({ name: "acme", patience: "3s", retries: ["0s", "1m", "5m"] });
 * await play(app, acme.delivery({ event: "order.paid", id: "o-1", json: { id: "o-1" }, mount: "/hooks/acme" }));
 */
export function simulate(options: SenderOptions): Sender {
  const { name, example, handshakes, repeats, forged, tolerance, answer, ...terms } = options;
  readOptions<Own, typeof own>(
    "simulate",
    { name, example, handshakes, repeats, forged, tolerance, answer },
    own,
  );
  const protocol = protocolOf(terms);
  const delivery = (made: DeliveryOptions): RawDelivery<any> => {
    const { event, id = "", method = "POST", mount, path, headers, taken } = readOptions(name, made, known);
    const { type, content } = bodyOf(name, made);
    return {
      provider: name,
      event,
      id,
      method,
      path: pathUnder(mount, path),
      headers: { ...besides(type, made.headers), ...headers },
      body: content,
      protocol: taken ? protocolOf({ ...terms, taken }) : protocol,
    };
  };
  return { name, protocol, options, delivery };
}

/** The body's own headers, without those that are given, in any case. */
function besides(type: Written["type"], given: DeliveryOptions["headers"] = {}): Written["type"] {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(type).filter(([name]) => !names.has(name.toLowerCase())));
}

type Own = Omit<SenderOptions, keyof SendingTerms>;

const own = {
  name: text,
  example: optional(aFunction),
  handshakes: optional(listOf(objectWith<DeliveryOptions>("an object, such as { event: … }"))),
  repeats: optional(flag),
  forged: optional(aFunction),
  tolerance: optional(duration),
  answer: anything,
};

const known = {
  event: text,
  id: anything,
  method: optional(oneOf("POST", "GET", "HEAD", "OPTIONS", "PUT")),
  mount: anything,
  path: optional(text),
  headers: optional(fields),
  json: anything,
  form: optional(fields),
  body: anything,
  gzip: optional(flag),
  taken: optional(aFunction),
};

interface Written {
  readonly type: Readonly<Record<string, string>>;
  readonly content: Body;
}

function bodyOf(name: string, made: DeliveryOptions): Written {
  const given = (["json", "form", "body"] as const).filter((one) => made[one] !== undefined);
  if (given.length > 1)
    throw new OptionError(
      `${name}.delivery`,
      "invalid",
      `it has ${given.join(" and ")}; a body is one of them`,
    );
  const { type, content } = written(made);
  if (!made.gzip) return { type, content };
  return { type: { ...type, "Content-Encoding": "gzip" }, content: gzipSync(Buffer.from(content)) };
}

function written({ json, form, body = "" }: DeliveryOptions): Written {
  if (json !== undefined)
    return { type: { "Content-Type": "application/json" }, content: JSON.stringify(json) };
  if (!form) return { type: {}, content: body };
  const fields = Object.entries(form).filter((field): field is [string, string] => field[1] !== undefined);
  return {
    type: { "Content-Type": "application/x-www-form-urlencoded" },
    content: new URLSearchParams(fields).toString(),
  };
}
