/** `answerback send`: one delivery, what came back, what the provider concludes, and the late answer. */
import { createServer } from "node:http";
import { createReceiver } from "@answerback/core";
import { discord } from "@answerback/providers/discord";
import { github } from "@answerback/providers/github";
import { meta } from "@answerback/providers/meta";
import { shopify } from "@answerback/providers/shopify";
import { slack } from "@answerback/providers/slack";
import { standardWebhooks } from "@answerback/providers/standard-webhooks";
import { stripe } from "@answerback/providers/stripe";
import { telegram } from "@answerback/providers/telegram";
import { twilio } from "@answerback/providers/twilio";
import { describe, expect, it, onTestFinished } from "vitest";
import { serve } from "../support/serve.ts";
import {
  answerback,
  called,
  folderOfTest,
  serveReceiver,
  standingPostback,
  standingUpsales,
} from "./support.ts";

const pair = "hook:correct-horse-battery";
const upsalesKey = "a-key-of-the-app-4711";

it("sends a delivery that is handled, and ends with 0", async () => {
  const { url, handled } = await standingPostback();
  const { code, out } = await answerback(["send", "postback", "contact.create", url, "--user", pair]);
  expect([code, handled.length]).toEqual([0, 1]);
  expect(out).toMatch(/^postback contact\.create \w+ POST\n {2}answered 200 after .*\n {2}→ acknowledged\n$/);
});

it("says what the provider does next, and ends with 1, where the delivery fails", async () => {
  const { url } = await standingPostback(() => {
    throw new Error("the database is away");
  });
  const { code, out } = await answerback(["send", "postback", "contact.create", url, "--user", pair]);
  expect([code, out]).toEqual([1, expect.stringContaining("→ will retry in 300 s, attempt 2 of 5")]);
});

it("refuses as the provider is refused where the credentials are wrong; they may stand in the address, or the environment", async () => {
  const { url } = await standingPostback();
  const args = ["send", "postback", "contact.create"];
  const wrong = await answerback([...args, url, "--user", "hook:wrong"]);
  expect([wrong.code, wrong.out]).toEqual([1, expect.stringContaining("answered 401")]);
  const inUrl = url.replace("http://", `http://${pair}@`);
  expect((await answerback([...args, inUrl])).code).toBe(0);
  expect((await answerback([...args, url], { env: { ANSWERBACK_USER: pair } })).code).toBe(0);
});

it("--json is the result alone, valid and without the address for callbacks", async () => {
  const { url } = await standingUpsales(() => ({ callback: { notify: "Done" } }));
  const args = ["send", "upsales", "order.insert", url, "--secret", upsalesKey, "--json"];
  const { code, out, err } = await answerback(args);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    provider: "upsales",
    event: "order.insert",
    sent: [{ seen: { kind: "answered", status: 200 }, concluded: { kind: "acknowledged" } }],
    callbacks: [{ how: "inline", concluded: { kind: "callback accepted" } }],
  });
  expect(out + err).not.toMatch(/callback\/[0-9a-f]{8}/);
});

it("--copies sends duplicates at once, of which one is handled", async () => {
  const { url, handled } = await standingPostback(() => new Promise((done) => setTimeout(done, 300)));
  const args = ["send", "postback", "contact.create", url, "--user", pair, "--copies", "3", "--json"];
  const { out } = await answerback(args);
  const statuses = JSON.parse(out).sent.map(({ seen }: any) => seen.status);
  expect([statuses.length, handled.length]).toEqual([3, 1]);
});

