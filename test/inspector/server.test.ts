/** The inspector over HTTP: who is let in, what is shown, and what is done. */
import type { AddressInfo } from "node:net";
import { createReceiver, OptionError, postback } from "@answerback/core";
import { createInspector } from "@answerback/inspector";
import express from "express";
import Koa from "koa";
import { describe, expect, onTestFinished, test } from "vitest";
import { inspected, mounts, type Inspected } from "./inspected.ts";

const own = { "x-answerback-inspector": "1", "content-type": "application/json" };

/** Has it do something, as the page would. */
function doing({ page, receiver }: Inspected, what: string, order: object = {}, headers: object = {}) {
  const body = JSON.stringify({ receiver: receiver.name, ...order });
  return fetch(`${page}api/do/${what}`, { method: "POST", headers: { ...own, ...headers }, body });
}

async function asked({ page, receiver }: Inspected, what: string, query: Record<string, string> = {}) {
  const response = await fetch(
    `${page}api/${what}?${String(new URLSearchParams({ receiver: receiver.name, ...query }))}`,
  );
  return { status: response.status, json: (await response.json()) as any };
}

describe.each(mounts)("%s", (mount) => {
  test("the page and all that it names are there, below any mount, and protected", async () => {
    const { page } = await inspected(mount);
    const html = await fetch(page);
    const text = await html.text();
    expect(html.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const named = [...text.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const path of named) {
      expect(path).toMatch(/^[a-z]/);
      const file = await fetch(new URL(path, page));
      expect([path, file.status]).toEqual([path, 200]);
    }
    for (const path of ["", "page.css", "nothing", "api/receivers", "api/nothing", "api/do/pause"]) {
      const { headers } = await fetch(page + path);
      const policy = headers.get("content-security-policy");
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/);
      expect(policy).toMatch(
        /frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'$/,
      );
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toMatch(/^no-/);
      expect([headers.get("set-cookie"), headers.get("access-control-allow-origin")]).toEqual([null, null]);
    }
    expect(text).not.toMatch(/<script(?! type="module" src=)|\sstyle=|\son\w+=/);
  });

  test("without a slash at its end it is found, too", async () => {
    const { page } = await inspected(mount);
    const response = await fetch(page.slice(0, -1));
    expect([response.status, response.url]).toEqual([200, page]);
  });

  test("what is elsewhere is not its business", async () => {
    const { origin } = await inspected(mount);
    for (const path of ["/elsewhere", "/inspector", "/"]) {
      const response = await fetch(origin + path);
      expect([path, response.status, response.headers.get("content-security-policy")]).toEqual([
        path,
        404,
        // Express has one of its own for what nobody answers
        mount === "Express" ? "default-src 'none'" : null,
      ]);
    }
  });

  test("records, one whole, causes and counts are shown", async () => {
    const app = await inspected(mount, { payloads: true });
    await app.deliver({ id: "c1" });
    await app.deliver({ id: "c2", last_name: "dies of a broken heart" });
    const { json } = await asked(app, "records", { state: "dead" });
    expect(json.records).toMatchObject([{ id: "c2", name: "contact.create", state: "dead" }]);
    const story = await asked(app, "record", { key: json.records[0].key });
    expect(story.json.record.data.data).toEqual({ id: "c2", last_name: "dies of a broken heart" });
    expect(story.json.seen.map(({ record }: any) => record.kind)).toEqual(["run", "dead", "delivery"]);
    expect((await asked(app, "errors")).json).toMatchObject({
      groups: [{ error: "permanent: a broken heart", count: 1, names: ["contact.create"] }],
    });
    expect((await asked(app, "receivers")).json).toEqual({
      actions: false,
      payloads: true,
      receivers: [app.receiver.name],
    });
    const counts = (await asked(app, "counts")).json;
    expect(counts.counted.counts).toMatchObject({ dead: 1, settled: 1 });
    expect(counts.samples).toMatchObject([{ at: expect.any(Number), counts: { dead: 1, settled: 1 } }]);
    expect((await asked(app, "records", { id: "c1" })).json.records).toHaveLength(1);
  });

  test("what comes in is fed live, and what came before", async () => {
    const app = await inspected(mount);
    await app.deliver({ id: "before" });
    const response = await fetch(`${app.page}api/feed?receiver=${app.receiver.name}`);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (what: string) => {
      while (!text.includes(what)) text += (await reader.read()).value;
    };
    await until('"id":"before"');
    await app.deliver({ id: "after" });
    await until('"id":"after"');
    app.close();
    while (!(await reader.read()).done);
    expect((await asked(app, "feed")).status).toBe(503);
  });

  test("without actions it only looks", async () => {
    const app = await inspected(mount);
    await app.deliver({ id: "c1", last_name: "dies of it" });
    const { key } = (await app.receiver.records.list()).records[0]!;
    const response = await doing(app, "discard", { key });
    expect([response.status, await response.json()]).toEqual([
      403,
      { code: "refused", message: "this inspector only looks: it was made without actions: true" },
    ]);
    expect((await app.receiver.records.get(key))?.state).toBe("dead");
  });

  test("with actions one is retried or discarded, and the work is paused and resumed", async () => {
    const app = await inspected(mount, { actions: true });
    await app.deliver({ id: "c1", last_name: "dies of it" });
    const { key } = (await app.receiver.records.list()).records[0]!;
    expect((await doing(app, "retry", { key })).status).toBe(200);
    await app.receiver.idle();
    expect(app.events).toHaveLength(2);
    expect((await doing(app, "discard", { key })).status).toBe(200);
    expect((await app.receiver.records.get(key))?.state).toBe("settled");
    expect((await doing(app, "pause", { name: "contact.create" })).status).toBe(200);
    expect((await app.receiver.records.paused()).names).toEqual(["contact.create"]);
    expect((await doing(app, "resume")).status).toBe(200);
    expect((await app.receiver.records.paused()).names).toEqual([]);
    const refused = await doing(app, "retry", { key });
    expect([refused.status, ((await refused.json()) as any).code]).toEqual([409, "wrong_state"]);
  });

  test("a group is retried or discarded, with its progress, a line a batch", async () => {
    const app = await inspected(mount, { actions: true });
    for (let id = 1; id <= 120; id += 1)
      await app.deliver({ id: `${id}`, last_name: `dies of number ${id}` });
    await app.deliver({ id: "other", last_name: "dies of something else" });
    const error = "permanent: number #";
    const text = await (await doing(app, "discard-all", { error })).text();
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.at(-1)).toEqual({ done: 120, skipped: 0, isOver: true });
    expect((await app.receiver.records.stats()).counts).toMatchObject({ dead: 1, settled: 120 });
  });

  test("nothing but its own page makes it act", async () => {
    const app = await inspected(mount, { actions: true });
    const cases: [string, object][] = [
      ["no header of ours", { "x-answerback-inspector": "" }],
      ["another site", { "sec-fetch-site": "cross-site" }],
      ["a sister of the site", { "sec-fetch-site": "same-site" }],
      ["typed into the address", { "sec-fetch-site": "none" }],
      ["another origin", { origin: "https://evil.example" }],
      ["an origin that hides", { origin: "null" }],
    ];
    for (const [why, headers] of cases) {
      const response = await doing(app, "pause", {}, headers);
      expect([why, response.status]).toEqual([why, 403]);
    }
    expect((await app.receiver.records.paused()).all).toBe(false);
    expect((await doing(app, "pause", {}, { origin: app.origin })).status).toBe(200);
    expect((await fetch(`${app.page}api/do/pause`)).status).toBe(405);
    const preflight = await fetch(`${app.page}api/do/pause`, { method: "OPTIONS" });
    expect([preflight.status, preflight.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("an order for many names its error: nothing is done to all of them by mistake", async () => {
    const app = await inspected(mount, { actions: true });
    await app.deliver({ id: "c1", last_name: "dies of it" });
    for (const what of ["retry-all", "discard-all"]) {
      for (const order of [{}, { error: "" }, { state: "dead" }]) {
        const response = await doing(app, what, order);
        expect([response.status, await response.json()]).toEqual([
          400,
          { code: "no_order", message: "the order names no error" },
        ]);
      }
    }
    expect((await app.receiver.records.stats()).counts.dead).toBe(1);
  });

  test("a text of authorize is a challenge, so that a browser asks for a password", async () => {
    const expected = `Basic ${btoa("ada:lovelace-1843")}`;
    const app = await inspected(mount, {
      authorize: ({ headers }) => headers["authorization"] === expected || 'Basic realm="inspector"',
    });
    const response = await fetch(app.page);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      'Basic realm="inspector"',
    ]);
    expect((await fetch(app.page, { headers: { authorization: expected } })).status).toBe(200);
  });

  test("who is not let in gets nothing at all, and what authorize throws is told once", async () => {
    const warnings: string[] = [];
    const asks: string[] = [];
    const app = await inspected(mount, {
      actions: true,
      warn: ({ code }) => warnings.push(code),
      authorize: async ({ method, path, headers }) => {
        asks.push(`${method} ${path}`);
        if (headers["x-me"] === "throws") throw new Error("a secret of the app");
        return headers["x-me"] === "operator";
      },
    });
    for (const path of ["", "page.css", "api/receivers", "api/feed", "nothing"]) {
      const response = await fetch(app.page + path);
      expect([response.status, await response.json()]).toEqual([
        403,
        { code: "refused", message: "this is not for you" },
      ]);
    }
    expect((await doing(app, "pause")).status).toBe(403);
    expect(asks).toContain("POST /api/do/pause");
    expect((await doing(app, "pause", {}, { "x-me": "operator" })).status).toBe(200);
    const thrown = await fetch(app.page, { headers: { "x-me": "throws" } });
    expect([thrown.status, await thrown.text()]).toEqual([403, expect.not.stringContaining("secret")]);
    await fetch(app.page, { headers: { "x-me": "throws" } });
    expect(warnings).toEqual(["authorize_failed"]);
  });

  test("payloads are shown where they may be, and credentials nowhere", async () => {
    const app = await inspected(mount, { receiving: { keep: "1h" } });
    await app.deliver({ id: "c1", bio: "tuna with mayo" });
    await app.deliver({ id: "c2", bio: "tuna with mayo", last_name: "dies of it" });
    const { records } = await app.receiver.records.list();
    let everything = "";
    for (const { key } of records) everything += JSON.stringify((await asked(app, "record", { key })).json);
    for (const what of ["records", "errors", "receivers", "counts"])
      everything += JSON.stringify((await asked(app, what)).json);
    expect(everything).toContain("c2");
    expect(everything).not.toMatch(/tuna|correct-horse/);
  });

  test("values of any size are cut, and say how long they were", async () => {
    const app = await inspected(mount, { payloads: true, receiving: { bodyLimit: 2 ** 25 } });
    const long = "x".repeat(8 * 2 ** 20);
    expect(await app.deliver({ id: "c1", bio: long, last_name: "dies of it" })).toBe(200);
    const { key } = (await app.receiver.records.list()).records[0]!;
    const { json } = await asked(app, "record", { key });
    expect(json.record.data.data.bio).toMatch(/^x{2000}… \(8388608 characters\)$/);
  });

  test("an answer has its bounds, however a payload is made", async () => {
    const app = await inspected(mount, { payloads: true, receiving: { bodyLimit: 2 ** 25 } });
    const wide = (depth: number): object =>
      Array.from({ length: 60 }, () => (depth === 0 ? "some text" : wide(depth - 1)));
    const text = JSON.stringify({ smile: `${"x".repeat(1_999)}😀`, deep: wide(2) });
    expect(text.length).toBeGreaterThan(2_000_000);
    await app.deliver({ ...JSON.parse(text), id: "c1", last_name: "dies of it" });
    const { key } = (await app.receiver.records.list()).records[0]!;
    const { json } = await asked(app, "record", { key });
    expect(JSON.stringify(json).length).toBeLessThan(400_000);
    expect(JSON.stringify(json)).toContain("… (60 items)");
    // no character is cut in two
    expect(json.record.data.data.smile).toBe(`${"x".repeat(1_999)}… (2001 characters)`);
  });

  test("what there is not is said", async () => {
    const app = await inspected(mount, { actions: true });
    expect((await fetch(`${app.page}nothing`)).status).toBe(404);
    expect((await fetch(`${app.page}page/../package.json`)).status).toBe(404);
    expect((await fetch(`${app.page}page%2f..%2f..%2fpackage.json`)).status).toBe(404);
    expect((await fetch(app.page, { method: "DELETE" })).status).toBe(405);
    expect((await fetch(app.page, { method: "HEAD" })).status).toBe(200);
    expect((await asked(app, "record", { key: "nothing" })).status).toBe(404);
    expect((await asked(app, "records", { receiver: "nobody" })).status).toBe(404);
    expect(await asked(app, "records", { state: "deaf" })).toMatchObject({
      status: 400,
      json: { code: "invalid", message: expect.stringContaining('"dead"') },
    });
    expect((await doing(app, "explode")).status).toBe(404);
    const broken = await fetch(`${app.page}api/do/pause`, { method: "POST", headers: own, body: "{" });
    expect(broken.status).toBe(400);
  });
});

test("the whole page is under 60 kB on the wire, and asked for once", async () => {
  const { page } = await inspected("Express");
  const seen = new Map<string, number>();
  const follow = async (path: string) => {
    if (seen.has(path)) return;
    const response = await fetch(path, { headers: { "accept-encoding": "gzip" } });
    const { status, headers } = response;
    expect([path, status, headers.get("content-encoding")]).toEqual([path, 200, "gzip"]);
    seen.set(path, Number(headers.get("content-length")));
    const named = (await response.text()).matchAll(/(?:href|src)="([^"#]+)"|from "(\.[^"]+)"/g);
    for (const [, one, other] of named) await follow(new URL((one ?? other)!, path).href);
  };
  await follow(page);
  expect(seen.size).toBeGreaterThan(15);
  const size = [...seen.values()].reduce((sum, length) => sum + length, 0);
  expect(size).toBeGreaterThan(5_000);
  expect(size).toBeLessThan(60_000);
  const style = new URL("page.css", page);
  for (const encoding of ["identity", "gzip;q=0"]) {
    const plain = await fetch(style, { headers: { "accept-encoding": encoding } });
    expect([encoding, plain.headers.get("content-encoding")]).toEqual([encoding, null]);
  }
  const { headers } = await fetch(style);
  const again = await fetch(style, { headers: { "if-none-match": headers.get("etag")! } });
  expect(again.status).toBe(304);
});

test("with the option path it answers there alone, and lets the rest go on", async () => {
  const receiver = createReceiver(postback(), { authenticate: false, handle: () => {}, warn: () => {} });
  const inspector = createInspector({ receivers: receiver, authorize: false, path: "/inspect/" });
  const servers = [
    express()
      .use(inspector.handler)
      .use((_req, res) => void res.send("the app"))
      .listen(0),
    new Koa()
      .use(inspector.koa)
      .use((ctx) => void (ctx.body = "the app"))
      .listen(0),
  ];
  onTestFinished(async () => {
    for (const server of servers) server.close();
    await receiver.close();
  });
  for (const server of servers) {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(`${origin}/inspector`)).text()).toBe("the app");
    expect(await (await fetch(`${origin}/inspect`)).text()).toContain("<title>Inspector");
    expect((await fetch(`${origin}/inspect/api/receivers`)).status).toBe(200);
  }
});

test("a mistake in the options is refused with its cure", () => {
  const receiver = createReceiver(postback(), { authenticate: false, handle: () => {}, name: "mistakes" });
  const made = (options: object) => () => createInspector(options as any);
  expect(made({ receivers: receiver })).toThrow(
    /authorize: it is missing; give a function .* or write out false/,
  );
  expect(made({ receivers: [receiver, receiver], authorize: false })).toThrow(/two are named mistakes/);
  expect(made({ receivers: {}, authorize: false })).toThrow(OptionError);
  expect(made({ receivers: receiver, authorise: false })).toThrow(/did you mean authorize/);
  expect(made({ receivers: receiver, authorize: false, path: "inspect" })).toThrow(/write "\/inspect"/);
});
