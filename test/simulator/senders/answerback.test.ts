/** Answerback before the judge of senders: Standard Webhooks, and Slack. */
import { createReceiver, type Receiver } from "@answerback/core";
import { slack } from "@answerback/providers/slack";
import { standardWebhooks } from "@answerback/providers/standard-webhooks";
import { judgeBy, printReport, scenariosFor, senders, type Bench, type Sender } from "@answerback/simulator";
import { describe, test } from "vitest";
import { frameworks, type Framework } from "../../support/frameworks.ts";

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const slacks = senders.slack({ signingSecret }).senders;

const table: readonly [string, Sender, () => any, (event: any) => string][] = [
  [
    "Standard Webhooks",
    senders.standardWebhooks({ secret }).senders[0]!,
    () => standardWebhooks({ secret }),
    ({ webhookId }) => webhookId,
  ],
  ["Slack's commands", slacks[0]!, () => slack({ signingSecret }), ({ data }) => data.trigger_id],
  ["Slack's interactions", slacks[1]!, () => slack({ signingSecret }), ({ data }) => data.trigger_id],
  ["Slack's events", slacks[2]!, () => slack({ signingSecret }), (event) => event.event_id],
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
