/** `answerback register`: what has to be registered, as the receiver itself would say it. */
import { describe, expect, it } from "vitest";
import { called } from "./support.ts";

const url = "https://example.com/hooks";
const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";

it.each<readonly [string, readonly string[], object]>([
  ["upsales", ["--events", "order.insert"], { url, paths: ["/orderinsert/:id"] }],
  [
    "uphance",
    ["--secret", secret, "--events", "invoice.create"],
    { url: `${url}/${secret}`, events: ["invoice_create"] },
  ],
  [
    "app-inbox",
    ["--user", "inbox:correct-horse-battery"],
    { url, auth: { type: "basic", username: "inbox" } },
  ],
  [
    "postback",
    [
      "--user",
      "hook:correct-horse-battery",
      "--events",
      "contact.create",
      "--option",
      "resource=contact",
      "--option",
      "location_id=23948sdnfia",
    ],
    { postbackconfig: { basic_auth_username: "hook", on_create: "1", on_delete: "0", resource: "contact" } },
  ],
  ["github", ["--secret", secret, "--events", "push"], { events: ["push"] }],
  [
    "sns",
    ["--option", "topicArn=arn:aws:sns:eu-west-1:123456789012:MyTopic"],
    { subscriptions: [{ Endpoint: url }] },
  ],
])("%s", async (provider, args, registration) => {
  const { code, out } = await called(["register", provider, url, ...args]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject(registration);
});

it.each([
  ["slack", []],
  ["discord", []],
  ["discord-webhook-events", []],
  ["stripe", []],
  ["shopify", []],
  ["twilio", []],
  ["meta", ["--verify-token", secret]],
  ["telegram", ["--secret", secret]],
])("%s says something", async (provider, args) => {
  const { code, out } = await called(["register", provider, url, ...args]);
  expect([code, Object.keys(JSON.parse(out)).length > 0]).toEqual([0, true]);
});

describe("a mistake ends with 2 and its cure", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["a provider that there is not", ["postbak", url], "did you mean postback?"],
    ["a provider that says nothing", ["standard-webhooks", url], "does not say what to register"],
    ["an event that there is not", ["postback", url, "--events", "contact.crate"], "contact.create"],
    [
      "an option that there is not",
      ["github", url, "--secret", secret, "--option", "urll=1"],
      "there is no option urll",
    ],
    ["plain http", ["uphance", "http://example.com"], "Uphance sends to https addresses only"],
    ["a missing option", ["postback", url], "registration: "],
  ])("%s", async (_, args, cure) => {
    const { code, out, err } = await called(["register", ...args]);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining(cure)]);
  });
});
