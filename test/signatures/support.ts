/** Signed deliveries, as an authenticator opens them. */
import type { Authenticator } from "@answerback/core/provider";
import { openDelivery } from "../unit/deliveries.ts";
import type { Headers } from "./kits.ts";

/** When the deliveries of these suites arrive. */
export const now: number = Date.UTC(2026, 0, 1) + 999;

/** The bodies that a signature has to hold for, byte by byte. */
export const bodies: Readonly<Record<string, Buffer>> = {
  JSON: Buffer.from('{"id":"evt_1","note":"nyckel åäö \u{1F600}"}'),
  empty: Buffer.alloc(0),
  binary: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  "with a BOM": Buffer.from("\ufeff{}"),
  "of 1 MiB": Buffer.alloc(1 << 20, '{"many":"bytes"}'),
};

/** Headers as they arrive: a list of values sends one several times. */
export type Arriving = Readonly<Record<string, string | readonly string[]>>;

/** Is the delivery let in? */
export async function letsIn(
  authenticator: Authenticator,
  headers: Arriving,
  body: Uint8Array,
  parts: Partial<Parameters<Authenticator["verify"]>[0]> = {},
): Promise<boolean> {
  const lists = Object.entries(headers).map(([name, value]) => [name, [value].flat()]);
  const verdict = await authenticator.verify(
    openDelivery({
      headers: Object.fromEntries(lists),
      receivedAt: now,
      bytes: () => Promise.resolve(body),
      ...parts,
    }),
  );
  if (typeof verdict !== "boolean") throw new TypeError("a signature says yes or no");
  return verdict;
}

/** Is the delivery refused without a look at its body? */
export function refusesUnread(authenticator: Authenticator, headers: Arriving): Promise<boolean> {
  const bytes = () => Promise.reject(new Error("the body was opened"));
  return letsIn(authenticator, headers, Buffer.alloc(0), { bytes }).then((isIn) => !isIn);
}

/** The headers with one of them changed. */
export function withHeader(headers: Headers, name: string, change: (value: string) => string): Headers {
  return { ...headers, [name]: change(headers[name]!) };
}
