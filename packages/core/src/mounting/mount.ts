/** What every adapter is mounted with, checked: a receiver, and a path. */

import type { DeliveryReceiver } from "../contract/delivery.ts";
import { objectWith, withDefault, wrongKind, type Kind } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { readOptions } from "../contract/read-options.ts";

/** What every adapter takes beside the receiver. */
export interface MountOptions {
  /** The prefix it answers under: `"/hooks/x"` has `/hooks/x` and `/hooks/x/…`. Default: everything. */
  readonly path?: string | undefined;
}

/**
 * Checks what an adapter was given, and returns its `path` option as the prefix that {@link pathUnder} takes.
 *
 * @param adapter The adapter's function, for the error: `"createExpressMiddleware"`.
 * @throws OptionError `missing` or `invalid` for what is no receiver; `invalid` for options that are no object, and for a
 *   path without its leading slash; `unknown` for an option that there is not.
 */
export function toPrefix(adapter: string, receiver: DeliveryReceiver, options: MountOptions): string {
  aReceiver(`${adapter}: receiver`, receiver);
  return readOptions(adapter, options, { path: aPrefix }).path;
}

/** A receiver, as `createReceiver` makes one. */
export const aReceiver: Kind<DeliveryReceiver> = objectWith<DeliveryReceiver>(
  "what createReceiver returns",
  "receive",
);

/** A path without slashes at its end; `""` has everything. */
export const aPrefix: Kind<string> = withDefault((option, value) => {
  if (typeof value !== "string") throw wrongKind(option, value, 'a text, such as "/hooks"');
  if (value === "" || value.startsWith("/")) return value.replace(/\/+$/, "");
  throw new OptionError(
    option,
    "invalid",
    `${JSON.stringify(value)} has to start with a slash; write "/${value}"`,
  );
}, "");
