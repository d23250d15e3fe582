/** One delivery to a receiver that has a mistake in it, and what came of it. */
import type { Backend } from "@answerback/core/backend";
import { defineProvider } from "@answerback/core/provider";
import { z } from "zod";
import { sample, type Sample } from "../support/deliveries.ts";
import type { Framework } from "../support/frameworks.ts";
import { openHouse, type House, type HouseOptions, type ProviderName } from "../support/house.ts";
import type { Met, Told } from "./mistake.ts";

/** A receiver, what is sent to it, and what is waited for after that. */
export interface Scene extends Omit<HouseOptions, "backend"> {
  readonly provides: ProviderName;
  readonly sends?: Sample;
  /** Makes the backend. Default: one in memory. */
  readonly on?: () => Backend;
  readonly after?: (house: House) => Promise<unknown>;
}

/** A row from its parts, which reads as a line of a table. */
export function told(mistake: string, scene: Scene, status: number, code: string, says: string): Told {
  return { mistake, meet: (framework) => play(framework, scene), status, code, says };
}

/** Plays a scene, to a developer who has handed in neither `onError` nor an observer. */
async function play(framework: Framework, { provides, sends, on, after, ...given }: Scene): Promise<Met> {
  const options = { ...given.options, onError: undefined };
  const house = await openHouse(framework, provides, { ...given, ...(on && { backend: on() }), options });
  const { status } = await house.deliver(sends ?? usual[provides]);
  await after?.(house);
  return { status, warnings: house.warnings };
}

/** What each provider sends where a row does not say. */
export const usual: Readonly<Record<ProviderName, Sample>> = {
  upsales: sample("upsales/order-insert"),
  uphance: sample("uphance/pick-ticket-update"),
  "app-inbox": sample("app-inbox/message"),
  postback: sample("postback/contact-create-attempt-1"),
};

/** An own provider, mounted where Upsales is. */
export function acme(parts: object = {}): any {
  return defineProvider({
    name: "acme",
    accepts: ["json"],
    events: { paid: { data: z.looseObject({ total: z.number() }), answer: z.any() } },
    decode: ({ body }) => ({ type: "paid", data: body, key: [(body as { id: string }).id] }),
    ...parts,
  });
}

/** What the own provider sends. */
export const paid: Sample = {
  path: "/upsales",
  headers: { "content-type": "application/json" },
  body: '{"id":"i-1","total":4242}',
};

/** A handler that fails. */
export function explode(): never {
  throw new RangeError("the card 4242 is not good");
}
