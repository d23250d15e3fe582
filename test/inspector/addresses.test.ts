/** Of no provider a callback address or a credential is in an answer of the inspector, not even with `payloads: true`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bodySecret, createReceiver, PermanentError, upsales, type Receiver } from "@answerback/core";
import { createInspector } from "@answerback/inspector";
import { createNodeHandler } from "@answerback/node";
import { discord } from "@answerback/providers/discord";
import { github } from "@answerback/providers/github";
import { slack } from "@answerback/providers/slack";
import { sns } from "@answerback/providers/sns";
import { deliveries, send, senders, type RawDelivery } from "@answerback/simulator";
import { describe, expect, onTestFinished, test } from "vitest";
import { selfSigned } from "../../packages/simulator/src/lib/certificate.ts";

/** A provider whose deliveries bring an address, and what of them nobody may see. */
interface Row {
  readonly name: string;
  readonly receiving: (options: object) => Receiver;
  readonly delivery: () => RawDelivery;
  /** The address that the body brings, and what else in it opens something. */
  readonly secrets: (body: string) => readonly string[];
  /** Some of the payload, which may be seen. */
  readonly shown: string;
  /** What its handler answers, so that it is posted; SNS' confirmation is handled by the provider itself. */
  readonly answer?: unknown;
}

const key = "a-key-of-the-app-4711";
const made = (provider: any) => (options: object) => createReceiver(provider, options as any) as Receiver;

const bot = senders.discord();
const certificate = selfSigned("sns.amazonaws.com");
const topicArn = "arn:aws:sns:eu-west-1:123456789012:MyTopic";
const topic = senders.sns({ topicArn, certificate });
const chat = senders.slack({ signingSecret: key });

const rows: readonly Row[] = [
  {
    name: "Upsales",
    receiving: (options) =>
      made(upsales())({ ...options, authenticate: bodySecret("authenticationKey", key) }),
    delivery: () =>
      deliveries.upsales.external({ authenticationKey: key, mount: "/hooks", data: { fish: "tuna" } }),
    secrets: (body) => [JSON.parse(body).callbackUrl],
    shown: "tuna",
    answer: { callback: { notify: "Done" } },
  },
  {
    name: "Slack",
    receiving: made(slack({ signingSecret: key })),
    delivery: () => chat.command({ mount: "/hooks", fields: { text: "tuna" } }),
    secrets: (body) => ["token", "response_url"].map((name) => new URLSearchParams(body).get(name)!),
    shown: "tuna",
    answer: { text: "Done" },
  },
  {
    name: "Discord",
    receiving: made(discord({ publicKey: bot.publicKey })),
    delivery: () => bot.command({ mount: "/hooks", fields: { locale: "tuna" } }),
    secrets: (body) => [JSON.parse(body).token],
    shown: "tuna",
    answer: { content: "Done" },
  },
  {
    name: "GitHub",
    receiving: (options) =>
      made(github({ secret: key }))({
        ...options,
        authorize: () => ({ Authorization: "Bearer token-of-an-installation" }),
      }),
    delivery: () =>
      senders
        .github({ secret: key })
        .deploymentProtectionRule({ mount: "/hooks", fields: { environment: "tuna" } }),
    secrets: (body) => [JSON.parse(body).deployment_callback_url],
    shown: "tuna",
    answer: { environment_name: "tuna", state: "approved" },
  },
  {
    name: "Amazon SNS",
    receiving: made(sns({ topicArn, fetch: async () => new Response(certificate.certificate) })),
    delivery: () => topic.subscriptionConfirmation({ mount: "/hooks" }),
    secrets: (body) => [JSON.parse(body).Token, JSON.parse(body).SubscribeURL],
    shown: topicArn,
  },
];

describe.each(rows)("$name", ({ receiving, delivery, secrets, shown, answer }) => {
  async function revealedAfter(options: object): Promise<{ text: string; revealed: string[] }> {
    const transport = async () => new Response("no", { status: 403 });
    const receiver = receiving({ warn: () => {}, onError: () => {}, transport, ...options });
    const origin = await served(receiver);
    const one = delivery();
    await send(one, new URL(origin));
    await receiver.idle();
    const text = await everything(`${origin}/inspect/`, receiver);
    const hidden = [key, ...secrets(String(one.body))].flatMap(spellings);
    return { text, revealed: hidden.filter((spelling) => text.includes(spelling)) };
  }

  test("a dead letter is shown without its address, and without a credential", async () => {
    const handle = () => {
      throw new PermanentError("no such fish");
    };
    const { text, revealed } = await revealedAfter({ handle });
    expect(text).toContain(shown);
    expect(revealed).toEqual([]);
  });

  test("so is an event that was handled, and is kept", async () => {
    const { text, revealed } = await revealedAfter({ handle: () => answer, keep: "1h" });
    expect(text).toMatch(/"kept":true/);
    expect(revealed).toEqual([]);
  });

  test("so is a callback that nobody took", async () => {
    const { text, revealed } = await revealedAfter({ handle: () => answer, answerWithin: 0 });
    expect(text).toMatch(/"state":"dead"[^]*"work":"callback"/);
    expect(revealed).toEqual([]);
  });
});

/** As it is, as JSON has it, as an address has it, and the last part of it. */
function spellings(secret: string): string[] {
  const path = URL.canParse(secret) ? [new URL(secret).pathname + new URL(secret).search] : [];
  return [secret, ...path, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}

/** Serves a receiver and an inspector of it. */
async function served(receiver: Receiver): Promise<string> {
  const inspector = createInspector({
    receivers: receiver,
    authorize: false,
    payloads: true,
    path: "/inspect",
  });
  const hooks = createNodeHandler(receiver, { path: "/hooks" });
  const server = createServer((req, res) =>
    req.url!.startsWith("/hooks") ? void hooks(req, res) : inspector.handler(req, res),
  ).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(async () => {
    inspector.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await receiver.close({ within: 0 });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** All that the page can ask for. */
async function everything(page: string, { name, records }: Receiver): Promise<string> {
  const found = (await records.list()).records;
  expect(found).not.toEqual([]);
  const asked = ["receivers", "counts", "records", "errors"].map((what) => `api/${what}?receiver=${name}`);
  const stories = found.map(({ key }) => `api/record?receiver=${name}&key=${encodeURIComponent(key)}`);
  const texts: string[] = [];
  for (const path of [...asked, ...stories]) {
    const response = await fetch(page + path);
    expect([path, response.status]).toEqual([path, 200]);
    texts.push(await response.text());
  }
  const feed = await fetch(`${page}api/feed?receiver=${name}`);
  const reader = feed.body!.pipeThrough(new TextDecoderStream()).getReader();
  while (!/"kind":"delivery"/.test(texts.join())) texts.push((await reader.read()).value ?? "");
  await reader.cancel();
  return texts.join("\n");
}
