/** Rows "credentials", "forms" and "bytes" for what Discord and GitHub sign, over a raw socket. */
import { createHmac } from "node:crypto";
import { senders } from "@answerback/simulator";
import { describe, expect, it } from "vitest";
import { command, open as openDiscord } from "../providers/discord/support.ts";
import { open as openGithub, secret, sent } from "../providers/github/support.ts";
import type { Sample } from "../support/deliveries.ts";
import { frameworks } from "../support/frameworks.ts";
import { statuses } from "../support/hostile.ts";
import type { House } from "../support/house.ts";
import { rawClient } from "../support/raw-client.ts";

/** A delivery in bytes, with more lines in its head. */
function bytesOf({ path, headers, body }: Sample, ...lines: string[]): Buffer {
  const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`POST ${path} HTTP/1.1`, "Host: test", "Connection: close", ...given, ...lines];
  return Buffer.from([...head, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n"));
}

const signature = "ab".repeat(64);

describe.each(frameworks)("$name", (framework) => {
  /** What a delivery is answered, what was handled of it, and what the good one after it is answered. */
  async function met(house: House, bytes: Buffer, good: Sample) {
    const answered = statuses(await rawClient(house.port, bytes).closed);
    const handled = house.events.length;
    return { answered, handled, next: (await house.deliver(good)).status };
  }

  it.each([
    ["a second signature", `X-Signature-Ed25519: ${signature}`, 401],
    ["the same time once more", "X-Signature-Timestamp: 1", 401],
    ["a chunked body beside a length", "Transfer-Encoding: gzip, chunked", 400],
  ])("discord.1 an interaction with %s", async (_, line, status) => {
    const house = await openDiscord(framework, { handle: () => ({ content: "Hi" }) });
    const seen = await met(house, bytesOf(command(), line), command());
    expect(seen).toEqual({ answered: [status], handled: 0, next: 200 });
  });

  it("discord.1 a PING that nobody signed is told nothing", async () => {
    const house = await openDiscord(framework);
    const ping: Sample = {
      path: "/upsales",
      headers: { "content-type": "application/json" },
      body: '{"type":1}',
    };
    const answer = await rawClient(house.port, bytesOf(ping)).closed;
    expect(statuses(answer)).toEqual([401]);
    expect(answer).not.toContain('"type"');
  });

  it.each([
    ["a second signature", `X-Hub-Signature-256: sha256=${"ab".repeat(32)}`, 401],
    ["a second event", "X-GitHub-Event: ping", 400],
    ["a second GUID", "X-GitHub-Delivery: 1", 400],
  ])("github.1 a push with %s", async (_, line, status) => {
    const house = await openGithub(framework);
    const seen = await met(house, bytesOf(sent("push"), line), sent("push"));
    expect(seen).toEqual({ answered: [status], handled: 0, next: 200 });
  });

  it("github.1 a payload that is nested 100,000 deep in its form", async () => {
    const house = await openGithub(framework);
    const forms = senders.github({ secret, contentType: "form" });
    const deep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const { headers, path } = sent("push", {}, forms);
    const body = new URLSearchParams({ payload: deep }).toString();
    const digest = createHmac("sha256", secret).update(body).digest("hex");
    const bad = { path, body, headers: { ...headers, "X-Hub-Signature-256": `sha256=${digest}` } };
    const seen = await met(house, bytesOf(bad), sent("push"));
    expect(seen).toEqual({ answered: [400], handled: 0, next: 200 });
  });
});
