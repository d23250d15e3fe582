/** The scenarios of App Inbox; none may ever see a status that its table lacks. */
import { appInbox } from "../../deliveries/app-inbox.ts";
import type { AppInboxListOptions } from "../../deliveries/app-inbox.ts";
import { retriedStatuses } from "../../protocols/app-inbox.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { commonScenarios } from "./common.ts";
import { credentialScenarios } from "./credentials.ts";
import { demandAcknowledged, demandRefused, demandRuns } from "./demands.ts";
import type { Draft, Traits } from "./traits.ts";
import { scenariosOf } from "./traits.ts";

const options = (stage: Stage, n = 1): AppInboxListOptions & { readonly seed: number } => {
  const { credentials } = stage.options;
  return credentials ? { ...stage.nth(n), auth: credentials } : stage.nth(n);
};

/** Messages of their own, as a receiver may count them. */
const messagesOf = (stage: Stage, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `${options(stage).seed}-${index}`, title: "Fine" }));

const own: readonly Draft[] = [
  {
    name: "handles every message of a list",
    clause: "inbox.2",
    async play(stage) {
      const messages = messagesOf(stage, 5);
      const list = appInbox.list({ ...options(stage), messages });
      const [attempt] = await stage.play(list);
      demandAcknowledged(stage, attempt);
      for (const { id } of messages) await demandRuns(stage, { ...list, id }, 1);
    },
  },
  {
    name: "handles a message once, alone and in a list",
    clause: "inbox.5",
    async play(stage) {
      const [first, second] = messagesOf(stage, 2);
      const list = appInbox.list({ ...options(stage), messages: [first, second, first] });
      await stage.play([appInbox.message({ ...options(stage), message: first! }), list]);
      await demandRuns(stage, { ...list, id: first!.id }, 1);
      await demandRuns(stage, { ...list, id: second!.id }, 1);
    },
  },
  {
    name: "repeats of a list only what failed",
    clause: "inbox.2",
    handle({ id, ordinal }) {
      if (id.endsWith("-1") && ordinal === 1) throw new Error("the database is away");
    },
    async play(stage) {
      const messages = messagesOf(stage, 3);
      const list = appInbox.list({ ...options(stage), messages });
      const attempts = await stage.play(list);
      await stage.wait(3_600_000);
      demandAcknowledged(stage, attempts.at(-1));
      for (const { id } of messages) {
        const done = stage.successes(id);
        stage.demand(done === 1, `handled message ${id} of a list ${done} times instead of once`);
      }
    },
  },
  {
    name: "handles the good messages of a list with a bad one",
    clause: "inbox.2",
    async play(stage) {
      const [first, last] = messagesOf(stage, 2);
      const list = appInbox.list({ ...options(stage), messages: [first, { title: "No id" }, last] });
      const [attempt] = await stage.play(list);
      demandAcknowledged(stage, attempt);
      await demandRuns(stage, { ...list, id: first!.id }, 1);
      await demandRuns(stage, { ...list, id: last!.id }, 1);
    },
  },
  {
    name: "acknowledges an empty list",
    clause: "inbox.2",
    async play(stage) {
      const [attempt] = await stage.play(appInbox.list({ ...options(stage), messages: [] }));
      demandAcknowledged(stage, attempt);
    },
  },
  {
    name: "takes the thousand messages that a list may hold",
    clause: "any.3",
    async play(stage) {
      const content = "…".repeat(500);
      const messages = messagesOf(stage, 1_000).map((message) => ({ ...message, content }));
      const list = appInbox.list({ ...options(stage), messages });
      // so much work takes a while for real, and a receiver does well to let others in between
      const [attempt] = await stage.play(list, { quietMs: 2_000 });
      demandAcknowledged(stage, attempt);
      await stage.wait(60_000);
      await demandRuns(stage, { ...list, id: messages[999]!.id }, 1);
    },
  },
  {
    name: "answers nothing that the table lacks, not even to far too much",
    clause: "inbox.4",
    async play(stage) {
      const message = { content: "x".repeat(9 * 1024 * 1024) };
      const delivery = appInbox.message({ ...options(stage), message });
      const [attempt] = await stage.play(delivery, { appInbox: { attempts: 1 } });
      stage.demand(
        attempt?.concluded.kind !== "acknowledged",
        "acknowledged 9 MiB that it cannot have handled",
      );
    },
  },
  {
    name: "refuses what is not a message",
    clause: "inbox.1",
    async play(stage) {
      const delivery = appInbox.message(options(stage));
      const bodies = [
        "null",
        "1",
        '"text"',
        "{}",
        '{"id":""}',
        '{"id":7}',
        '[{"title":"No id"}]',
        `${delivery.body}]`,
      ];
      for (const body of bodies) await demandRefused(stage, { ...delivery, body }, 400);
    },
  },
  {
    name: "refuses a message that reaches for a prototype",
    clause: "any.6",
    async play(stage) {
      const delivery = appInbox.message(options(stage));
      const body = delivery.body.replace("{", '{"\\u005f_proto__":{"polluted":true},');
      await demandRefused(stage, { ...delivery, body }, 400);
    },
  },
  {
    name: "answers a probe with 200",
    clause: "inbox.6",
    async play(stage) {
      for (const method of ["GET", "HEAD"]) {
        const status = await stage.request(method, stage.options.mount ?? "");
        stage.demand(status === 200, `answered ${method} with ${status}`);
      }
    },
  },
];

const traits: Traits = {
  provider: "appInbox",
  make: (stage, n) => appInbox.message(options(stage, n)),
  retries: true,
  statuses: { malformed: 400, mediaType: 400 },
  clauses: { acknowledged: "inbox.4", key: "inbox.5", slow: "any.11" },
};

/**
 * What App Inbox does to its receiver.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.2 inbox.2}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.4 inbox.4}
 */
export const appInboxScenarios: readonly Scenario[] = scenariosOf(
  traits,
  commonScenarios(traits),
  credentialScenarios(traits),
  own,
).map((scenario) => ({ ...scenario, play: (stage) => scenario.play(watched(stage)) }));

/** A stage that demands of every answer a status of the table. */
function watched(stage: Stage): Stage {
  return {
    ...stage,
    async play(steps, more) {
      const attempts = await stage.play(steps, more);
      for (const { seen } of attempts) {
        if (seen.kind !== "answered") continue;
        const listed = [200, 400, ...retriedStatuses].includes(seen.status);
        stage.demand(listed, `answered ${seen.status}, which is not in the table`, "inbox.4");
      }
      return attempts;
    },
  };
}
