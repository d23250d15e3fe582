/** What the adapter for Request and Response needs of Node; and Bun, Deno and Cloudflare's workerd, which have it, before the judge. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { judge, type Judge, type JudgeOptions } from "@answerback/simulator";
import { expect, it, onTestFinished } from "vitest";
import { filesOf, importsOf, top } from "../house/imports.ts";
import { sample, send, withFields } from "../support/deliveries.ts";
import { describeWith, engineOf } from "../support/engines.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve } from "../support/serve.ts";
import { bundleWorker } from "../support/worker.ts";
import { authenticationKey, credentials, secret } from "../simulator/right-rules.ts";

const packages = "packages/{core,fetch}/src/**/*.ts";

it("core and fetch need of Node what the README lists, and no more", () => {
  const modules = importsOf(packages).flatMap(({ from }) => (from.startsWith("node:") ? [from] : []));
  const code = filesOf(packages).map((file) => readFileSync(join(top, file), "utf8"));
  const globals = code.flatMap((text) =>
    text
      .replace(/\/\*[^]*?\*\/|\/\/.*/g, "")
      .match(/(?<![\w.])(Buffer|process|global|require|setImmediate|__dirname)(?=[.(<])/g),
  );
  const needed = new Set([...modules, ...globals.filter((name) => name !== null)]);
  const listed = /## What it needs of Node\n\n([^.]*)\./.exec(
    readFileSync(join(top, "packages/fetch/README.md"), "utf8"),
  );
  expect([...needed].toSorted()).toEqual(
    Array.from(listed![1]!.matchAll(/`([^`]+)`/g), ([, name]) => name!).toSorted(),
  );
});

const judged: readonly [string, Judge, JudgeOptions][] = [
  ["upsales", judge.upsales, { mount: "/upsales", authenticationKey }],
  ["uphance", judge.uphance, { mount: `/hooks/uphance/${secret}`, secret }],
  [
    "app-inbox",
    judge.appInbox,
    { mount: "/hooks/inbox", credentials: { ...credentials, username: "inbox" } },
  ],
  ["postback", judge.postback, { mount: "/hooks/postback", credentials }],
];

const app = (file: string) => join(import.meta.dirname, "../support", file);

/** How each is started; it prints its port. */
const runtimes = {
  bun: async () => ["--conditions=source", app("runtime-app.ts")],
  deno: async () => ["run", "--allow-all", "--no-lock", "--conditions=source", app("runtime-app.ts")],
  workerd: async () => ["serve", await bundleWorker(app("worker-app.ts")), "--control-fd=1"],
};

for (const name of ["bun", "deno", "workerd"] as const) {
  describeWith(name)(name, () => {
    /** A process with the four receivers until the end of the test. */
    async function start() {
      const child = spawn(engineOf(name).at, await runtimes[name](), { stdio: ["pipe", "pipe", "inherit"] });
      onTestFinished(async () => {
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      });
      const [line] = await once(createInterface(child.stdout), "line");
      const { port } = JSON.parse(String(line));
      return { port, url: `http://127.0.0.1:${port}` };
    }

    it.each(judged)("the judge of %s finds nothing wrong", async (_provider, play, options) => {
      const { url } = await start();
      const report = await play({ target: url }, { ...options, quietMs: 1_000 });
      expect(report.findings.map(({ clause, says }) => `${clause} ${says}`)).toEqual([]);
      expect(report.passed.length).toBeGreaterThan(3);
    });

    it("any.52 any.13 two Authorization headers are refused", async () => {
      const { port } = await start();
      const { path, headers, body } = sample("postback/contact-create-attempt-1");
      const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}`);
      const twice = [...lines, lines.find((line) => /^authorization/i.test(line))!];
      for (const [sent, status] of [
        [lines, 200],
        [twice, 401],
      ] as const) {
        const head = post(path, ...sent, `Content-Length: ${body.length}`, "Connection: close");
        expect(await rawClient(port, head + body).closed).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      }
    });

    it("any.8 any.22 any.52 a callback of two deliveries at once is posted once, after the reply", async () => {
      const { url } = await start();
      const posts: unknown[] = [];
      const provider = await serve(
        (req, res) => void json(req).then((post) => (posts.push(post), res.end())),
      );
      const delivery = withFields(sample("upsales/external-without-user"), {
        data: { sleepMs: 300 },
        callbackUrl: `https://integration.upsales.com/callback/1?port=${provider.port}`,
      });
      const answers = await Promise.all([send(url, delivery), send(url, delivery)]);
      expect(answers.map(({ status, text }) => [status, text])).toEqual([
        [200, "{}"],
        [200, "{}"],
      ]);
      await expect.poll(() => posts).toEqual([{ notify: "Done" }]);
    });

    it("any.3 a body of more than the limit is refused, however it comes", async () => {
      const { url } = await start();
      const { path, headers } = sample("postback/contact-create-attempt-1");
      for (const body of ["x".repeat(2_000_000), new Blob(["x".repeat(2_000_000)]).stream()]) {
        const response = await fetch(url + path, { method: "POST", headers, body, duplex: "half" });
        expect([response.status, await response.json()]).toEqual([413, { code: "too_large" }]);
      }
    });
  });
}
