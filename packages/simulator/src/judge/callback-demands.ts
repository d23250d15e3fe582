/** What scenarios demand of callbacks, and the two answers that their handlers give. */
import type { CallbackUse } from "../callback-urls.ts";
import type { RawDelivery } from "../deliveries/delivery.ts";
import type { Run } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** The delivery of a scenario. */
export type Make = (stage: Stage) => RawDelivery;

/** The answer of the page's example. */
export interface Answer {
  readonly callback: { readonly notify: string };
  readonly maybeSomeOtherStuff: boolean;
}

/** Long enough for whatever would still be posted: ms. */
export const aWhile = 7_200_000;

/** An answer in time. */
export const atOnce = (): Answer => ({ callback: { notify: "Hello!" }, maybeSomeOtherStuff: true });

/** An answer long after Upsales has stopped waiting. */
export async function late(run: Run): Promise<Answer> {
  await run.sleep(90_000);
  return atOnce();
}

/** What was sent to a callbackUrl by post. */
export const postsOf = (stage: Stage): readonly CallbackUse[] =>
  stage.uses.filter(({ how }) => how === "posted");

/** Exactly one callback must have been accepted, and have gone this way. */
export function demandAccepted(stage: Stage, how?: "inline" | "posted"): void {
  const accepted = stage.uses.filter(({ concluded }) => concluded.kind === "callback accepted");
  stage.demand(accepted.length === 1, "let its callback get lost");
  const other = accepted.find((use) => how && use.how !== how);
  stage.demand(!other, `sent its callback ${other?.how} instead of ${how}`);
}

/** Nothing may have been refused by Upsales. */
export function demandNoRefusal(stage: Stage): void {
  for (const { concluded, how } of stage.uses)
    stage.demand(
      concluded.kind !== "callback refused",
      `sent a callback ${how} that was refused: "${concluded.says}"`,
    );
}

/** So many requests must have gone to the callbackUrl. */
export function demandPosts(stage: Stage, times: number): void {
  const posts = postsOf(stage);
  stage.demand(posts.length === times, `posted to its callbackUrl ${posts.length} times instead of ${times}`);
}
