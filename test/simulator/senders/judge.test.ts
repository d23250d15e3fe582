/** The judge of senders: it finds nothing wrong with right receivers, and each wrong one out. */
import { judgeBy, printReport, scenariosFor, senders, simulate } from "@answerback/simulator";
import { expect, test } from "vitest";
import { wrongReceivers } from "../wrong/index.ts";
import type { Rules } from "./receiver.ts";
import { receiver } from "./receiver.ts";
import { right } from "./right.ts";

test.concurrent.for(Object.entries(right))(
  "nothing is wrong with a right receiver for %s",
  { timeout: 60_000 },
  async ([, { sender, rule }], { expect }) => {
    const report = await judgeBy(scenariosFor(sender), { build: (bench) => receiver(rule, bench) });
    expect(report.findings, printReport(report)).toEqual([]);
    expect(report.skipped).toEqual([]);
  },
);

type Row = readonly [sender: string, mistake: string, is: Partial<Rules>, scenario: string];

const late = "posts the late answer once, and not before the acknowledgement";

const wrong: readonly Row[] = [
  [
    "github",
    "does not know a ping",
    { admits: ({ headers }) => headers["x-github-event"] !== "ping" },
    "answers the handshake ping",
  ],
  ["acme", "acknowledges what failed", { failed: { status: 200 } }, "handles at last what failed for days"],

  [
    "acme",
    "answers the challenge with nothing",
    { handshake: ({ method }) => (method === "GET" ? { status: 200 } : undefined) },
    "answers the handshake challenge",
  ],
  [
    "slack event",
    "handles the challenge",
    { handshake: () => undefined },
    "answers the handshake url_verification",
  ],
  ["discord interaction", "defers a PING", { handshake: () => undefined }, "answers the handshake PING"],
  [
    "discord event",
    "answers a PING with 200",
    { handshake: ({ body }) => (JSON.parse(body).type === 0 ? { status: 200 } : undefined) },
    "answers the handshake PING",
  ],
  [
    "meta",
    "refuses the handshake",
    { admits: ({ method }) => method !== "GET" },
    "answers the handshake handshake",
  ],
  [
    "discord event",
    "acknowledges with 200",
    { acknowledge: () => ({ status: 200 }) },
    "handles and acknowledges a delivery",
  ],
  [
    "stripe authorization",
    "decides nothing",
    { acknowledge: () => ({ status: 200 }) },
    "handles and acknowledges a delivery",
  ],
  ["twilio", "takes two messages for one", { idOf: () => "the one" }, "handles each of two different events"],
  [
    "stripe authorization",
    "waits for the handler",
    { answerWithinMs: 1e9 },
    "answers before the provider hangs up, however long the handler takes",
  ],
  ["slack event", "forgets what runs", { remembers: false }, "handles once what is sent twice at once"],
  [
    "github",
    "handles a redelivery again",
    { remembers: false },
    "repeats its answer when a handled event comes again",
  ],
  [
    "telegram",
    "acknowledges what failed",
    { failed: { status: 200 } },
    "does not acknowledge what its handler could not do",
  ],
  [
    "standardWebhooks",
    "takes every attempt for an event",
    { idOf: ({ headers }) => `${String(headers["webhook-id"])} ${String(headers["webhook-timestamp"])}` },
    "handles once what is sent again because its answer was lost",
  ],
  ["shopify", "lets everybody in", { admits: () => true }, "refuses a signature that is missing or wrong"],
  [
    "telegram",
    "looks whether there is a secret",
    { admits: ({ headers }) => "x-telegram-bot-api-secret-token" in headers },
    "refuses a signature that is missing or wrong",
  ],
  [
    "github",
    "looks at the body's beginning",
    {
      admits: ({ headers, body }) =>
        /^sha256=\w/.test(String(headers["x-hub-signature-256"])) && body.startsWith("{"),
    },
    "refuses a body that was changed on its way",
  ],
  ["sns", "looks at no signature", { admits: () => true }, "refuses what is forged"],
  [
    "slack command",
    "does not look at the time",
    {
      admits: (request) =>
        right["slack command"]!.rule.admits(
          request,
          Number(request.headers["x-slack-request-timestamp"]) * 1_000,
        ),
    },
    "refuses a signature that is too old",
  ],
  [
    "slack command",
    "posts what went inline, too",
    { postsAlways: true },
    "gives the answer that is there in time once, inline or by post",
  ],
  [
    "slack interaction",
    "keeps its answer to itself",
    { posting: () => undefined },
    "gives the answer that is there in time once, inline or by post",
  ],
  [
    "slack interaction",
    "posts before it acknowledges",
    { postsFirst: true },
    "gives the answer that is there in time once, inline or by post",
  ],
  ["slack command", "keeps the late answer to itself", { posting: () => undefined }, late],
  ["slack command", "posts, and then acknowledges", { postsFirst: true, answerWithinMs: 1e9 }, late],
  ["discord interaction", "edits before it defers", { postsFirst: true }, late],
  [
    "discord interaction",
    "edits at the wrong address",
    { posting: () => ({ url: "https://discord.com/api/v10/webhooks/1/x", method: "PATCH" }) },
    late,
  ],
  [
    "discord interaction",
    "posts to a message",
    { posting: (request) => ({ ...right["discord interaction"]!.rule.posting(request)!, method: "POST" }) },
    late,
  ],
  [
    "github deployment",
    "sends no token",
    { posting: ({ body }) => ({ url: JSON.parse(body).deployment_callback_url, method: "POST" }) },
    late,
  ],
  ["slack command", "posts once and hopes", { again: () => false }, "posts again when its address is away"],
  [
    "github deployment",
    "does not hear a no",
    { again: (status, post) => status >= 300 && post < 9 },
    "stops posting when its answer was refused",
  ],
  [
    "slack command",
    "counts no uses",
    { again: (status, post) => status >= 500 && post < 9 },
    "stays within the uses of its address when nothing is heard from there",
  ],
  [
    "discord interaction",
    "does not look at its watch",
    { again: (status) => status >= 500 },
    "stops posting when its address has expired",
  ],
];

test.concurrent.for(wrong)(
  "the receiver for %s that %s is found out",
  async ([name, , is, scenario], { expect }) => {
    const { sender, rule } = right[name]!;
    const subject = { build: (bench: Parameters<typeof receiver>[1]) => receiver({ ...rule, ...is }, bench) };
    const report = await judgeBy(scenariosFor(sender), subject, { only: [scenario] });
    expect(report.passed).toEqual([]);
    expect(report.findings.map((finding) => finding.scenario)).toContain(scenario);
  },
);

test("every scenario of every sender finds somebody out, above or among the receivers of the four providers", () => {
  const names = Object.values(right).flatMap(({ sender }) => scenariosFor(sender).map(({ name }) => name));
  const found = new Set([
    ...wrong.map(([, , , scenario]) => scenario),
    ...wrongReceivers.map(({ scenario }) => scenario),
  ]);
  expect([...new Set(names)].filter((name) => !found.has(name))).toEqual([]);
});

test("several senders are judged together, their scenarios told apart by their events", () => {
  const { senders: all } = senders.slack({ signingSecret: "a-signing-secret" });
  const names = scenariosFor(...all).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("handles and acknowledges a delivery (command /crunch)");
});

test("a sender without an example cannot be judged, and says so", () => {
  expect(() => scenariosFor(simulate({ name: "acme" }))).toThrow("scenariosFor: acme: it has no example");
});
