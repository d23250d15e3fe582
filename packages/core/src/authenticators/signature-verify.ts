/** How every signature is judged, whatever makes it: what the head can say comes before the body is read. */
import type { Authenticator, OpenDelivery } from "../contract/authenticator.ts";
import { bytesOf } from "./encodings.ts";
import type { Recipe } from "./signature-recipe.ts";
import { onlyOf, type Message } from "./signed-message.ts";

/** Is the message signed by one of these signatures, each of the right length? */
export type Judge = (message: Message, signatures: readonly Buffer[]) => boolean;

/**
 * The `verify` of an authenticator of signatures.
 *
 * @param size The length of a signature: bytes.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.30 any.30}
 */
export function createVerify(recipe: Recipe, size: number, isSigned: Judge): Authenticator["verify"] {
  return async (delivery) => {
    const value = onlyOf(delivery.headers[recipe.header]) ?? "";
    const parts = recipe.separator === undefined ? [value] : value.split(recipe.separator);
    const signatures = signaturesIn(parts, recipe, size);
    if (signatures.length === 0) return delivery.deny(notWritten);
    const timestamp = timestampIn(parts, delivery, recipe);
    if (timestamp === undefined) return delivery.deny(stale);
    const endWith = recipe.signed.begin(delivery, timestamp);
    if (!endWith) return delivery.deny(notWritten);
    const message = endWith(await delivery.bytes());
    return message !== undefined && isSigned(message, signatures) ? true : delivery.deny(another);
  };
}

const notWritten = "no signature is there as the provider writes it";
const stale = "the timestamp is missing, or too far from the arrival: is a clock wrong?";
const another = "it is signed with another secret, or changed on its way";

/** More than any provider sends while it rotates its secrets. */
const maxSignatures = 16;

function signaturesIn(
  parts: readonly string[],
  { prefix, encoding }: Recipe,
  size: number,
): readonly Buffer[] {
  const texts = behind(prefix, parts);
  if (texts.length > maxSignatures) return [];
  return texts.flatMap((one) => bytesOf(one, encoding) ?? []).filter(({ length }) => length === size);
}

/**
 * The timestamp as it was sent; `""` where the recipe has none; `undefined` where it is missing, there twice, no number, or
 * too far from when the delivery arrived, before or after.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.31 any.31}
 */
function timestampIn(
  parts: readonly string[],
  { headers, receivedAt }: OpenDelivery,
  { timestamp }: Recipe,
): string | undefined {
  if (!timestamp) return "";
  const { header, prefix, tolerance, unit } = timestamp;
  const places = header === undefined ? parts : [onlyOf(headers[header]) ?? ""];
  const text = onlyOf(behind(prefix, places));
  if (text === undefined || !aTimestamp.test(text)) return undefined;
  const unitMs = unit === "s" ? 1_000 : 1;
  // in whole units, as providers count
  const off = Math.abs(Math.floor(receivedAt / unitMs) - Number(text)) * unitMs;
  return off <= tolerance ? text : undefined;
}

/** At most 15 digits, which are a safe integer in either unit. */
const aTimestamp = /^[1-9]\d{0,14}$/;

function behind(prefix: string | undefined, texts: readonly string[]): readonly string[] {
  if (prefix === undefined) return texts;
  return texts.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
}
