/** Which path is left under the mount, in the ways that every framework has. */

import { describe, expect, it } from "vitest";
import { createExpressMiddleware } from "@answerback/express";
import { createFastifyPlugin } from "@answerback/fastify";
import { createKoaMiddleware } from "@answerback/koa";
import { createNodeHandler } from "@answerback/node";
import { fakeReceiver } from "../support/fake-receiver.ts";
import { frameworks, type MountOptions } from "../support/frameworks.ts";
import { serve } from "../support/serve.ts";

describe.each(frameworks)("$name", ({ name, notOurs, mount }) => {
  // a plugin of Fastify has its routes by itself; its prefix may have parameters, as adapters/routers tries
  const hasNoRoutes = name === "node:http" || name === "Fastify 5" || name === "fetch";

  async function left(options: MountOptions, target: string) {
    const receiver = fakeReceiver();
    const { url } = await serve(mount(receiver, options));
    const { status } = await fetch(url + target, { method: "POST" });
    const [delivery] = receiver.deliveries;
    return delivery ? `${delivery.path}?${delivery.query}` : status;
  }

  it.each([
    ["/", "/?"],
    ["/a/b/?c=1", "/a/b/?c=1"],
    ["/?c", "/?c"],
  ])("any.18 hands over all of %s when it is mounted at the top", async (target, expected) => {
    expect(await left({}, target)).toBe(expected);
  });

  it.each([
    ["/hooks/x", "/?"],
    ["/hooks/x/", "/?"],
    ["/hooks/x?a=1", "/?a=1"],
    ["/hooks/x/y/z", "/y/z?"],
    ["/hooks/xyz", 404],
    ["/hooks", 404],
    ["/", 404],
  ])("any.18 mounted at /hooks/x, of %s is left %s", async (target, expected) => {
    expect(await left({ at: "/hooks/x" }, target)).toBe(expected);
    expect(await left({ path: "/hooks/x" }, target)).toBe(expected);
    expect(await left({ path: "/hooks/x/" }, target)).toBe(expected);
    expect(await left({ at: "/hooks", path: "/x" }, target)).toBe(expected);
  });

  if (!hasNoRoutes)
    it("any.18 mounted by a route, nothing is left of the path", async () => {
      expect(await left({ at: "/hooks/x", by: "route" }, "/hooks/x?a=1")).toBe("/?a=1");
      expect(await left({ at: "/hooks/:name", by: "route" }, "/hooks/y")).toBe("/?");
      expect(await left({ at: "/hooks/x", by: "route" }, "/hooks/y")).toBe(404);
    });

  if (!hasNoRoutes)
    it("any.18 under a route for many paths, path says where it begins", async () => {
      const at = name === "Express 4" ? "/hooks/*" : "/hooks/*rest";
      const route = name.startsWith("Koa") ? "/hooks/{*rest}" : at;
      expect(await left({ at: route, by: "route", path: "/hooks" }, "/hooks/a/1")).toBe("/a/1?");
      expect(await left({ at: route, by: "route" }, "/hooks/a/1")).toBe("/?");
    });

  it("any.18 passes on what the receiver says is not its provider's", async () => {
    const receiver = fakeReceiver({ ours: ({ method }) => method === "POST" });
    const { url } = await serve(mount(receiver));
    const response = await fetch(url);
    expect(response.status).toBe(notOurs);
    expect(response.headers.get("allow")).toBe(notOurs === 405 ? "POST" : null);
    expect((await response.text()) === "").toBe(notOurs === 405);
  });

  it("any.18 answers the next delivery after one that was not ours, on the same connection", async () => {
    const receiver = fakeReceiver({ ours: ({ path }) => path === "/mine" });
    const { url } = await serve(mount(receiver));
    for (const [path, status] of [
      ["/other", 404],
      ["/mine", 200],
      ["/other", 404],
    ] as const) {
      const response = await fetch(url + path, { method: "POST", body: "{}" });
      await response.text();
      expect(response.status).toBe(status);
    }
  });
});

it("any.18 refuses a path without its leading slash when it is mounted", () => {
  for (const create of [
    createExpressMiddleware,
    createFastifyPlugin,
    createKoaMiddleware,
    createNodeHandler,
  ]) {
    expect(() => create(fakeReceiver(), { path: "hooks" })).toThrow(
      expect.objectContaining({ code: "invalid", option: `${create.name}: path` }),
    );
  }
});
