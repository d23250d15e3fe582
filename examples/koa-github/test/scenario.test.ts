/** What GitHub concludes of a deployment that waits; the hour that its check takes is over at once. */
import { callbackUrls, play, senders } from "@answerback/simulator";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const github = senders.github({ secret: "a-secret" });

it.each([
  [[], { state: "approved", comment: "All is well." }],
  [["It has no tests."], { state: "rejected", comment: "It has no tests." }],
])("acknowledges a deployment, reports, and decides after half an hour: %j", async (faults, decision) => {
  const { journal, reviews } = await deploy(async () => faults);
  expect(journal).toEqual(["acknowledged", "callback accepted", "callback accepted"]);
  expect(reviews).toEqual([
    { environment_name: "production", comment: "The commit is being checked." },
    { environment_name: "production", ...decision },
  ]);
});

it("decides at last, though GitHub is away for a while", async () => {
  const faults = ({ post }: { post: number }) =>
    post === 2 ? ({ kind: "status", status: 503 } as const) : undefined;
  const { journal } = await deploy(async () => [], { faults });
  expect(journal.slice(-2)).toEqual(["callback lost: answered 503", "callback accepted"]);
});

/** Plays a deployment whose check takes half an hour. */
async function deploy(
  check: () => Promise<readonly string[]>,
  options: Parameters<typeof callbackUrls>[0] = {},
) {
  const callbacks = callbackUrls(options);
  const { clock, transport } = callbacks;
  const receiver = makeReceiver({
    clock,
    transport,
    secret: "a-secret",
    tokenOf: async (installation) => `ghs_${installation}`,
    check: async () => {
      await new Promise<void>((passed) => void clock.after(1_800_000, passed));
      return check();
    },
  });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  const waits = github.deploymentProtectionRule({ mount: "/hooks" });
  const journal = await play(app, waits, { callbacks, callbackWithinMs: 3_600_000 });
  return {
    journal: journal.map(({ concluded }) => concluded.says),
    reviews: callbacks.uses.map(({ body }): unknown => JSON.parse(String(body))),
  };
}
