/** Interactions as Discord sends them, and receivers for them. */
import { discord, type DiscordOptions } from "@answerback/providers/discord";
import { senders, signed } from "@answerback/simulator";
import type { Framework } from "../../support/frameworks.ts";
import { openHouse, type House, type HouseOptions } from "../../support/house.ts";
import type { Sample } from "../../support/deliveries.ts";

export const sender = senders.discord();
export const other = senders.discord();
export const { publicKey } = sender;

/** A delivery as it is sent at that time. */
export function sent(build: (options: object) => any, fields: object = {}, at: number = Date.now()): Sample {
  return signed(build({ mount: "/upsales", fields }), { at });
}

export const command = (fields?: object, at?: number) => sent(sender.command, fields, at);
export const component = (fields?: object) => sent(sender.component, fields);
export const typing = (at?: number) =>
  command({ type: 4, data: { id: "1", name: "crunch", type: 1, options: [] } }, at);
export const submitted = (fields: object = {}) =>
  command({ type: 5, data: { custom_id: "order", components: [] }, ...fields });

/** What a modal has beside its fields where a component has shown it. */
export const shown = { message: { id: "9", content: "Approve?" } };

/** A modal as an answer. */
export const modal = { type: 9, data: { custom_id: "order", title: "Order", components: [] } };

/** The webhook of an interaction: what its token opens. */
export function webhookOf({ body }: Sample): string {
  const { application_id, token } = JSON.parse(body);
  return `https://discord.com/api/v10/webhooks/${application_id}/${token}`;
}

/** A receiver of interactions. */
export function open(
  framework: Framework,
  { options, ...given }: HouseOptions = {},
  more: Partial<DiscordOptions> = {},
): Promise<House> {
  const provider = discord({ publicKey, ...more });
  const own = { authenticate: undefined, requireHttps: false, ...options };
  return openHouse(framework, "upsales", { provider, ...given, options: own });
}
