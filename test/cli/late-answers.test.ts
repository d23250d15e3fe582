/** Late answers of an app that was started with the diverter: taken by send, by play and by listen, posted to nobody real. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createReceiver } from "@answerback/core";
import { sns } from "@answerback/providers/sns";
import { divertCallbacks } from "answerback/callbacks";
import { expect, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.ts";
import { serve } from "../support/serve.ts";
import { answerback, folderOfTest, serveReceiver, start } from "./support.ts";

const key = ["--secret", "a-key-of-the-app-4711"];

it.each(["send", "play"])(
  "%s --callbacks sees the answer that the app posts, as its provider takes it",
  async (command) => {
    const port = await freePort();
    const url = await startApp(port);
    const args = [command, "upsales", "order.insert", url, ...key, "--callbacks", String(port)];
    const { code, out } = await answerback(args);
    expect([code, out]).toEqual([0, expect.stringMatching(/callback posted[^]*callback accepted/)]);
  },
);

it("a late answer of another run is none of this one's, and is told", async () => {
  const port = await freePort();
  const { url } = await serve((_, response) => {
    const headers = { "simulated-url": "https://integration.upsales.com/callback/of-another-run" };
    void fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body: "{}" }).then(({ status }) =>
      response.end(JSON.stringify({ other: status })),
    );
  });
  const { out, err } = await answerback([
    "send",
    "upsales",
    "status",
    url,
    ...key,
    "--callbacks",
    String(port),
    "--json",
  ]);
  expect(JSON.parse(out)).toMatchObject({ sent: [{ seen: { body: '{"other":404}' } }], callbacks: [] });
  expect(err).toContain("meant for https://integration.upsales.com/… belongs to no delivery of this run");
});

it("listen sees it, answers as the provider, refuses a second one, and keeps both", async () => {
  const [port, folder] = [await freePort(), folderOfTest()];
  const listening = start(["listen", "--port", String(port), "--count", "2"], { cwd: folder });
  await listening.until("Listening on");
  const url = await startApp(port);
  await answerback(["send", "upsales", "order.insert", url, ...key]);
  await listening.until("callback accepted");
  const printed = await listening.until("Crunched");
  expect(printed).toMatch(/callback posted to https:\/\/nobody\.integration\.upsales\.com\/…/);
  const { path, meant } = await addressKeptIn(folder);
  const again = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { "simulated-url": meant, "content-type": "application/json" },
    body: '{"notify":"Again"}',
  });
  expect(again.status).toBe(410);
  const { code, out } = await listening.ended;
  expect([code, out]).toEqual([0, expect.stringContaining("callback refused: already used")]);
});

it.each([
  ["https://hooks.slack.com/commands/1/2/3", '{"text":"Done"}', 5],
  ["https://nobody.hooks.slack.com/commands/1/2/3", '{"text":"Done"}', 5],
  ["https://integration.upsales.com/callback/1", '{"notify":"Done"}', 1],
  ["https://acme.example/answers/1", "whatever", Infinity],
])("%s takes as many as its provider's terms say", async (meant, body, uses) => {
  const port = await freePort();
  const listening = start(["listen", "--port", String(port), "--no-keep"], { cwd: folderOfTest() });
  await listening.until("Listening on");
  const statuses: number[] = [];
  for (let post = 1; post <= Math.min(uses, 6) + 1; post += 1) {
    const { status } = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: { "simulated-url": meant, "content-type": "application/json" },
      body,
    });
    statuses.push(status);
  }
  const refused = statuses.filter((status) => status >= 400).length;
  expect(refused).toBe(uses === Infinity ? 0 : 1);
});

it("the diverter takes what Answerback posts, and nothing else that an app fetches", async () => {
  const seen: string[] = [];
  const { url } = await serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${String(request.headers["simulated-url"])}`);
    response.end();
  });
  const stop = divertCallbacks(url);
  onTestFinished(stop);
  await fetch("https://hooks.slack.com/a?b=1", { method: "POST", redirect: "manual", body: "{}" });
  await fetch(`${url}/own`, { redirect: "manual" });
  await expect(fetch("https://nobody.invalid/", { method: "POST", body: "{}" })).rejects.toThrow(
    "fetch failed",
  );
  expect(seen).toEqual(["POST /a?b=1 https://hooks.slack.com/a?b=1", "GET /own undefined"]);
  stop();
  await expect(fetch("https://nobody.invalid/", { redirect: "manual" })).rejects.toThrow("fetch failed");
});

it("an app of SNS that fetches the certificate gets that of the command, and its confirmation is taken", async () => {
  const [port, key] = [await freePort(), join(folderOfTest(), "sns.pem")];
  onTestFinished(divertCallbacks(`http://127.0.0.1:${port}`));
  const provider = sns({
    topicArn: "arn:aws:sns:eu-west-1:123456789012:MyTopic",
    fetch: (to, init) => fetch(to, init),
  });
  const receiver = createReceiver(provider, { requireHttps: false, handle: { Notification: () => {} } });
  onTestFinished(() => receiver.close());
  const { url } = await serveReceiver(receiver);
  const args = ["--key", key, "--callbacks", String(port)];
  for (const event of ["notification", "subscription-confirmation"]) {
    const seed = String(event.length);
    const { code, out } = await answerback([
      "send",
      "sns",
      event,
      url,
      ...args,
      "--wait",
      "2s",
      "--seed",
      seed,
    ]);
    expect([event, code, out]).toEqual([event, 0, expect.stringContaining("→ acknowledged")]);
    expect(out.includes("callback posted to https://nobody.sns.")).toBe(event !== "notification");
  }
});

it("the diverter goes to this machine alone", () => {
  expect(() => divertCallbacks("http://example.com")).toThrow(
    "ANSWERBACK_CALLBACKS: http://example.com is no address of this machine",
  );
  expect(() => divertCallbacks("4000")).toThrow("is no address of this machine");
});

/** Starts the app as the commands tell the user to, and returns its address. */
async function startApp(port: number): Promise<string> {
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const diverter = new URL("../../packages/cli/src/callbacks.ts", import.meta.url).href;
  const options = [
    "--conditions=source",
    "--experimental-strip-types",
    "--disable-warning=ExperimentalWarning",
  ];
  const app = spawn(process.execPath, [...options, path("late-app.ts")], {
    env: {
      ...process.env,
      ANSWERBACK_CALLBACKS: `http://127.0.0.1:${port}`,
      NODE_OPTIONS: `--import=${diverter}`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void app.kill("SIGKILL"));
  const [line] = await once(app.stdout, "data");
  return `http://127.0.0.1:${JSON.parse(String(line)).port}`;
}

async function addressKeptIn(folder: string): Promise<{ path: string; meant: string }> {
  const { readdirSync, readFileSync } = await import("node:fs");
  const file = readdirSync(`${folder}/deliveries`).find((name) => name.endsWith(".http"))!;
  const text = readFileSync(`${folder}/deliveries/${file}`, "latin1");
  return { path: /^POST (\S+)/.exec(text)![1]!, meant: /simulated-url: (\S+)/i.exec(text)![1]! };
}
