/** The scenarios of a callback server that fails: away, silent, refusing, redirecting. */
import type { CallbackFault } from "../faults.ts";
import type { Make } from "./callback-demands.ts";
import { aWhile, demandAccepted, demandPosts, late, postsOf } from "./callback-demands.ts";
import type { Common } from "./common.ts";
import type { Stage } from "./stage.ts";

/** The scenarios of a callback server that fails. */
export function retriedCallbackScenarios(make: Make): readonly Common[] {
  const playLate = async (stage: Stage) => {
    await stage.play(make(stage), { callbackWithinMs: aWhile });
  };
  return [
    {
      name: "posts again when the callback server is away",
      clause: "upsales.9",
      handle: late,
      callbackFaults: ({ post }) => [{ kind: "drop request" } as const, status(503), status(429)][post - 1],
      async play(stage) {
        await playLate(stage);
        demandAccepted(stage, "posted");
        demandPosts(stage, 4);
      },
    },
    {
      name: "stops posting when the callback was rejected",
      clause: "upsales.9",
      handle: late,
      callbackFaults: () => status(400),
      async play(stage) {
        await playLate(stage);
        demandPosts(stage, 1);
      },
    },
    {
      name: "stops posting when the callback had arrived after all",
      clause: "upsales.9",
      handle: late,
      callbackFaults: ({ post }) => (post === 1 ? { kind: "drop response" } : undefined),
      async play(stage) {
        await playLate(stage);
        await stage.wait(aWhile);
        demandAccepted(stage, "posted");
        const refused = stage.uses.filter(({ concluded }) => concluded.kind === "callback refused").length;
        stage.demand(refused <= 1, `went on posting to a used callbackUrl: ${refused} times refused`);
      },
    },
    {
      name: "does not wait for ever for a callback server that is silent",
      clause: "upsales.9",
      handle: late,
      callbackFaults: ({ post }) => (post === 1 ? { kind: "never" } : undefined),
      async play(stage) {
        await playLate(stage);
        await stage.wait(aWhile);
        const posts = postsOf(stage);
        stage.demand(posts.length === 2, "did not ask again whether its callback had arrived");
      },
    },
    {
      name: "does not follow a callback server that redirects",
      clause: "upsales.17",
      handle: late,
      callbackFaults: () => status(307, { location: "http://169.254.169.254/latest/meta-data/" }),
      async play(stage) {
        await playLate(stage);
        const gone = stage.uses.find(({ concluded }) => concluded.says.includes("followed"));
        stage.demand(!gone, "followed a redirect out of upsales.com with its callback");
      },
    },
  ];
}

function status(code: number, headers: Readonly<Record<string, string>> = {}): CallbackFault {
  return { kind: "status", status: code, headers };
}
