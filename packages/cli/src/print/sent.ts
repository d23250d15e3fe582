/** What was sent, what came back, and what the provider made of it, in lines for people. */
import type { CallbackUse, Conclusion, RawDelivery, Seen } from "@answerback/simulator";
import { styled, type Style, type World } from "../world.ts";
import { hostAlone, shownBelow } from "./secrets.ts";
import { inWords } from "./times.ts";
import { visible } from "./visible.ts";

/** A delivery with what came of each of its copies. */
export function shownSent(
  world: World,
  { provider, event, id, method }: RawDelivery,
  sent: readonly { readonly seen: Seen; readonly concluded: Conclusion }[],
): string {
  const head = styled(
    world,
    "bold",
    `${provider} ${visible(event, 80)}${id ? ` ${visible(id, 40)}` : ""} ${method}`,
  );
  return [
    head,
    ...sent.flatMap(({ seen, concluded }) => [shownSeen(seen), shownConclusion(world, concluded)]),
  ].join("\n");
}

/** A callback that came, inline or by post. */
export function shownCallback(world: World, { how, url, body, concluded, early }: CallbackUse): string {
  const where = how === "inline" ? "in the answer" : `posted to ${hostAlone(url)}`;
  const head = `callback ${where}${early ? ", before the acknowledgement" : ""}`;
  return [styled(world, "bold", head), shownBelow(body), shownConclusion(world, concluded)].join("\n");
}

/** What the provider concluded, in the colour of it. */
export function shownConclusion(world: World, { kind, says }: Conclusion): string {
  const style: Style =
    kind === "acknowledged" || kind === "callback accepted"
      ? "green"
      : kind === "will retry"
        ? "yellow"
        : "red";
  return `  → ${styled(world, style, visible(says, 300))}`;
}

function shownSeen(seen: Seen): string {
  if (seen.kind !== "answered") return `  ${seen.kind} after ${inWords(seen.tookMs)}`;
  const head = `  answered ${seen.status} after ${inWords(seen.tookMs)}`;
  return seen.body === "" ? head : `${head}\n${shownBelow(seen.body)}`;
}
