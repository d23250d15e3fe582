/** The scenarios of Upsales' requests; those of its callbacks are next door. */
import { upsales } from "../../deliveries/upsales.ts";
import type { UpsalesOptions } from "../../deliveries/upsales.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { answerLate, aWhile, callbackScenarios } from "./callbacks.ts";
import { commonScenarios } from "./common.ts";
import { demandAcknowledged, demandRefused, demandRuns } from "./demands.ts";
import type { Draft, Traits } from "./traits.ts";
import { scenariosOf } from "./traits.ts";

const options = (stage: Stage, n = 1): UpsalesOptions & { readonly seed: number } => {
  const { authenticationKey } = stage.options;
  return authenticationKey === undefined ? stage.nth(n) : { ...stage.nth(n), authenticationKey };
};

const own: readonly Draft[] = [
  {
    name: "refuses an authenticationKey that is missing or wrong with 401",
    clause: "upsales.2",
    needs: ["authenticationKey"],
    async play(stage) {
      const { authenticationKey = "" } = options(stage);
      for (const wrong of [
        undefined,
        "",
        `${authenticationKey}x`,
        authenticationKey.slice(1),
        5,
        [authenticationKey],
      ]) {
        const body = { authenticationKey: wrong };
        await demandRefused(stage, upsales.orderInsert({ ...options(stage), body }), 401);
      }
    },
  },
  {
    name: "takes the 100 kB of appData that Upsales sends back",
    clause: "any.3",
    async play(stage) {
      const appData = { saved: "å".repeat(100_000) };
      const delivery = upsales.orderInsert({ ...options(stage), body: { appData } });
      const [attempt] = await stage.play(delivery, { callbackWithinMs: 0 });
      demandAcknowledged(stage, attempt);
    },
  },
  {
    name: "does not answer a status request with a callback",
    clause: "upsales.4",
    handle: () => ({ callback: { message: "There is no callbackUrl" } }),
    async play(stage) {
      await stage.play(upsales.status(options(stage)));
      stage.demand(stage.uses.length === 0, "sent a callback although the request had no callbackUrl");
    },
  },
  {
    name: "answers again and again what a person looks at",
    clause: "upsales.16",
    async play(stage) {
      const widget = upsales.widgetNotification({ ...options(stage), data: { id: options(stage).seed } });
      for (const attempt of await stage.play([widget, widget])) demandAcknowledged(stage, attempt);
      await demandRuns(stage, widget, 2);
    },
  },
  {
    name: "shows the widget that its handler answers",
    clause: "upsales.13",
    handle: () => ({ type: "widget", rows: [{ type: "markdown", markdown: "**Hello!**" }] }),
    async play(stage) {
      const [attempt] = await stage.play(upsales.widgetNotification(options(stage)));
      const shown = attempt?.seen.kind === "answered" && attempt.seen.body.includes("**Hello!**");
      stage.demand(shown, "kept its widget to itself");
    },
  },
  {
    name: "never posts to a callbackUrl that is not Upsales'",
    clause: "upsales.17",
    handle: answerLate,
    async play(stage) {
      for (const [n, callbackUrl] of foreign.entries())
        await stage.play(upsales.orderInsert({ ...options(stage, n + 1), body: { callbackUrl } }), {
          callbackWithinMs: 0,
        });
      await stage.wait(aWhile);
      stage.demand(
        stage.uses.every(({ how }) => how === "inline"),
        "posted to a URL that is not Upsales'",
      );
    },
  },
  {
    name: "refuses a request that is not JSON",
    clause: "upsales.1",
    async play(stage) {
      // only what no parser takes: without an authenticationKey in it, other JSON is not authenticated (any.1)
      const delivery = upsales.orderInsert(options(stage));
      for (const body of ["{", `${delivery.body}}`, delivery.body.replace(":", "=")])
        await demandRefused(stage, { ...delivery, body }, 400);
    },
  },
  {
    name: "refuses a body that reaches for a prototype",
    clause: "any.6",
    async play(stage) {
      const delivery = upsales.orderInsert(options(stage));
      const body = delivery.body.replace('"appData":{', '"appData":{"\\u005f_proto__":{"polluted":true},');
      await demandRefused(stage, { ...delivery, body }, 400);
    },
  },
];

const foreign = [
  "http://integration.upsales.com/callback/1",
  "https://evilupsales.com/callback/1",
  "https://upsales.com.evil.example/callback/1",
  "https://user:secret@integration.upsales.com/callback/1",
  "https://integration.upsales.com:8443/callback/1",
  "https://169.254.169.254/latest/meta-data/",
  "not a URL",
];

const traits: Traits = {
  provider: "upsales",
  make: (stage, n) => upsales.orderInsert(options(stage, n)),
  retries: false,
  statuses: { malformed: 400, mediaType: 415 },
  clauses: { acknowledged: "upsales.5", key: "upsales.16", slow: "upsales.6" },
};

/**
 * What Upsales does to its receiver.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.5 upsales.5}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.8 upsales.8}
 */
export const upsalesScenarios: readonly Scenario[] = scenariosOf(
  traits,
  commonScenarios(traits),
  own,
  callbackScenarios(traits),
);
