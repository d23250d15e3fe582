/** What a delivery says of the request's head: method, path, query, headers, scheme. */

import { describe, expect, it } from "vitest";
import { fakeReceiver } from "../support/fake-receiver.ts";
import { type Before, following, frameworks } from "../support/frameworks.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve } from "../support/serve.ts";

describe.each(frameworks)("$name", ({ takesRequest, mount }) => {
  async function headOf(...lines: string[]) {
    const receiver = fakeReceiver();
    const { port } = await serve(mount(receiver));
    await rawClient(port, post("/", "Content-Length: 0", ...lines)).until('{"ok":true}');
    return receiver.deliveries[0]!;
  }

  it("any.13 shows both of two Authorization headers, in the order sent", async () => {
    const { headers } = await headOf("Authorization: Basic a", "AUTHORIZATION: Basic b");
    expect(headers["authorization"]).toEqual(["Basic a", "Basic b"]);
  });

  it("any.2 shows both of two Content-Type headers, whatever they say", async () => {
    const types = ["Content-Type: application/json", "Content-Type: application/json"];
    const { headers } = await headOf(...types);
    expect(headers["content-type"]).toEqual(["application/json", "application/json"]);
  });

  it("any.1 hands over every header as it was sent, its name in lower case", async () => {
    const { headers } = await headOf(
      "X-EMPTY:",
      "x-Request-Id: A",
      "Cookie: a=1",
      "cOOKIE: b=2",
      "2: b",
      "1: a",
    );
    expect({ ...headers }).toEqual({
      host: ["test"],
      "content-length": ["0"],
      "x-empty": [""],
      "x-request-id": ["A"],
      cookie: takesRequest ? ["a=1; b=2"] : ["a=1", "b=2"],
      "1": ["a"],
      "2": ["b"],
    });
  });

  it("any.1 hands over what was sent where the app has changed, taken or added a header", async () => {
    const receiver = fakeReceiver();
    const before: Before = ({ headers }) => {
      delete headers["host"];
      Object.assign(headers, { "content-type": "text/html", "x-added": "c" });
    };
    const { port } = await serve(mount(receiver, { before }));
    const sent = post("/", "Content-Length: 0", "Content-Type: application/json");
    await rawClient(port, sent).until('{"ok":true}');
    expect({ ...receiver.deliveries[0]!.headers }).toEqual({
      host: ["test"],
      "content-length": ["0"],
      "content-type": ["application/json"],
    });
  });

  it("any.1 takes header names that objects have of their own for plain names", async () => {
    const { headers } = await headOf("__proto__: a", "constructor: b", "toString: c");
    expect(headers["constructor"]).toEqual(["b"]);
    expect(headers["tostring"]).toEqual(["c"]);
    expect(headers["hasOwnProperty"]).toBeUndefined();
  });

  it("any.15 says that plain HTTP is not secure, whatever an untrusted peer claims", async () => {
    expect((await headOf("X-Forwarded-Proto: https")).secure).toBe(false);
  });

  it("any.15 says what the app's own proxy trust says", async () => {
    const receiver = fakeReceiver();
    const { port } = await serve(mount(receiver, { trustProxy: true }));
    const head = post("/", "Content-Length: 0", "X-Forwarded-Proto: https");
    await rawClient(port, head).until('{"ok":true}');
    expect(receiver.deliveries[0]!.secure).toBe(true);
  });

  it("any.18 hands over the method as sent", async () => {
    const receiver = fakeReceiver();
    const { url } = await serve(mount(receiver));
    await fetch(url, { method: "PUT" });
    expect(receiver.deliveries[0]!.method).toBe("PUT");
  });

  it("any.14 leaves the percent-encoding of path and query alone", async () => {
    const receiver = fakeReceiver();
    const { port } = await serve(mount(receiver, { at: "/hooks" }));
    const head = post("/hooks/a%2Fb//%2e%20c?secret=%C3%A5+1&a=?b", "Content-Length: 0");
    await rawClient(port, head).until('{"ok":true}');
    expect(receiver.deliveries[0]).toMatchObject({ path: "/a%2Fb//%2e%20c", query: "secret=%C3%A5+1&a=?b" });
  });
});

// the others get the target from whoever took it apart
describe.each(following)("$name", ({ mount }) => {
  it("any.18 finds the path of a target in absolute form", async () => {
    const receiver = fakeReceiver();
    const { port } = await serve(mount(receiver, { at: "/hooks" }));
    await rawClient(port, post("http://test/hooks/a?b=1", "Content-Length: 0")).until('{"ok":true}');
    expect(receiver.deliveries[0]).toMatchObject({ path: "/a", query: "b=1" });
  });
});
