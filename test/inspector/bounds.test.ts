/** What the inspector holds has bounds, and what fails is said: with a receiver that does as the test says. */
import { AnswerbackError } from "@answerback/core";
import { describe, expect, test } from "vitest";
import { scripted, type Scripted } from "./scripted.ts";

function order({ page }: Scripted, what: string, signal?: AbortSignal): Promise<Response> {
  const headers = { "x-answerback-inspector": "1", "content-type": "application/json" };
  const body = JSON.stringify({ receiver: "scripted", error: "failed" });
  return fetch(`${page}api/do/${what}`, { method: "POST", headers, body, signal: signal ?? null });
}

/** A connection to the feed, and what it brought. */
async function feed({ page }: Scripted, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const response = await fetch(`${page}api/feed?receiver=scripted`, { headers, signal: stop.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    status: response.status,
    async until(what: string): Promise<string> {
      while (!text.includes(what)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the feed ended before ${what}`);
        text += value;
      }
      return text;
    },
    stop: () => stop.abort(),
  };
}

const linesOf = (text: string): any[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("the feed", () => {
  test("goes on where a connection broke off, and from the beginning for another process", async () => {
    const app = await scripted();
    for (const name of ["one", "two"]) app.observe({ name });
    const first = await feed(app);
    const text = await first.until('"two"');
    const [one] = [...text.matchAll(/^id: (\S+)$/gm)].map(([, id]) => id!);
    first.stop();
    const second = await feed(app, { "last-event-id": one! });
    expect(await second.until('"two"')).not.toContain('"one"');
    const other = await feed(app, { "last-event-id": `elsewhere.${one!.split(".")[1]}` });
    expect(await other.until('"two"')).toContain('"one"');
  });

  test("is of the receiver that is asked for, and of none that there is not", async () => {
    const app = await scripted();
    expect((await fetch(`${app.page}api/feed?receiver=nobody`)).status).toBe(404);
    expect((await fetch(`${app.page}api/feed?receiver=scripted`, { method: "HEAD" })).status).toBe(200);
  });

  test("has 32 readers at most, and a place again when one goes", async () => {
    const app = await scripted();
    const readers = await Promise.all(Array.from({ length: 32 }, () => feed(app)));
    expect(readers.map(({ status }) => status)).toEqual(Array(32).fill(200));
    expect((await feed(app)).status).toBe(503);
    readers[0]!.stop();
    await expect.poll(async () => (await feed(app)).status).toBe(200);
  });

  test("drops a reader who does not keep up", async () => {
    const app = await scripted();
    const reader = await feed(app);
    // more at once than a connection takes
    for (let number = 0; number < 20_000; number += 1) app.observe({ reason: "x".repeat(2_000) });
    app.observe({ name: "the last" });
    await expect(reader.until("the last")).rejects.toThrow("terminated");
    await expect((await feed(app)).until("the last")).resolves.toBeDefined();
  });

  test("ends with the inspector, which then watches nobody", async () => {
    const app = await scripted();
    const reader = await feed(app);
    expect(app.watchers()).toBe(1);
    app.close();
    await expect(reader.until("anything else")).rejects.toThrow("the feed ended");
    expect(app.watchers()).toBe(0);
  });
});

test("of a receiver the newest 1,000 observations are remembered, their texts cut", async () => {
  const app = await scripted({ get: async () => undefined });
  for (let number = 1; number <= 1_500; number += 1) app.observe({ name: `${number} ${"x".repeat(9_000)}` });
  const response = await fetch(`${app.page}api/record?receiver=scripted&key=k`);
  const { seen } = (await response.json()) as any;
  expect(seen.map(({ number }: any) => number)).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 501));
  expect(seen[0].record.name).toMatch(/^501 x+… \(9004 characters\)$/);
});

describe("work on many", () => {
  test("that fails half-way says so in its last line", async () => {
    const app = await scripted({
      async retryAll(_filter, { onProgress } = {}) {
        onProgress?.({ done: 100, skipped: 0 });
        throw new AnswerbackError("backend_away", "the backend is away");
      },
    });
    expect(linesOf(await (await order(app, "retry-all")).text())).toEqual([
      { done: 100, skipped: 0 },
      { failed: "the backend is away" },
    ]);
  });

  test("stops when its connection does", async () => {
    let stopped: (() => void) | undefined;
    const isStopped = new Promise<void>((resolve) => (stopped = resolve));
    const app = await scripted({
      async discardAll(_filter, { onProgress, signal } = {}) {
        onProgress?.({ done: 1, skipped: 0 });
        await new Promise((resolve) => signal!.addEventListener("abort", resolve));
        stopped!();
        return { done: 1, skipped: 0 };
      },
    });
    const stop = new AbortController();
    const response = await order(app, "discard-all", stop.signal);
    await response.body!.getReader().read();
    stop.abort();
    await expect(isStopped).resolves.toBeUndefined();
  });
});

test("an error that is not ours may hold a secret: the app is told, and the page that it was", async () => {
  const app = await scripted({
    async list() {
      throw new Error("connect postgres://me:hunter2@db");
    },
    async stats() {
      throw new Error("connect postgres://me:hunter2@db");
    },
    async paused() {
      return { all: false, names: [] };
    },
  });
  const list = await fetch(`${app.page}api/records?receiver=scripted`);
  expect([list.status, await list.json()]).toEqual([
    500,
    { code: "failed", message: "it failed; the app was told why" },
  ]);
  const counts = await fetch(`${app.page}api/counts?receiver=scripted`);
  expect(await counts.json()).toEqual({ counted: { away: "it failed; the app was told why" }, samples: [] });
  expect(app.warnings.map(({ code }) => code)).toEqual(["inspector_failed", "inspector_failed"]);
});

test("of very many errors the largest groups are shown, and how many more there are", async () => {
  const groups = Array.from({ length: 150 }, (_, at) => ({
    error: `failed: ${"abcdefghij"[at % 10]}`,
    code: "failed" as const,
    count: 100,
    names: ["t"],
  }));
  const app = await scripted({ errors: async () => groups });
  const json = (await (await fetch(`${app.page}api/errors?receiver=scripted`)).json()) as any;
  expect([json.groups.length, json.left, json.newest]).toEqual([100, 50, 10_000]);
});

test("counts over time: asked for once in ten seconds at most, whoever looks, and again after a change by hand", async () => {
  let asks = 0;
  const counts = { held: 0, free: 0, due: 0, waiting: 0, paused: 0, dead: 0, settled: 0 };
  const app = await scripted({
    async stats() {
      asks += 1;
      return { counts, upTo: 10, dueForMs: 0, runs: 0, posts: 0, paused: { all: false, names: [] } };
    },
    async pause() {},
  });
  const look = async () => (await fetch(`${app.page}api/counts?receiver=scripted`)).json() as any;
  await Promise.all([look(), look(), look()]);
  expect(asks).toBe(1);
  await order(app, "pause");
  expect((await look()).samples).toHaveLength(2);
  expect(asks).toBe(2);
});
