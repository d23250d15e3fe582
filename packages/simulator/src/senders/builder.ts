/** What the builders of all senders take, and how one becomes a delivery. */
import { optional, readOptions } from "@answerback/core/provider";
import type { BuildOptions, Fields } from "../deliveries/delivery.ts";
import { buildOptions, fields } from "../deliveries/delivery.ts";
import type { Random } from "../lib/random.ts";
import { seeded } from "../lib/random.ts";
import type { RawDelivery } from "../protocols/protocol.ts";
import type { Sender, TextOptions } from "./simulate.ts";

/** What makes a delivery of a sender's. */
export interface FieldOptions extends BuildOptions {
  /** Any field of what the body is about, in place of the random one; `undefined` leaves it out. Default: none. */
  readonly fields?: Fields;
}

/** Makes one of a sender's deliveries. */
export type SenderBuilder = (options?: FieldOptions) => RawDelivery;

/** Says what a delivery is made of, from random values and the fields that were given. */
export type Make = (random: Random, fields: Fields) => TextOptions;

/** The builder of what `make` makes. */
export function builder(sender: Sender, make: Make): SenderBuilder {
  return (options = {}) => {
    readOptions(sender.name, options, known);
    const { seed = 1, mount, headers, fields: given = {} } = options;
    const made = make(seeded(seed), given);
    return sender.delivery({ ...made, mount, headers: { ...made.headers, ...headers } });
  };
}

/** The `n`th event of what `make` makes, for the judge. */
export const exampleOf =
  (make: Make) =>
  (n: number): TextOptions =>
    make(seeded(n), {});

const known = { ...buildOptions, fields: optional(fields) };
