/** any.3 and any.4: reading a body under its limits, and living with whoever read it before. */

import { once } from "node:events";
import type { RequestListener } from "node:http";
import type { Body, Sent } from "@answerback/core";
import { createNodeHandler, type NodeHandler } from "@answerback/node";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fakeReceiver, type FakeReceiver } from "../support/fake-receiver.ts";
import {
  type Before,
  following,
  type Framework,
  frameworks,
  type Left,
  type MountOptions,
} from "../support/frameworks.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve } from "../support/serve.ts";

const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };

describe.each(frameworks)("$name", (framework) => {
  const { mount } = framework;

  it("any.4 reads a stream that nobody read, whatever req.body holds", async () => {
    expect(await bodyOf(framework, { before: setsEmptyBody }, { headers: form, body: "a=1" })).toBe("a=1");
  });

  it("any.4 reads a stream that somebody paused before anything was read", async () => {
    expect(await bodyOf(framework, { before: (req) => void req.pause() }, { body: "later" })).toBe("later");
  });

  it("any.4 reads a form in chunks without a length", async () => {
    const chunks = new Blob(["a=", "1"]).stream();
    expect(await bodyOf(framework, {}, { headers: form, body: chunks, duplex: "half" })).toBe("a=1");
  });

  it("any.4 reads an empty body as no bytes", async () => {
    expect(await bodyOf(framework, {}, {})).toBe("");
  });

  it("any.4 takes an empty body that a parser went through as no bytes", async () => {
    expect(await bodyOf(framework, { before: consumed({}) }, {})).toBe("");
  });

  it("any.4 takes what the framework's own parser left of a JSON body", async () => {
    const body = await deliver(framework, { parser: true }, { headers: json, body: '{"a":[1]}' });
    // @koa/bodyparser and Hono keep the text as well, and the text is nearer to the wire; Fastify's parsers are for other routes
    const keepsText = /^(Koa|Fastify|fetch)/.test(framework.name);
    expect(keepsText ? JSON.parse(text(body)) : body).toEqual(
      keepsText ? { a: [1] } : { kind: "parsed", value: { a: [1] } },
    );
  });

  if (!framework.takesRequest)
    it("any.4 takes an empty list for the value that it is", async () => {
      const before = consumed({ body: [] });
      expect(await deliver(framework, { before }, { headers: json, body: "[]" })).toEqual({
        kind: "parsed",
        value: [],
      });
    });

  if (!framework.takesRequest)
    it.each<[string, Left, string]>([
      ["a rawBody of bytes before the parsed body", { rawBody: Buffer.from("å=1"), body: { å: "1" } }, "å=1"],
      ["a rawBody of text before the parsed body", { rawBody: "å=1", body: { å: "1" } }, "å=1"],
      ["a body of bytes", { body: new Uint8Array([97]) }, "a"],
      ["a body of text", { body: "å" }, "å"],
    ])("any.4 takes %s when the stream was read", async (_what, left, expected) => {
      expect(await bodyOf(framework, { before: consumed(left) }, { body: "on the wire" })).toBe(expected);
    });

  it.each<[string, Left]>([
    ["nothing", {}],
    ["an empty object", { body: {} }],
    ["an empty text", { rawBody: "", body: {} }],
    ["no bytes", { rawBody: Buffer.alloc(0) }],
  ])("any.4 tells of a body that was read and of which %s is left", async (_what, left) => {
    expect(await deliver(framework, { before: consumed(left) }, { body: "{}" })).toEqual({
      kind: "already_read",
    });
  });

  it("any.4 survives a body that throws when it is looked at", async () => {
    expect(await deliver(framework, { before: leavesTrap }, { body: "{" })).toEqual({ kind: "already_read" });
  });

  it("any.4 does not hang on a stream that somebody left half-read", async () => {
    expect(await deliver(framework, { before: readsHalf }, { body: "x".repeat(300_000) })).toEqual({
      kind: "already_read",
    });
  });

  it("any.4 does not hang on a stream with an encoding", async () => {
    expect(
      await deliver(framework, { before: (req) => void req.setEncoding("utf8") }, { body: "text" }),
    ).toEqual({ kind: "already_read" });
  });

  it("any.4 leaves a stream that it took at once at its end, for whoever listens", async () => {
    const ended = Promise.withResolvers<void>();
    const before: Before = (req) => void req.once("end", ended.resolve);
    const { port } = await serve(mount(fakeReceiver({ read: {} }), { before }));
    await rawClient(port, `${post("/", "Content-Length: 4")}here`).until('{"ok":true}');
    await expect(ended.promise).resolves.toBeUndefined();
  });

  it("any.3 takes a body of the limit exactly, and one byte more is too large", async () => {
    const read = { limit: 10 };
    expect(text(await deliver(framework, {}, { body: "x".repeat(10) }, read))).toHaveLength(10);
    expect(await deliver(framework, {}, { body: "x".repeat(11) }, read)).toEqual({ kind: "too_large" });
    const chunked = { body: new Blob(["x".repeat(11)]).stream(), duplex: "half" } as const;
    expect(await deliver(framework, {}, chunked, read)).toEqual({ kind: "too_large" });
  });

  if (!framework.takesRequest)
    it("any.3 holds what a parser left to the limit as well", async () => {
      const before = consumed({ rawBody: "x".repeat(11) });
      const body = new Blob(["x".repeat(11)]).stream();
      expect(await deliver(framework, { before }, { body, duplex: "half" }, { limit: 10 })).toEqual({
        kind: "too_large",
      });
    });

  it("any.3 knows from the declared length alone that a body is too large", async () => {
    const { receiver, port } = await serving(framework, {}, { limit: 10 });
    const client = rawClient(port, post("/", "Content-Length: 1000000000"));
    await client.until('{"ok":true}');
    expect(receiver.bodies).toEqual([{ kind: "too_large" }]);
  });

  it("any.3 waits no longer than it was told for a body that stops one byte short", async () => {
    const { receiver, port } = await serving(framework, {}, { withinMs: 20 });
    const client = rawClient(port, `${post("/", "Content-Length: 10")}123456789`);
    await client.until('{"ok":true}');
    expect(receiver.bodies).toEqual([{ kind: "timeout" }]);
  });

  it("any.3 tells of a provider that broke off", async () => {
    const receiver = fakeReceiver({ read: {} });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, `${post("/", "Content-Length: 10")}12345`);
    await receiver.asked();
    client.socket.destroy();
    expect(await toldBy(framework, receiver)).toEqual(framework.takesRequest ? undefined : ["not"]);
    await vi.waitFor(() => expect(receiver.bodies).toEqual([{ kind: "aborted" }]));
  });

  // what has arrived whole is whole for whoever cannot see the connection
  it.each(framework.takesRequest ? ["12345"] : ["12345", "1234567890"])(
    "any.3 tells of a provider that broke off before anybody read its %j",
    async (sent) => {
      const receiver = fakeReceiver({ read: {} });
      const { port } = await serve(mount(receiver, { before: waitsForClose }));
      const client = rawClient(port, post("/", "Content-Length: 10") + sent);
      client.socket.once("connect", () => setImmediate(() => client.socket.destroy()));
      expect(await toldBy(framework, receiver)).toEqual(framework.takesRequest ? undefined : ["not"]);
      // before Node 24 the web stream of one that has broken off ends as if it were whole, and what is missing may have been read
      const isHidden = framework.takesRequest && Number.parseInt(process.versions.node) < 24;
      await vi.waitFor(() =>
        expect(receiver.bodies).toEqual([{ kind: isHidden ? "already_read" : "aborted" }]),
      );
    },
  );
});

