/** Bodies of every form that a provider may name: how decode gets them, and all else that it gets. */
import { bodyParser } from "@koa/bodyparser";
import { createExpressMiddleware } from "@answerback/express";
import { createKoaMiddleware } from "@answerback/koa";
import type { BodyForm } from "@answerback/core/provider";
import express from "express";
import Koa from "koa";
import mount from "koa-mount";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { frameworkNamed, type Framework } from "../support/frameworks.ts";
import { openHouse } from "../support/house.ts";
import { ownForms, sendBody } from "../support/own-forms.ts";
import { two } from "./support.ts";

const options = { authenticate: false };
const plain = (as: "json" | "form" | "text" | "bytes"): BodyForm => ({ type: "text/plain", as });

describe.each(two)("$name", (framework) => {
  const open = async (parts: object, given: object = {}) => {
    const { provider, got } = ownForms(parts);
    const house = await openHouse(framework, "upsales", { provider, options: { ...options, ...given } });
    const deliver = (headers: Record<string, string>, body: string | Uint8Array = "", path = "/upsales") =>
      sendBody(house.url + path, headers, body);
    return { ...house, got, deliver };
  };

  it("any.2 a named media type is read as its provider says", async () => {
    const { got, deliver } = await open({
      accepts: [
        plain("json"),
        { type: "application/xml", as: "text" },
        { type: "application/x-fields", as: "form" },
        { type: "*/*", as: "bytes" },
      ],
    });
    for (const [type, body, format, expected] of [
      ["text/plain; charset=UTF-8", '{"a":1}', "json", { a: 1 }],
      ["Application/XML", "<a>ä</a>", "text", "<a>ä</a>"],
      ["application/x-fields;v=1", "a=%C3%A4", "form", { a: "ä" }],
      ["application/json", "{", "bytes", Buffer.from("{")],
    ] as const) {
      expect((await deliver({ "content-type": type }, body)).status).toBe(200);
      const { format: how, body: what } = got.at(-1)!;
      expect([how, what instanceof Uint8Array ? Buffer.from(what) : what]).toEqual([format, expected]);
    }
  });

  it("any.2 a text is decoded by its charset, strictly; bytes are handed over as they are", async () => {
    const { got, deliver } = await open({
      accepts: [plain("text"), { type: "application/octet-stream", as: "bytes" }],
    });
    const latin = Buffer.from("ångström", "latin1");
    expect((await deliver({ "content-type": "text/plain;charset=iso-8859-1" }, latin)).status).toBe(200);
    expect(got.at(-1)?.body).toBe("ångström");
    expect(await deliver({ "content-type": "text/plain" }, latin)).toEqual({
      status: 400,
      code: "malformed",
    });
    const bytes = Uint8Array.of(0, 255, 0, 13, 10, 0);
    expect((await deliver({ "content-type": "application/octet-stream" }, bytes)).status).toBe(200);
    expect(got.at(-1)?.body).toEqual(Buffer.from(bytes));
    expect((await deliver({ "content-type": "text/plain" }, "a\0b")).status).toBe(200);
    expect(got.at(-1)?.body).toBe("a\0b");
  });

  it("any.2 a body without a Content-Type is what the provider says, an empty one too", async () => {
    const { got, deliver } = await open({ untyped: "text" });
    expect((await deliver({})).status).toBe(200);
    expect(got.at(-1)).toMatchObject({ format: "text", body: "" });
    expect((await deliver({}, "hello")).status).toBe(200);
    expect(got.at(-1)?.body).toBe("hello");
    expect((await deliver({ "content-type": "text/plain" }, "hello")).status).toBe(415);
    const bytes = await open({ untyped: "bytes" });
    expect((await bytes.deliver({}, "hello")).status).toBe(200);
    expect(bytes.got.at(-1)?.body).toEqual(Buffer.from("hello"));
  });

  it("any.2 multipart is refused, with a sentence that says what to do", async () => {
    const house = await open({ accepts: ["json", "form"] });
    const type = "multipart/form-data; boundary=x";
    expect(await house.deliver({ "content-type": type }, "--x--")).toEqual({
      status: 415,
      code: "unsupported_media_type",
    });
    expect(house.told[0]?.error.message).toMatch(/multipart, which is not read; ask the provider/);
  });

  it("any.27 decode gets the method, the query, the address, the time and the bytes", async () => {
    const { got, deliver } = await open({}, { publicUrl: "https://acme.example/hooks" });
    const before = Date.now();
    const body = '{ "a": 1 }';
    const headers = { "content-type": "application/json" };
    expect((await deliver(headers, body, "/upsales?a=%20b&a")).status).toBe(200);
    const { receivedAt, bytes, ...rest } = got[0]!;
    expect(rest).toMatchObject({
      ...{ type: undefined, params: {}, format: "json", body: { a: 1 } },
      ...{ method: "POST", query: "a=%20b&a", url: "https://acme.example/hooks?a=%20b&a" },
    });
    expect(receivedAt).toBeGreaterThanOrEqual(before);
    expect(Buffer.from(bytes!).toString()).toBe(body);
  });

  it("any.2 bytes that decode refuses can be acknowledged, and are kept as a text", async () => {
    const house = await open(
      { accepts: [plain("bytes")], decode: () => JSON.parse("{") },
      { malformed: "acknowledge" },
    );
    expect((await house.deliver({ "content-type": "text/plain" }, "what?")).status).toBe(500);
    const refusing = await open(
      {
        accepts: [plain("bytes")],
        decode: () => {
          throw Object.assign(new Error(), { issues: [{ message: "no", path: [] }] });
        },
      },
      { malformed: "acknowledge" },
    );
    expect((await refusing.deliver({ "content-type": "text/plain" }, "what?")).status).toBe(200);
    expect(await refusing.receiver.deadLetters.list()).toMatchObject([{ data: "what?" }]);
  });
});

