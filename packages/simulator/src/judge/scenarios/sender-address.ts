/** The scenarios of an address that comes with a delivery: answered once, after the acknowledgement, within its terms. */
import type { CallbackUse } from "../../callbacks/post.ts";
import type { Run, Stage } from "../scenario.ts";
import { demandAcknowledged, demandNoRefusal, demandPosts, demandRuns } from "./demands.ts";
import type { SenderTraits } from "./sender-traits.ts";
import type { Draft } from "./traits.ts";

/** The scenarios about what the handler of a delivery answers. */
export function addressScenarios(traits: SenderTraits): readonly Draft[] {
  const { uses, expiresMs } = traits.sender.protocol.callback!;
  const drafts = [
    inTime(traits),
    late(traits),
    away(traits),
    refused(traits),
    ...(Number.isFinite(uses) ? [withinUses(traits, uses)] : []),
    ...(Number.isFinite(expiresMs) ? [withinTime(traits, expiresMs)] : []),
  ];
  return drafts.map((draft) => ({ ...draft, needs: ["callbacks"] }));
}

function inTime(traits: SenderTraits): Draft {
  return {
    name: "gives the answer that is there in time once, inline or by post",
    clause: "any.7",
    handle: () => answerOf(traits),
    async play(stage) {
      const [attempt] = await stage.play(traits.make(stage));
      await stage.wait(aWhile);
      demandAcknowledged(stage, attempt);
      demandOneAnswer(stage);
      demandNoneEarly(stage);
      demandNoRefusal(stage);
    },
  };
}

function late(traits: SenderTraits): Draft {
  return {
    name: "posts the late answer once, and not before the acknowledgement",
    clause: "any.38",
    handle: (run) => answerLate(traits, run),
    async play(stage) {
      const delivery = traits.make(stage);
      const [attempt] = await stage.play(delivery);
      await stage.wait(aWhile);
      demandAcknowledged(stage, attempt);
      demandNoneEarly(stage);
      demandOneAnswer(stage, "posted");
      demandNoRefusal(stage);
      await demandRuns(stage, delivery, 1);
    },
  };
}

function away(traits: SenderTraits): Draft {
  return {
    name: "posts again when its address is away",
    clause: "any.39",
    handle: (run) => answerLate(traits, run),
    // never arrived, for certain: a post that may have arrived would be shown twice
    callbackFaults: ({ post }) => (post <= 2 ? { kind: "drop request" } : undefined),
    async play(stage) {
      await stage.play(traits.make(stage));
      await stage.wait(aWhile);
      demandOneAnswer(stage, "posted");
    },
  };
}

function refused(traits: SenderTraits): Draft {
  return {
    name: "stops posting when its answer was refused",
    clause: "any.39",
    handle: (run) => answerLate(traits, run),
    callbackFaults: () => ({ kind: "status", status: 400 }),
    async play(stage) {
      await stage.play(traits.make(stage));
      await stage.wait(aWhile);
      demandPosts(stage, 1);
    },
  };
}

function withinUses(traits: SenderTraits, uses: number): Draft {
  return {
    name: "stays within the uses of its address when nothing is heard from there",
    clause: "any.39",
    handle: (run) => answerLate(traits, run),
    callbackFaults: ({ post }) => (post <= uses ? { kind: "drop response" } : undefined),
    async play(stage) {
      await stage.play(traits.make(stage));
      await stage.wait(aWhile);
      const posts = posted(stage).length;
      // of one use, a second post finds out whether the first arrived
      const most = Math.max(uses, 2);
      stage.demand(
        posts <= most,
        `posted ${posts} times to an address of ${uses === 1 ? "one use" : `${uses} uses`}`,
      );
    },
  };
}

function withinTime(traits: SenderTraits, expiresMs: number): Draft {
  return {
    name: "stops posting when its address has expired",
    clause: "any.37",
    handle: (run) => answerLate(traits, run),
    callbackFaults: () => unavailable,
    async play(stage) {
      const began = stage.clock.now();
      await stage.play(traits.make(stage));
      await stage.wait(2 * expiresMs);
      const after = posted(stage).filter(({ at }) => at - began > expiresMs).length;
      stage.demand(after === 0, `posted ${after} times to an address that had expired`);
    },
  };
}

/** Long enough for whatever would still be posted: ms. */
const aWhile = 7_200_000;

const unavailable = { kind: "status", status: 503 } as const;

const answerOf = ({ sender }: SenderTraits): unknown => sender.options.answer ?? { text: "Done" };

/** Answers when the provider has long stopped waiting. */
async function answerLate(traits: SenderTraits, { sleep }: Run): Promise<unknown> {
  await sleep(traits.sender.protocol.patienceMs * 3);
  return answerOf(traits);
}

const posted = ({ uses }: Stage): readonly CallbackUse[] => uses.filter(({ how }) => how === "posted");

/** The provider must have taken one answer, and it must have come this way. */
function demandOneAnswer(stage: Stage, how?: "posted"): void {
  const accepted = stage.uses.filter(
    (use) => use.concluded.kind === "callback accepted" && (!how || use.how === how),
  );
  const says = accepted.length === 0 ? "let its answer get lost" : `gave its answer ${accepted.length} times`;
  stage.demand(accepted.length === 1, says);
}

function demandNoneEarly(stage: Stage): void {
  const early = stage.uses.some((use) => use.early);
  stage.demand(!early, "posted before it had acknowledged the delivery");
}
