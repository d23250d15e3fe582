/** The scenes, in the order in which they are played. */
import { deliveries, faultsInTurn } from "@answerback/simulator";
import * as registered from "./registered.ts";
import type { Scene } from "./scene.ts";

const { upsales, uphance, appInbox, postback } = deliveries;
const https = { "X-Forwarded-Proto": "https" };
const secretMount = `${registered.uphance.mount}/${registered.uphance.secret}`;
const inbox = { ...registered.appInbox, count: 2, seed: 7 };
const wrong = { ...inbox.auth, password: "a guess" };

export const scenes: readonly Scene[] = [
  {
    title: "Postback sends a contact three times: the database is away, then our answer gets lost",
    app: "Koa",
    steps: postback.contactCreate(registered.postback),
    options: { faults: faultsInTurn(undefined, "drop response") },
    expected: [
      ['500 {"code":"failed"}', "Lue Jönsson", "will retry in 300 s, attempt 2 of 5"],
      ["connection lost", "Lue Jönsson", "will retry in 300 s, attempt 3 of 5"],
      ["200", "", "acknowledged"],
    ],
  },
  {
    title: "Uphance sends one event twice at the same time",
    app: "Express",
    steps: uphance.pickTicketUpdate({ mount: secretMount, headers: https }),
    options: { faults: faultsInTurn("twice") },
    expected: [
      ["200 after 2 s", "pick ticket 664366", "acknowledged"],
      ["200 after 2 s", "", "acknowledged"],
    ],
  },
  {
    title: "App Inbox sends a list of two messages, first with a wrong password",
    app: "Koa",
    steps: [
      { delivery: appInbox.list({ ...inbox, auth: wrong }), atMs: 0 },
      { delivery: appInbox.list(inbox), atMs: 90_000 },
    ],
    options: { appInbox: { attempts: 2 } },
    expected: [
      ['401 {"code":"unauthorized"}', "", "will retry in 60 s, attempt 2 of 2"],
      ['401 {"code":"unauthorized"}', "", "gave up after 2 attempts"],
      ["200", "cust-118, cust-3368", "acknowledged"],
    ],
    warns: ["unauthorized"],
  },
  {
    title: "Upsales runs something that is quick: the callback travels in the reply",
    app: "Express",
    steps: upsales.orderInsert(registered.upsales),
    expected: [
      ['200 {"callback":{"message":"Seen"}}', "order 62707", "acknowledged"],
      ['{"message":"Seen"}', "", "callback accepted"],
    ],
  },
  {
    title: "Upsales runs something that takes 90 s, and waits for 30: the callback is posted",
    app: "Express",
    steps: upsales.external(registered.upsales),
    expected: [
      ["200 after 25 s {}", "starts 90 s of work", "acknowledged"],
      ['{"notify":"Crunched"}', "is done", "callback accepted"],
    ],
    warns: ["accepted_in_memory"],
  },
  {
    title: "The same, while Upsales' callback server is down",
    app: "Express",
    steps: upsales.external(registered.upsales),
    callbackFaults: ({ post }) =>
      [{ kind: "drop request" } as const, { kind: "status", status: 503 } as const][post - 1],
    expected: [
      ["200 after 25 s {}", "starts 90 s of work", "acknowledged"],
      ['{"notify":"Crunched"}', "is done", "callback lost: it never arrived"],
      ['{"notify":"Crunched"}', "", "callback lost: answered 503"],
      ['{"notify":"Crunched"}', "", "callback accepted"],
    ],
    warns: ["accepted_in_memory", "callback_failed"],
  },
  {
    title: "Upsales asks for what a person has to decide: later()",
    app: "Express",
    steps: upsales.agreementInsert(registered.upsales),
    options: { callbackWithinMs: 4 * 3_600_000 },
    expected: [
      ["200 {}", "asks Ann", "acknowledged"],
      ['{"message":"Signed"}', "Ann signs", "callback accepted"],
    ],
  },
  {
    title: "Somebody clicks on a notification: the widget that opens",
    app: "Express",
    steps: upsales.widgetNotification(registered.upsales),
    expected: [
      ['200 {"type":"widget","rows":[{"type":"title","text":"Hello!"}]}', "log entry 99", "acknowledged"],
    ],
  },
];
