/** Discord in the simulator: a command that takes ten minutes, and the judge of its interactions and webhook events. */
import { createReceiver } from "@answerback/core";
import { discord, discordWebhookEvents } from "@answerback/providers/discord";
import { callbackUrls, judgeBy, play, printJournal, printReport, scenariosFor } from "@answerback/simulator";
import { describe, it, onTestFinished } from "vitest";
import { two } from "../../life-cycle/support.ts";
import { subject } from "../support.ts";
import { publicKey, sender } from "./support.ts";

const [interactions, webhookEvents] = sender.senders;

describe.concurrent.each(two)("$name", (framework) => {
  it.for([
    [
      "interactions",
      interactions!,
      () => discord({ publicKey }),
      { idOf: ({ id }: any) => id, otherwise: { content: "Done" } },
    ],
    [
      "webhook events",
      webhookEvents!,
      () => discordWebhookEvents({ publicKey }),
      { idOf: ({ timestamp, data }: any) => `${timestamp} ${data.user.id}` },
    ],
  ] as const)(
    "discord.1 discord.9 discord.10 the judge of %s finds nothing wrong",
    { timeout: 60_000 },
    async ([, judged, make, how], { expect }) => {
      const report = await judgeBy(scenariosFor(judged), subject(framework, make, how), { mount: "/hooks" });
      expect(report.findings, printReport(report)).toEqual([]);
      expect(report.skipped).toEqual([]);
    },
  );

  it("discord.4 discord.8 a command that takes ten minutes is deferred, tells how far it is, and is answered", async ({
    expect,
  }) => {
    const callbacks = callbackUrls();
    const { clock, transport } = callbacks;
    const receiver = createReceiver(discord({ publicKey }), {
      clock,
      transport,
      warn: () => {},
      async handle(_, { post }) {
        for (const content of ["a third", "two thirds"]) {
          await new Promise<void>((done) => void clock.after(200_000, done));
          await post({ content });
        }
        await new Promise<void>((done) => void clock.after(200_000, done));
        return { content: "Done" };
      },
    });
    onTestFinished(() => receiver.close({ within: 0 }));
    const app = framework.mount(receiver, { at: "/discord" });
    const journal = await play(app, sender.command({ mount: "/discord" }), { callbacks });
    expect(
      journal.map(({ concluded }) => concluded.says),
      printJournal(journal),
    ).toEqual(["acknowledged", "callback accepted", "callback accepted", "callback accepted"]);
    expect(callbacks.uses.map(({ method, body }) => `${method} ${JSON.parse(String(body)).content}`)).toEqual(
      ["PATCH a third", "PATCH two thirds", "PATCH Done"],
    );
  });
});
