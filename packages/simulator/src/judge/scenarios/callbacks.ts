/** The scenarios of Upsales' callbacks: inline or posted, once, small enough; posted again where the server fails. */
import { callbackBytes } from "../../protocols/upsales-callback.ts";
import type { CallbackFault } from "../../callbacks/post.ts";
import { faultsInTurn } from "../../play/faults.ts";
import type { Run, Stage } from "../scenario.ts";
import { demandAccepted, demandNoRefusal, demandPosts, demandRuns } from "./demands.ts";
import type { Draft, Traits } from "./traits.ts";

/** The scenarios about what the handler of a delivery answers as `callback`. */
export function callbackScenarios(traits: Traits): readonly Draft[] {
  const drafts = [...inline(traits), ...posted(traits), ...postedAgain(traits)];
  return drafts.map((draft) => ({ ...draft, needs: ["callbacks"] }));
}

function inline({ make }: Traits): readonly Draft[] {
  return [
    {
      name: "answers inline when the handler is done in time",
      clause: "upsales.5",
      handle: answerAtOnce,
      async play(stage) {
        const [attempt] = await stage.play(make(stage));
        // whoever cannot follow a reply to its end posts the callback, and says the rest inline (any.52)
        demandAccepted(stage);
        const kept =
          attempt?.seen.kind === "answered" && attempt.seen.body.includes('"maybeSomeOtherStuff":true');
        stage.demand(kept, "dropped the properties beside the callback");
      },
    },
    {
      name: "posts nothing after an inline callback",
      clause: "upsales.8",
      handle: answerAtOnce,
      async play(stage) {
        await stage.play(make(stage));
        await stage.wait(aWhile);
        demandNoRefusal(stage);
      },
    },
    {
      name: "gives its one callback once, however often the request comes",
      clause: "any.7",
      handle: answerAtOnce,
      async play(stage) {
        const delivery = make(stage);
        await stage.play([delivery, delivery], { faults: faultsInTurn("twice") });
        await stage.wait(aWhile);
        demandAccepted(stage);
        demandNoRefusal(stage);
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "does not send a callback that is too large, inline or by post",
      clause: "upsales.10",
      handle: () => ({ callback: { notify: "å".repeat(callbackBytes / 2) } }),
      async play(stage) {
        const [attempt] = await stage.play(make(stage));
        stage.demand(stage.uses.length === 0, "sent a callback of more than 102,400 bytes");
        stage.demand(
          attempt?.concluded.kind !== "acknowledged",
          "hid from Upsales that its callback was too large",
        );
      },
    },
    {
      name: "sends a callback that is just small enough",
      clause: "upsales.10",
      handle: () => ({ callback: { notify: "x".repeat(callbackBytes - 1 - '{"notify":""}'.length) } }),
      async play(stage) {
        await stage.play(make(stage));
        demandAccepted(stage);
      },
    },
    {
      name: "does not send a callback with a field of the wrong type",
      clause: "upsales.11",
      handle: () => ({ callback: { notify: 5 } }),
      async play(stage) {
        await stage.play(make(stage));
        demandNoRefusal(stage);
      },
    },
  ];
}

function posted({ make }: Traits): readonly Draft[] {
  return [
    {
      name: "posts the late callback, alone and once",
      clause: "upsales.7",
      handle: answerLate,
      async play(stage) {
        const delivery = make(stage);
        const [attempt] = await stage.play(delivery);
        await stage.wait(aWhile);
        stage.demand(
          attempt?.concluded.kind === "acknowledged",
          "kept Upsales waiting for more than 30 s",
          "upsales.6",
        );
        demandAccepted(stage, "posted");
        demandNoRefusal(stage);
        demandPosts(stage, 1);
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "posts one late callback for a request that came twice",
      clause: "upsales.8",
      handle: answerLate,
      async play(stage) {
        const delivery = make(stage);
        await stage.play([delivery, delivery], { faults: faultsInTurn("twice") });
        await stage.wait(aWhile);
        demandAccepted(stage, "posted");
        demandPosts(stage, 1);
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "does not post a callback that is too large",
      clause: "upsales.10",
      handle: async ({ sleep }) => {
        await sleep(90_000);
        return { callback: { message: "x".repeat(callbackBytes) } };
      },
      async play(stage) {
        await stage.play(make(stage));
        await stage.wait(aWhile);
        demandPosts(stage, 0);
      },
    },
  ];
}

/** A callback server that fails: away, silent, refusing, redirecting. */
function postedAgain({ make }: Traits): readonly Draft[] {
  const playLate = async (stage: Stage) => {
    await stage.play(make(stage), { callbackWithinMs: aWhile });
  };
  return [
    {
      name: "posts again when the callback server is away",
      clause: "upsales.9",
      handle: answerLate,
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
      handle: answerLate,
      callbackFaults: () => status(400),
      async play(stage) {
        await playLate(stage);
        demandPosts(stage, 1);
      },
    },
    {
      name: "stops posting when the callback had arrived after all",
      clause: "upsales.9",
      handle: answerLate,
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
      handle: answerLate,
      callbackFaults: ({ post }) => (post === 1 ? { kind: "never" } : undefined),
      async play(stage) {
        await playLate(stage);
        await stage.wait(aWhile);
        const posts = stage.uses.filter(({ how }) => how === "posted");
        stage.demand(posts.length === 2, "did not ask again whether its callback had arrived");
      },
    },
    {
      name: "does not follow a callback server that redirects",
      clause: "upsales.17",
      handle: answerLate,
      callbackFaults: () => status(307, { location: "http://169.254.169.254/latest/meta-data/" }),
      async play(stage) {
        await playLate(stage);
        const gone = stage.uses.find(({ concluded }) => concluded.says.includes("followed"));
        stage.demand(!gone, "followed a redirect out of upsales.com with its callback");
      },
    },
  ];
}

/** Long enough for whatever would still be posted: ms. */
export const aWhile = 7_200_000;

/** Answers in time, with the page's own example. */
const answerAtOnce = () => ({ callback: { notify: "Hello!" }, maybeSomeOtherStuff: true });

/** Answers long after Upsales has stopped waiting. */
export async function answerLate(run: Run): Promise<unknown> {
  await run.sleep(90_000);
  return answerAtOnce();
}

function status(code: number, headers: Readonly<Record<string, string>> = {}): CallbackFault {
  return { kind: "status", status: code, headers };
}
