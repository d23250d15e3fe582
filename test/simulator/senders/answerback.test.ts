/** Answerback before the judge of senders: Standard Webhooks, and a page of data for Slack's commands. */
import { createReceiver, type Receiver } from "@answerback/core";
import { defineProvider, hmacSignature, jsonReply } from "@answerback/core/provider";
import { standardWebhooks } from "@answerback/providers/standard-webhooks";
import { judgeBy, printReport, scenariosFor, senders, type Bench, type Sender } from "@answerback/simulator";
import { describe, test } from "vitest";
import { z } from "zod";
import { frameworks, type Framework } from "../../support/frameworks.ts";

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Slack's commands, as far as a judge of the kit looks. */
const commands = () =>
  defineProvider({
    name: "commands",
    accepts: ["form"],
    authenticator: hmacSignature({
      secret: signingSecret,
      header: "x-slack-signature",
      prefix: "v0=",
      signed: "v0:{timestamp}:{body}",
      timestamp: { header: "x-slack-request-timestamp" },
    }),
    events: { command: { answer: z.looseObject({ text: z.string() }).optional() } },
    decode({ body }) {
      const data: any = body;
      return { type: "command", data, key: [data.trigger_id], callbackUrl: data.response_url };
    },
    encode(answer: unknown, { callbackUrl }) {
      const reply = jsonReply(answer ?? {});
      if (answer === undefined || callbackUrl === undefined) return { reply };
      const headers = { "content-type": "application/json" };
      return {
        reply,
        post: { url: callbackUrl, body: JSON.stringify(answer), headers },
        repeat: jsonReply({}),
      };
    },
    patience: "3s",
    retries: false,
    callback: { uses: 5, inlineSpends: false, expires: "30m", maxBytes: 100_000, hosts: ["hooks.slack.com"] },
  });

const table: readonly [string, Sender, () => any, (event: any) => string][] = [
  [
    "Standard Webhooks",
    senders.standardWebhooks({ secret }).senders[0]!,
    () => standardWebhooks({ secret }),
    ({ webhookId }) => webhookId,
  ],
  ["Slack's commands", senders.slack({ signingSecret }).senders[0]!, commands, ({ data }) => data.trigger_id],
];

describe.concurrent.each(frameworks.filter(({ name }) => !/ [24]$/.test(name)))("$name", (framework) => {
  test.for(table)(
    "any.30 any.31 any.38 any.39 the judge of %s finds nothing wrong",
    { timeout: 60_000 },
    async ([, sender, make, idOf], { expect }) => {
      const report = await judgeBy(scenariosFor(sender), subject(framework, make, idOf), { mount: "/hooks" });
      expect(report.findings, printReport(report)).toEqual([]);
      expect(report.skipped).toEqual([]);
    },
  );
});

/** A receiver of ours with the in-memory backend, around the judge's handler and on the judge's clock. */
function subject({ mount }: Framework, make: () => any, idOf: (event: any) => string) {
  let receiver: Receiver;
  return {
    build({ handle, clock, transport }: Bench) {
      receiver = createReceiver(make(), {
        clock,
        transport,
        handle: (event: any) => handle(idOf(event)),
        warn: () => {},
        onError: () => {},
      });
      return mount(receiver, { at: "/hooks" });
    },
    close: () => receiver.close({ within: 0 }),
  };
}