it("--attempt, --seed, --field and --header say what is sent", async () => {
  const bodies: string[] = [];
  const { url } = await serve((request, response) => {
    let body = `${String(request.headers["x-mine"])} `;
    request
      .on("data", (chunk) => (body += chunk))
      .on("end", () => {
        bodies.push(body);
        response.end();
      });
  });
  const args = [
    "send",
    "postback",
    "contact.create",
    url,
    "--field",
    "first_name=Ada",
    "--field",
    "city=null",
  ];
  await answerback([...args, "--field", "zip", "--header", "X-Mine: 1", "--attempt", "3", "--seed", "9"]);
  await answerback([...args, "--seed", "10"]);
  const [first = "", second = ""] = bodies.map((body) => decodeURIComponent(body));
  expect(first).toMatch(/^1 .*number_of_attempts=3.*"first_name":"Ada"/);
  expect(first).toContain('"city":null');
  expect(first).not.toContain('"zip"');
  const idIn = (body: string) => /"id":"(\w+)"/.exec(body)?.[1];
  expect(idIn(first)).not.toBe(idIn(second));
});

it.each([
  ["drop-request", "connection lost", 0],
  ["drop-response", "connection lost", 1],
  ["drop-connection", "connection lost", 0],
])("--fault %s", async (fault, says, runs) => {
  const { url, handled } = await standingPostback();
  const { code, out } = await answerback([
    "send",
    "postback",
    "contact.create",
    url,
    "--user",
    pair,
    "--fault",
    fault,
  ]);
  expect([code, out]).toEqual([1, expect.stringContaining(says)]);
  await expect.poll(() => handled.length).toBe(runs);
});

it("nobody is there: that is said, and what the provider concludes", async () => {
  const { code, out } = await answerback(["send", "postback", "contact.create", "http://127.0.0.1:1"]);
  expect([code, out]).toEqual([1, expect.stringMatching(/refused after .*\n {2}→ will retry in 300 s/)]);
});

describe("a receiver in another process that finds the signature right", () => {
  const secret = "an-endpoint-secret-of-32-letters";
  const whsec = `whsec_${btoa(secret)}`;
  const receivers: readonly (readonly [string, string, () => any, readonly string[]])[] = [
    ["slack", "command", () => slack({ signingSecret: secret }), ["--secret", secret]],
    ["github", "event:issues", () => github({ secret }), ["--secret", secret]],
    ["stripe", "event:invoice.paid", () => stripe({ secret: whsec }), ["--secret", whsec]],
    ["shopify", "orders-create", () => shopify({ clientSecret: secret }), ["--secret", secret]],
    [
      "standard-webhooks",
      "event:user.created",
      () => standardWebhooks({ secret: whsec }),
      ["--secret", whsec],
    ],
    [
      "meta",
      "whatsapp-message",
      () => meta({ appSecret: secret, verifyToken: "verify-me-please" }),
      ["--secret", secret],
    ],
    [
      "meta",
      "handshake",
      () => meta({ appSecret: secret, verifyToken: "verify-me-please" }),
      ["--secret", secret, "--verify-token", "verify-me-please"],
    ],
    ["telegram", "message", () => telegram({ secretToken: secret }), ["--secret", secret]],
  ];

  const wrongs: Readonly<Record<string, string>> = {
    [secret]: "another-secret-of-32-characters-",
    [whsec]: `whsec_${btoa("another-secret-of-32-characters-")}`,
    "verify-me-please": "verify-you-please",
  };

  it.each(receivers)("%s %s", async (provider, event, make, credentials) => {
    const { url } = await standing(make());
    const { code, out, err } = await answerback(["send", provider, event, url, ...credentials]);
    expect([code, out, err]).toEqual([0, expect.stringContaining("→ acknowledged"), expect.anything()]);
    expect(out + err).not.toContain(secret);
    const others = credentials.map((one) => wrongs[one] ?? one);
    const wrong = await answerback(["send", provider, event, url, ...others]);
    expect([wrong.code, wrong.out]).toEqual([1, expect.stringMatching(/answered (400|401|403)/)]);
  });

  it("twilio, which signs the address that is registered", async () => {
    const provider = twilio({ authToken: secret });
    const receiver = createReceiver(provider, {
      publicUrl: "https://example.com/",
      requireHttps: false,
      handle: () => {},
      warn: () => {},
    } as any);
    onTestFinished(() => receiver.close());
    const { url } = await serveReceiver(receiver);
    const args = ["send", "twilio", "message", url, "--secret", secret];
    expect((await answerback([...args, "--public-url", "https://example.com"])).code).toBe(0);
    expect((await answerback(args)).code).toBe(1);
  });

  it("discord, whose key is made and kept in a file", async () => {
    const key = `${folderOfTest()}/discord.pem`;
    const args = ["send", "discord", "command", "http://127.0.0.1:1", "--key", key];
    const publicKey = /publicKey has to be ([0-9a-f]{64})/.exec((await answerback(args)).err)?.[1];
    const { url } = await standing(discord({ publicKey: publicKey! }));
    expect((await answerback(["send", "discord", "ping", url, "--key", key])).code).toBe(0);
  });

  function standing(provider: any) {
    const receiver = createReceiver(provider, {
      requireHttps: false,
      handle: () => {},
      warn: () => {},
    } as any);
    onTestFinished(() => receiver.close());
    return serveReceiver(receiver);
  }
});

