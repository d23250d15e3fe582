/** What tests are written with. */
import { backendConformance } from "@answerback/conformance";
import {
  callbackUrls,
  deliveries,
  judge,
  play,
  protocols,
  scenariosFor,
  seededFaults,
  send,
  senders,
  simulate,
} from "@answerback/simulator";
import { js } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

/** The rows. */
export const tools: readonly Chapter[] = [
  {
    title: "The tools of tests",
    rows: [
      row(
        "`backendConformance({ name })`, without `create`",
        () => js(backendConformance)({ name: "mine" }, {}),
        "missing",
        "backendConformance: create: it is missing; **give a function**",
      ),
      row(
        "`deliveries.postback.contactCreate({ sed: 7 })`",
        () => js(deliveries.postback.contactCreate)({ sed: 7 }),
        "unknown",
        "deliveries.postback: sed: there is no option sed; **did you mean seed?**",
      ),
      row(
        "`callbackUrls({ fault })`",
        () => js(callbackUrls)({ fault: () => undefined }),
        "unknown",
        "callbackUrls: fault: there is no option fault; **did you mean faults?**",
      ),
      row(
        "`play(app, step, { evryMs: 1 })`",
        () => js(play)("http://127.0.0.1:1", [], { evryMs: 1 }),
        "unknown",
        "play: evryMs: there is no option evryMs; **did you mean everyMs?**",
      ),
      row(
        "`send(delivery, url, { patience: 1 })`",
        () => js(send)(deliveries.appInbox.message(), new URL("http://127.0.0.1:1"), { patience: 1 }),
        "unknown",
        "send: patience: there is no option patience; **did you mean patienceMs?**",
      ),
      row(
        "`protocols({ postback: { number_of_attempts: 6 } })`",
        () => protocols({ postback: { number_of_attempts: 6 } }),
        "out_of_range",
        "postback: number_of_attempts: **6 is not a whole number from 1 to 5**",
      ),
      row(
        "`simulate({ name, retries: [5] })`",
        () => js(simulate)({ name: "acme", retries: [5] }),
        "invalid",
        'simulate: retries: 5 is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        "`simulate({ name, callback: { use: 5 } })`",
        () => js(simulate)({ name: "acme", callback: { urlOf: () => undefined, use: 5 } }),
        "unknown",
        "simulate: callback.use: there is no option use; **did you mean uses?**",
      ),
      row(
        "`senders.slack({ signingSecret: process.env.NOT_SET })`",
        () => js(senders.slack)({ signingSecret: undefined }),
        "missing",
        "slack: signingSecret: it is missing; **is the environment variable set?**",
      ),
      row(
        "`scenariosFor(simulate({ name }))`, without an example",
        () => scenariosFor(simulate({ name: "acme" })),
        "missing",
        "scenariosFor: acme: it has no example; **give simulate one**",
      ),
      row(
        "`seededFaults({ rate: 0.5 })`, without a seed",
        () => js(seededFaults)({ rate: 0.5 }),
        "missing",
        "seededFaults: seed: it is missing; **give a whole number**",
      ),
      row(
        '`judge.postback(subject, { only: ["nothing"] })`',
        () => judge.postback({ target: "http://127.0.0.1:1" }, { only: ["nothing"] }),
        "unknown",
        'judge: only: **there is no scenario "nothing"**',
      ),
    ],
  },
];