// the others get the body from whoever read it off the connection
describe.each(following)("$name", (framework) => {
  const { mount } = framework;

  it("any.4 reads all of a stream that somebody has just set going", async () => {
    const long = "x".repeat(66_000); // more than Node hands over at a time
    const before: Before = async (req) => {
      while (req.readableLength < long.length) await new Promise((resolve) => setImmediate(resolve));
      req.resume();
    };
    expect(await bodyOf(framework, { before }, { body: long })).toHaveLength(long.length);
  });

  it("any.3 sets no timer for a body that came with its head", async () => {
    const setTimeout = vi.spyOn(globalThis, "setTimeout");
    onTestFinished(() => setTimeout.mockRestore());
    const receiver = fakeReceiver({ read: {} });
    const { port } = await serve(mount(receiver));
    await rawClient(port, `${post("/", "Content-Length: 4")}here`).until('{"ok":true}');
    expect(text(receiver.bodies[0])).toBe("here");
    expect(setTimeout).not.toHaveBeenCalled();
  });

  it("any.3 reads all chunks of a body that declares a length as well, where a lenient server lets it in", async () => {
    const receiver = fakeReceiver({ read: {} });
    const { port } = await serve(mount(receiver), { insecureHTTPParser: true });
    const client = rawClient(port, post("/", "Content-Length: 4", "Transfer-Encoding: chunked"));
    client.socket.write("4\r\nhere\r\n");
    await receiver.asked();
    client.socket.write("5\r\n, too\r\n0\r\n\r\n");
    await client.until('{"ok":true}');
    expect(text(receiver.bodies[0])).toBe("here, too");
  });
});