it("the address for callbacks that goes out is nobody's, and the user is told how to see a late answer", async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request
      .on("data", (chunk) => (body += chunk))
      .on("end", () => {
        bodies.push(body);
        response.end("{}");
      });
  });
  const { url } = await serve((...exchange) => void server.emit("request", ...exchange));
  const { err } = await answerback(["send", "upsales", "external", url]);
  expect(JSON.parse(bodies[0]!).callbackUrl).toMatch(
    /^https:\/\/nobody\.integration\.upsales\.com\/callback\//,
  );
  expect(err).toMatch(
    /A late answer would go to https:\/\/nobody\.integration\.upsales\.com\/…, where nobody is/,
  );
  expect(err).toContain("--import=file://");
  await answerback(["send", "slack", "command", url, "--secret", "none"]);
  expect(new URLSearchParams(bodies[1]).get("response_url")).toMatch(
    /^https:\/\/nobody\.hooks\.slack\.com\//,
  );
  await answerback(["send", "sns", "subscription-confirmation", url]);
  expect(JSON.parse(bodies[2]!).SubscribeURL).toMatch(/^https:\/\/nobody\.sns\./);
});

describe("a wrong argument is answered with the nearest right one, and ends with 2", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["a provider", ["send", "postbak", "contact.create", "http://x"], "did you mean postback?"],
    ["an event", ["send", "postback", "contact.crate", "http://x"], "did you mean contact-create?"],
    [
      "an event of a provider that has any",
      ["send", "stripe", "invoice.paid", "http://x", "--secret", "x"],
      "Any event is event:<its name>",
    ],
    ["an event without its name", ["send", "stripe", "event", "http://x", "--secret", "x"], "event:<type>"],
    ["an address", ["send", "postback", "contact.create", "localhost:3000"], "is no address"],
    ["a secret that is missing", ["send", "slack", "command", "http://x"], "ANSWERBACK_SECRET"],
    ["an option", ["send", "postback", "contact.create", "http://x", "--jsn"], "(Did you mean --json?)"],
    ["a fault", ["send", "postback", "contact.create", "http://x", "--fault", "stal"], "Did you mean stall?"],
    ["a command", ["sned"], "(Did you mean send?)"],
    [
      "one argument too many",
      ["send", "postback", "contact.create", "http://x", "more"],
      "too many arguments",
    ],
    ["one argument too few", ["send", "postback"], "missing required argument 'event'"],
  ])("%s", async (_, args, cure) => {
    const { code, out, err } = await called(args);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining(cure)]);
  });
});

it("--help says all: every provider with its credentials and events, every exit code", async () => {
  const { code, out } = await called(["send", "--help"]);
  expect(code).toBe(0);
  for (const name of [
    "upsales",
    "app-inbox",
    "standard-webhooks",
    "contact-create",
    "event:<type>",
    "--secret",
  ])
    expect(out).toContain(name);
  const { out: all } = await called(["--help"]);
  for (const says of ["play", "130", "wrong arguments"]) expect(all).toContain(says);
});