describe("any.4 after a parser of the app", () => {
  const expressWith = (parser: express.Handler): Framework => ({
    ...frameworkNamed("Express 5"),
    mount: (receiver) => express().use(parser).use("/upsales", createExpressMiddleware(receiver)),
  });
  const koaWith = (parser: Koa.Middleware): Framework => ({
    ...frameworkNamed("Koa 3"),
    mount: (receiver) => {
      const listener = new Koa()
        .use(parser)
        .use(mount("/upsales", createKoaMiddleware(receiver)))
        .callback();
      return (req, res) => void listener(req, res);
    },
  });
  const koaText = bodyParser({ enableTypes: ["text"] });
  const koaJson = bodyParser({ extendTypes: { json: ["text/plain"] } });
  const json = '{"a":"å"}';
  const latin = Buffer.from("å", "latin1");

  it.each<[string, Framework, BodyForm, string, Uint8Array | string, unknown]>([
    ["express.json", expressWith(express.json({ type: "text/plain" })), plain("json"), "", json, { a: "å" }],
    ["express.raw", expressWith(express.raw({ type: "*/*" })), plain("json"), "", json, { a: "å" }],
    ["express.raw", expressWith(express.raw({ type: "*/*" })), plain("text"), "", json, json],
    ["express.text", expressWith(express.text()), plain("json"), "", json, { a: "å" }],
    ["express.text", expressWith(express.text()), plain("text"), "; charset=iso-8859-1", latin, "å"],
    ["Koa's, for JSON,", koaWith(koaJson), plain("json"), "", json, { a: "å" }],
    ["Koa's, for texts,", koaWith(koaText), plain("text"), "", json, json],
  ])(
    "%s leaves what is read as the provider says: %#",
    async (_, framework, form, charset, body, expected) => {
      const { provider, got } = ownForms({ accepts: [form] });
      const { url } = await openHouse(framework, "upsales", { provider, options });
      const answer = await sendBody(`${url}/upsales`, { "content-type": `text/plain${charset}` }, body);
      expect([answer.status, got[0]?.body]).toEqual([200, expected]);
    },
  );

  it.each(["text", "bytes"] as const)("a value where a %s is needed is a 500 with its cure", async (as) => {
    const { provider, got } = ownForms({ accepts: [plain(as)] });
    const framework = expressWith(express.json({ type: "text/plain" }));
    const house = await openHouse(framework, "upsales", { provider, options });
    const answer = await sendBody(`${house.url}/upsales`, { "content-type": "text/plain" }, json);
    expect([answer, got]).toEqual([{ status: 500, code: "body_already_read" }, []]);
    expect(house.told[0]?.error.message).toMatch(/mount Answerback before the body parser/);
  });

  it.each<[string, Framework, string]>([
    ["express.json", expressWith(express.json()), "application/json"],
    ["express.raw", expressWith(express.raw({ type: "*/*" })), "application/json"],
    ["express.text", expressWith(express.text()), "text/plain"],
    ["Koa's, for JSON,", koaWith(bodyParser()), "application/json"],
  ])(
    "any.33 what %s has inflated is not inflated again, and has no bytes as they travelled",
    async (...row) => {
      const [, framework, type] = row;
      const { provider, got } = ownForms({ accepts: ["json", plain("json")], inflate: true });
      const { url } = await openHouse(framework, "upsales", { provider, options });
      const headers = { "content-type": type, "content-encoding": "gzip" };
      const answer = await sendBody(`${url}/upsales`, headers, gzipSync(json));
      expect([answer.status, got[0]?.body, got[0]?.bytes]).toEqual([200, { a: "å" }, undefined]);
    },
  );

  it("any.33 a signature over bytes that a parser has inflated is a 500 with its cure, not a 401", async () => {
    const { provider } = ownForms({ inflate: true });
    const authenticate = { needs: "body", verify: async (one: any) => (await one.bytes()).length > 0 };
    const framework = expressWith(express.raw({ type: "*/*" }));
    const house = await openHouse(framework, "upsales", { provider, options: { authenticate } });
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect(await sendBody(`${house.url}/upsales`, headers, gzipSync(json))).toEqual({
      status: 500,
      code: "body_already_read",
    });
    const plainly = { "content-type": "application/json" };
    expect((await sendBody(`${house.url}/upsales`, plainly, json)).status).toBe(200);
  });
});
