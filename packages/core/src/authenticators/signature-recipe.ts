/** How a provider writes a signature, as its page says it: where it stands, of what it is made, and when. */
import type { Duration } from "../contract/duration.ts";
import { duration, matching, oneOf, optional, text, withDefault, type Kind } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { partsOf } from "../contract/read-options.ts";
import type { Encoding } from "./encodings.ts";
import { aMessage, type SignedBy, type SignedMessage } from "./signed-message.ts";

/** How a provider writes a signature: each option is a line of its page. */
export interface SignatureRecipe {
  /** The header that has the signature, in any case: `"X-Hub-Signature-256"`. */
  readonly header: string;
  /** What stands in front of the signature: `"sha256="`. Default: nothing. */
  readonly prefix?: string | undefined;
  /**
   * What stands between several signatures, or between them and the timestamp: `","`. What does not begin with a prefix
   * is passed over; of more than 16 signatures none counts. Default: the header is one signature.
   */
  readonly separator?: string | undefined;
  /** `"hex"` in lower case, or `"base64"` with its padding. Default `"hex"`. */
  readonly encoding?: Encoding | undefined;
  /**
   * What is signed: a text with `{body}`, `{timestamp}`, `{method}`, `{url}` (the option `publicUrl` of `createReceiver`)
   * and `{header:name}` in it, each as it was sent; or a function, for what no text can say. Default `"{body}"`.
   */
  readonly signed?: string | SignedBy | undefined;
  /** When it was signed. Default: the provider does not say. */
  readonly timestamp?: SignatureTimestamp | undefined;
}

/** Where a signature's timestamp stands, and how far it may be off. */
export interface SignatureTimestamp {
  /** The header that has it, in any case. Default: the signature's own. */
  readonly header?: string | undefined;
  /** What stands in front of it: `"t="`. Default: nothing, in a header of its own alone. */
  readonly prefix?: string | undefined;
  /** How far it may be before or after the delivery's `receivedAt`. Default `"5m"`. */
  readonly tolerance?: Duration | undefined;
  /** What it counts since the epoch. Default `"s"`. */
  readonly unit?: "s" | "ms" | undefined;
}

/** A recipe as it was read: names of headers in lower case, times in ms. */
export interface Recipe {
  readonly header: string;
  readonly prefix: string | undefined;
  readonly separator: string | undefined;
  readonly encoding: Encoding;
  readonly signed: SignedMessage;
  readonly timestamp: Timestamp | undefined;
}

interface Timestamp {
  readonly header: string | undefined;
  readonly prefix: string | undefined;
  readonly tolerance: number;
  readonly unit: "s" | "ms";
}

type KindsOf<Values> = { readonly [Name in keyof Values]: Kind<Values[Name]> };

const aHeader: Kind<string> = (option, value) =>
  matching(/^[\w!#$%&'*+\-.^`|~]+$/, "it is no name of a header; give it alone, such as X-Signature")(
    option,
    value,
  ).toLowerCase();

const aTolerance: Kind<number> = (option, value) => {
  const ms = duration(option, value);
  if (ms > 0) return ms;
  throw new OptionError(option, "out_of_range", "0 lets nobody in; leave it out for 5 minutes");
};

const timestampKinds: KindsOf<Timestamp> = {
  header: optional(aHeader),
  prefix: optional(text),
  tolerance: withDefault(aTolerance, "5m"),
  unit: withDefault(oneOf("s", "ms"), "s"),
};

/** For `readOptions`: the options that every signature has. */
export const recipeKinds: KindsOf<Recipe> = {
  header: aHeader,
  prefix: optional(text),
  separator: optional(text),
  encoding: withDefault(oneOf("hex", "base64"), "hex"),
  signed: withDefault(aMessage, "{body}"),
  timestamp: optional(partsOf(timestampKinds)),
};

/**
 * Refuses a recipe whose parts do not fit together.
 *
 * @throws OptionError `missing` for a timestamp without its place or its separator, and for one that is signed and not
 *   described; `conflict` for one that is not signed.
 */
export function mustFit(owner: string, { separator, signed, timestamp }: Recipe): void {
  const problem = (option: string, code: "missing" | "conflict", cure: string) =>
    new OptionError(`${owner}: ${option}`, code, cure);
  if (!timestamp) {
    if (signed.hasTimestamp)
      throw problem("timestamp", "missing", "{timestamp} is signed; say where it stands: { header }");
    return;
  }
  if (signed.hasTimestamp === false)
    throw problem(
      "timestamp",
      "conflict",
      "anybody could change a timestamp that is not signed; put {timestamp} into signed",
    );
  if (timestamp.header !== undefined) return;
  if (timestamp.prefix === undefined)
    throw problem("timestamp.header", "missing", 'say where it stands: { header }, or { prefix: "t=" }');
  if (separator === undefined)
    throw problem("separator", "missing", 'say what stands between timestamp and signature, such as ","');
}
