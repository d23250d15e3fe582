/** The scenarios of Postback. */
import { postback } from "../../deliveries/postback.ts";
import type { PostbackOptions } from "../../deliveries/postback.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { commonScenarios } from "./common.ts";
import { credentialScenarios } from "./credentials.ts";
import { demandAcknowledged, demandRefused, demandRuns } from "./demands.ts";
import type { Draft, Traits } from "./traits.ts";
import { scenariosOf } from "./traits.ts";

const options = (stage: Stage, n = 1): PostbackOptions => {
  const { credentials } = stage.options;
  return credentials ? { ...stage.nth(n), auth: credentials } : stage.nth(n);
};

const own: readonly Draft[] = [
  {
    name: "does not take the attempt number for a part of the event",
    clause: "postback.4",
    async play(stage) {
      const delivery = postback.contactCreate(options(stage));
      const attempts = [1, 2, 3, 4, 5].map((attempt) => postback.again(delivery, attempt));
      for (const attempt of await stage.play(attempts)) demandAcknowledged(stage, attempt);
      await demandRuns(stage, delivery, 1);
    },
  },
  {
    name: "takes a changed record for another event",
    clause: "postback.4",
    async play(stage) {
      const id = `changed-${options(stage).seed}`;
      const changed = [1, 2].map((modified_ts) =>
        postback.contactUpdate({ ...options(stage), data: { id, modified_ts } }),
      );
      await stage.play(changed);
      await demandRuns(stage, changed[0]!, 2);
    },
  },
  {
    name: "takes a create and a delete of one record for two events",
    clause: "postback.4",
    async play(stage) {
      const data = { id: `gone-${options(stage).seed}` };
      const created = postback.contactCreate({ ...options(stage), data });
      await stage.play([created, postback.contactDelete({ ...options(stage), data })]);
      await demandRuns(stage, created, 2);
    },
  },
  {
    name: "takes a JSON body with the same fields",
    clause: "postback.1",
    async play(stage) {
      const delivery = postback.transactionCreate({ ...options(stage), format: "json" });
      const [attempt] = await stage.play(delivery);
      demandAcknowledged(stage, attempt);
      await demandRuns(stage, delivery, 1);
    },
  },
  {
    name: "acknowledges a resource that it does not know",
    clause: "postback.2",
    async play(stage) {
      const [attempt] = await stage.play(postback.other("UPDATE", "recurring", options(stage)));
      demandAcknowledged(stage, attempt);
    },
  },
  {
    name: "refuses a form that is not what the page describes",
    clause: "postback.1",
    async play(stage) {
      const build = (form: PostbackOptions["form"] & {}) =>
        postback.contactCreate({ ...options(stage), form });
      await demandRefused(stage, build({ type: "UPSERT" }), 400);
      await demandRefused(stage, build({ resource: undefined }), 400);
      await demandRefused(stage, build({ number_of_attempts: "many" }), 400);
      for (const data of [undefined, "", "null", "[]", '"text"', '{"id":', "{}"])
        await demandRefused(stage, build({ data }), 400);
    },
  },
  {
    name: "refuses a form with a repeated field or bad percent bytes",
    clause: "any.5",
    async play(stage) {
      const delivery = postback.contactCreate(options(stage));
      await demandRefused(stage, { ...delivery, body: `${delivery.body}&type=DELETE` }, 400);
      await demandRefused(stage, { ...delivery, body: `${delivery.body}&extra=%zz` }, 400);
    },
  },
  {
    name: "refuses data that reaches for a prototype",
    clause: "any.6",
    async play(stage) {
      const data = '{"id":"polluted","deep":{"\\u005f_proto__":{"polluted":true}}}';
      await demandRefused(stage, postback.contactCreate({ ...options(stage), form: { data } }), 400);
    },
  },
];

const traits: Traits = {
  provider: "postback",
  make: (stage, n) => postback.contactCreate(options(stage, n)),
  retries: true,
  statuses: { malformed: 400, mediaType: 415 },
  clauses: { acknowledged: "postback.3", key: "postback.4", slow: "any.11" },
};

/**
 * What Postback does to its receiver.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.3 postback.3}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.4 postback.4}
 */
export const postbackScenarios: readonly Scenario[] = scenariosOf(
  traits,
  commonScenarios(traits),
  credentialScenarios(traits),
  own,
);
