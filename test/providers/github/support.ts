/** Deliveries of GitHub's, and receivers for them. */
import { github, type GithubOptions } from "@answerback/providers/github";
import { senders, signed } from "@answerback/simulator";
import type { Framework } from "../../support/frameworks.ts";
import { openHouse, type House, type HouseOptions } from "../../support/house.ts";
import type { Sample } from "../../support/deliveries.ts";

export const secret = "It's a Secret to Everybody";
export const sender = senders.github({ secret });

/** A delivery as GitHub sends it. */
export function sent(name: string, fields: object = {}, from: { readonly event: any } = sender): Sample {
  return signed(from.event(name, { mount: "/upsales", fields }), { at: Date.now() }) as Sample;
}

/** A deployment that waits for a decision. */
export const waits = (fields: object = {}): Sample =>
  signed(sender.deploymentProtectionRule({ mount: "/upsales", fields: fields as any }), { at: Date.now() });

/** A receiver of GitHub's events. */
export function open(
  framework: Framework,
  { options, ...given }: HouseOptions = {},
  more: Partial<GithubOptions> = {},
): Promise<House> {
  const provider = github({ secret, ...more });
  return openHouse(framework, "upsales", {
    provider,
    ...given,
    options: { authenticate: undefined, ...options },
  });
}