it.each<[string, (handler: NodeHandler) => RequestListener, Body]>([
  ["before us is read as well", listensBefore, { kind: "bytes", bytes: Buffer.from("{}") }],
  ["after us is never taken for empty", listensAfter, { kind: "already_read" }],
])("any.4 a stream that somebody begins to read right %s", async (_when, listens, body) => {
  const receiver = fakeReceiver({ read: {} });
  const { port } = await serve(listens(createNodeHandler(receiver)));
  await rawClient(port, `${post("/", "Content-Length: 2")}{}`).until('{"ok":true}');
  expect(receiver.bodies).toEqual([body]);
});

async function serving({ mount }: Framework, options: MountOptions, read = {}) {
  const receiver = fakeReceiver({ read, reply: { close: true } });
  return { receiver, ...(await serve(mount(receiver, options))) };
}

async function deliver(
  framework: Framework,
  options: MountOptions,
  init: RequestInit,
  read = {},
): Promise<Body | undefined> {
  const { receiver, url } = await serving(framework, options, read);
  const response = await fetch(url, { method: "POST", ...init });
  expect(response.status).toBe(200);
  return receiver.bodies[0];
}

async function bodyOf(framework: Framework, options: MountOptions, init: RequestInit): Promise<string> {
  return text(await deliver(framework, options, init));
}

function text(body: Body | undefined): string {
  expect(body?.kind).toBe("bytes");
  return body?.kind === "bytes" ? new TextDecoder().decode(body.bytes) : "";
}

/** How far the reply went, where somebody knows. */
async function toldBy(framework: Framework, receiver: FakeReceiver): Promise<readonly Sent[] | undefined> {
  return framework.takesRequest ? undefined : receiver.told();
}

function listensBefore(handler: NodeHandler): RequestListener {
  return (req, res) => {
    req.on("data", () => {});
    void handler(req, res);
  };
}

function listensAfter(handler: NodeHandler): RequestListener {
  return (req, res) => {
    void handler(req, res);
    req.on("data", () => {});
  };
}

const setsEmptyBody: Before = (_req, _res, left) => {
  left.body = {};
};

/** A parser that reads the stream and leaves `left`. */
function consumed(left: Left): Before {
  return async (req, _res, place) => {
    for await (const _ of req);
    Object.assign(place, left);
  };
}

const leavesTrap: Before = async (req, _res, left) => {
  for await (const _ of req);
  Object.defineProperty(left, "rawBody", {
    get() {
      throw new SyntaxError("Unexpected token");
    },
  });
};

const readsHalf: Before = async (req) => {
  await once(req, "data");
  req.pause();
};

const waitsForClose: Before = async (req) => {
  await new Promise((resolve) => void req.once("close", resolve));
};
