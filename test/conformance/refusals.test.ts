/** What is not let in: each with the provider's own status, before more of it is read than need be. */
import { basicAuth, querySecret, urlSecret } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, send, withFields, withHeaders, type Sample } from "../support/deliveries.ts";
import { frameworks } from "../support/frameworks.ts";
import { openHouse, type ProviderName } from "../support/house.ts";
import { post, rawClient } from "../support/raw-client.ts";

const order = sample("upsales/order-insert");
const ticket = sample("uphance/pick-ticket-update");
const message = sample("app-inbox/message");
const contact = sample("postback/contact-create-attempt-1");

/** A delivery of each provider, and its statuses for: too large, unsupported, malformed. */
const each: readonly (readonly [ProviderName, Sample, number, number, number])[] = [
  ["upsales", order, 413, 415, 400],
  ["uphance", ticket, 413, 415, 400],
  ["app-inbox", message, 429, 400, 400],
  ["postback", contact, 413, 415, 400],
];

describe.each(frameworks)("$name", (framework) => {
  it.each([
    ["none", ""],
    ["another scheme", "Bearer x"],
    ["the scheme alone", "Basic"],
    ["no base64", "Basic !!!"],
    ["no colon", `Basic ${btoa("hook")}`],
    ["another user", `Basic ${btoa("hooks:correct-horse-battery")}`],
    ["a wrong password of the same length", `Basic ${btoa("hook:correct-horse-batterx")}`],
    ["a long password", `Basic ${btoa(`hook:${"x".repeat(10_000)}`)}`],
  ])("any.13 postback.5 credentials: %s is 401 with a challenge, all alike", async (_, authorization) => {
    const house = await openHouse(framework, "postback");
    const answer = await house.deliver(withHeaders(contact, { Authorization: authorization }));
    expect([answer.status, answer.text]).toEqual([401, '{"code":"unauthorized"}']);
    expect(answer.headers.get("www-authenticate")).toBe('Basic realm="webhooks", charset="UTF-8"');
    expect(house.events).toEqual([]);
  });

  it.each([
    ["the scheme in lower case", `basic ${btoa("hook:correct-horse-battery")}`],
    ["several spaces", `Basic   ${btoa("hook:correct-horse-battery")}`],
    ["no padding", `Basic ${btoa("hook:correct-horse-battery").replace(/=+$/, "")}`],
  ])("any.13 credentials: %s is let in", async (_, authorization) => {
    const house = await openHouse(framework, "postback");
    expect((await house.deliver(withHeaders(contact, { Authorization: authorization }))).status).toBe(200);
  });

  it("any.10 any.13 a retry under the other password of a rotation is a duplicate", async () => {
    const pairs = ["old", "new-å"].map((password) => ({ username: "hook", password }));
    const house = await openHouse(framework, "postback", { options: { authenticate: basicAuth(pairs) } });
    for (const { username, password } of pairs) {
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
      expect((await house.deliver(withHeaders(contact, { Authorization: authorization }))).status).toBe(200);
    }
    expect(house.events).toHaveLength(1);
  });

  it("any.13 two Authorization headers are 401, whichever is good", async () => {
    const house = await openHouse(framework, "postback");
    const good = `Authorization: ${contact.headers["Authorization"]}`;
    for (const lines of [
      [good, "Authorization: Basic eDp5"],
      ["Authorization: Basic eDp5", good],
    ]) {
      const client = rawClient(
        house.port,
        post(
          contact.path,
          ...lines,
          "Content-Type: application/x-www-form-urlencoded",
          "Content-Length: 0",
          "Connection: close",
        ),
      );
      expect(await client.closed).toMatch(/^HTTP\/1.1 401 /);
    }
    expect(house.events).toEqual([]);
  });

  it("upsales.2 a wrong authenticationKey is 401, whatever else is wrong", async () => {
    const house = await openHouse(framework, "upsales");
    for (const body of [
      '{"authenticationKey":"no"}',
      "{}",
      '{"authenticationKey":["a-key-of-the-app-4711"]}',
      "[]",
      "null",
    ]) {
      expect((await house.deliver({ ...order, body })).status).toBe(401);
    }
  });

  it.each([
    "0b6f4a3c9d1e4f7fa2c58e7d6b901235",
    "0B6F4A3C9D1E4F7FA2C58E7D6B901234",
    "%30b6f4a3c9d1e4f7fa2c58e7d6b901234",
    "/0b6f4a3c9d1e4f7fa2c58e7d6b901234",
    "",
  ])("any.14 uphance.5 the URL secret %j is an empty 404 of ours, with nothing passed on", async (secret) => {
    const house = await openHouse(framework, "uphance");
    const answer = await house.deliver({ ...ticket, path: `/hooks/uphance/${secret}` });
    expect([answer.status, answer.text, answer.headers.get("cache-control")]).toEqual([
      404,
      "",
      "no-transform",
    ]);
    expect(house.observed).toMatchObject([{ outcome: "refused", code: "unauthorized" }]);
  });

  it("any.14 inbox.4 a wrong URL secret is 401 for App Inbox, whose table has no 404", async () => {
    const authenticate = querySecret("secret", "correct-horse-battery-staple");
    const house = await openHouse(framework, "app-inbox", { options: { authenticate } });
    expect((await house.deliver(message)).status).toBe(401);
    expect(
      (await house.deliver({ ...message, path: `${message.path}?secret=correct-horse-battery-staple` }))
        .status,
    ).toBe(200);
  });

  it("any.13 the user's own function may name who sends, and so tells tenants apart", async () => {
    const authenticate = async ({ headers }: any) => headers["x-tenant"]?.[0];
    const house = await openHouse(framework, "postback", { options: { authenticate } });
    for (const tenant of ["a", "b", "a", ""])
      await house.deliver(withHeaders(contact, { "X-Tenant": tenant }));
    expect(house.events.map(({ identity }) => identity)).toEqual(["a", "b"]);
  });

  it("any.13 of a list of authenticators all must agree", async () => {
    const authenticate = [
      urlSecret("correct-horse-battery-staple"),
      basicAuth({ username: "hook", password: "pass" }),
    ];
    const house = await openHouse(framework, "postback", { options: { authenticate } });
    const path = `${contact.path}/correct-horse-battery-staple`;
    const Authorization = `Basic ${btoa("hook:pass")}`;
    expect((await house.deliver({ ...withHeaders(contact, { Authorization }), path })).status).toBe(200);
    expect((await house.deliver({ ...contact, path })).status).toBe(401);
    expect((await house.deliver(withHeaders(contact, { Authorization }))).status).toBe(404);
  });

  it.each([
    ["at once", () => "a-tenant"],
    ["later", async () => "a-tenant"],
  ])("any.13 who is named %s by the first of a list may be refused by the next", async (_, first) => {
    const second = { needs: "head", verify: ({ headers }: any) => headers["x-key"]?.[0] ?? false } as const;
    const house = await openHouse(framework, "postback", { options: { authenticate: [first, second] } });
    expect((await house.deliver(contact)).status).toBe(401);
    expect((await house.deliver(withHeaders(contact, { "X-Key": "b-tenant" }))).status).toBe(200);
    expect(house.events.map(({ identity }) => identity)).toEqual(["a-tenant"]);
  });

  it("any.13 the user's own function may take the body and its bytes out of the delivery", async () => {
    const taken: unknown[] = [];
    const authenticate = async ({ body, bytes }: any) => {
      taken.push(Buffer.from(await bytes()).toString(), await body());
      return true;
    };
    const house = await openHouse(framework, "app-inbox", { options: { authenticate } });
    expect((await house.deliver(message)).status).toBe(200);
    expect(taken).toEqual([message.body, JSON.parse(String(message.body))]);
  });

  it.each(each)("any.15 %s refuses plain HTTP with requireHttps", async (name, one) => {
    const house = await openHouse(framework, name, { options: { requireHttps: true } });
    const spoofed = withHeaders(one, { "X-Forwarded-Proto": "https" });
    expect((await house.deliver(spoofed)).status).toBe(name === "app-inbox" ? 503 : 403);
    const behindProxy = await openHouse(framework, name, {
      options: { requireHttps: true },
      mount: { trustProxy: true },
    });
    expect((await behindProxy.deliver(spoofed)).status).toBe(200);
    expect((await behindProxy.deliver(one)).status).toBe(name === "app-inbox" ? 503 : 403);
  });

  it.each(each)(
    "any.3 %s: a body of the limit is read, one byte more is not",
    async (name, one, tooLarge) => {
      const limit = Buffer.byteLength(one.body);
      const exactly = await openHouse(framework, name, { options: { bodyLimit: limit } });
      expect((await exactly.deliver(one)).status).toBe(200);
      const above = await openHouse(framework, name, { options: { bodyLimit: limit - 1 } });
      const lines = Object.entries(one.headers).map(([key, value]) => `${key}: ${value}`);
      const declared = rawClient(above.port, post(one.path, ...lines, `Content-Length: ${limit}`));
      const head = await declared.until("\r\n\r\n");
      expect(/\r\nconnection: close\r\n/i.test(head)).toBe(framework.tellsSent);
      expect(Number(declared.received().split(" ")[1])).toBe(tooLarge);
      const chunked = await fetch(above.url + one.path, {
        method: "POST",
        headers: one.headers,
        body: new Blob([one.body]).stream(),
        duplex: "half",
      } as RequestInit);
      expect(chunked.status).toBe(tooLarge);
      expect(above.events).toEqual([]);
    },
  );

  it.each(each)(
    "any.2 %s: another media type, charset or coding is refused unread",
    async (name, one, _, unsupported, malformed) => {
      const house = await openHouse(framework, name);
      for (const headers of [
        { "Content-Type": "text/plain" },
        { "Content-Type": "multipart/form-data; boundary=x" },
        // from Request to Response it is two (any.52)
        ...(framework.name === "fetch" ? [] : [{ "Content-Type": "application/json, text/html" }]),
        { "Content-Type": `${one.headers["Content-Type"]}; charset=utf-7` },
        { "Content-Encoding": "gzip" },
        { "Content-Encoding": "br" },
      ]) {
        expect([headers, (await house.deliver(withHeaders(one, headers))).status]).toEqual([
          headers,
          unsupported,
        ]);
      }
      const authorization = one.headers["Authorization"]
        ? [`Authorization: ${one.headers["Authorization"]}`]
        : [];
      const twice = rawClient(
        house.port,
        post(
          one.path,
          ...authorization,
          "Content-Type: application/json",
          "Content-Type: application/json",
          "Content-Length: 0",
          "Connection: close",
        ),
      );
      expect(Number((await twice.closed).split(" ")[1])).toBe(malformed);
      expect(house.events).toEqual([]);
    },
  );

  it.each(each)(
    "any.6 %s: what is not JSON, or a trap in it, is malformed",
    async (name, one, _, __, malformed) => {
      const house = await openHouse(framework, name, {
        options: name === "upsales" ? { authenticate: false } : {},
      });
      const json = withHeaders(one, { "Content-Type": "application/json" });
      for (const body of [
        "",
        "   ",
        "null",
        "1",
        '"x"',
        '{"a":1',
        "{} {}",
        "{/**/}",
        '{"a":1,}',
        `${"[".repeat(65)}${"]".repeat(65)}`,
        "[".repeat(500_000),
        one.body.startsWith("{") ? one.body.replace("{", '{"__proto__":{"polluted":1},') : '{"__proto__":{}}',
        one.body.startsWith("{")
          ? one.body.replace("{", '{"x":{"\\u005f_proto__":1},')
          : '{"x":{"\\u005f_proto__":1}}',
        '{"constructor":{"prototype":{}}}',
      ]) {
        expect([body.slice(0, 60), (await house.deliver({ ...json, body })).status]).toEqual([
          body.slice(0, 60),
          malformed,
        ]);
      }
      const invalid = rawClient(
        house.port,
        post(
          one.path,
          ...Object.entries(json.headers).map(([key, value]) => `${key}: ${value}`),
          "Content-Length: 3",
          "Connection: close",
        ),
      );
      invalid.socket.write(Buffer.from([0x22, 0xff, 0x22]));
      expect(Number((await invalid.closed).split(" ")[1])).toBe(malformed);
      expect(({} as any).polluted).toBeUndefined();
      expect(house.events).toEqual([]);
    },
  );

  it("upsales.2 an acknowledged malformed body is kept without its key and its address", async () => {
    const house = await openHouse(framework, "upsales", { options: { malformed: "acknowledge" } });
    expect((await house.deliver(withFields(order, { customer: 1 }))).status).toBe(200);
    const letters = await house.receiver.deadLetters.list();
    expect(letters).toMatchObject([{ work: "malformed body", data: { customer: 1, appId: 123 } }]);
    expect(JSON.stringify(letters)).not.toMatch(/a-key-of-the-app-4711|integration\.upsales\.com/);
  });

  it("any.5 postback.1 what is wrong with a form is malformed", async () => {
    const house = await openHouse(framework, "postback");
    const data = encodeURIComponent('{"id":"1"}');
    for (const body of [
      `type=CREATE&type=UPDATE&resource=contact&data=${data}`,
      `type=CREATE&resource=%zz&data=${data}`,
      `type=CREATE&resource=%ff&data=${data}`,
      `type=CREATE&resource=contact&__proto__=1&data=${data}`,
      `type=CREATE&resource=contact&data=${data}&${"a=1&".repeat(101)}`,
      `type=OTHER&resource=contact&data=${data}`,
      `type=CREATE&resource=contact&number_of_attempts=12345&data=${data}`,
      "type=CREATE&resource=contact",
      ...[
        "",
        "null",
        "[]",
        '"str"',
        "{",
        "[".repeat(100_000),
        JSON.stringify('{"id":"1"}'),
        '{"id":""}',
        '{"id":{}}',
        '{"__proto__":1,"id":"1"}',
      ].map((text) => `type=CREATE&resource=contact&data=${encodeURIComponent(text)}`),
    ]) {
      expect([body.slice(0, 80), (await house.deliver({ ...contact, body })).status]).toEqual([
        body.slice(0, 80),
        400,
      ]);
    }
    expect(
      (await house.deliver({ ...contact, body: `type=CREATE&resource=contact&x&data=${data}` })).status,
    ).toBe(200);
  });

  it.each([
    ["", 400],
    [" ", 400],
    ["x".repeat(1_001), 400],
    [{}, 400],
    [[], 400],
    [true, 400],
    [null, 400],
    [2 ** 53, 400],
    ["../\r\n\u001b[31m*:'\"", 200],
  ])("any.6 inbox.1 uphance.1 the id %j", async (id, status) => {
    const uphance = await openHouse(framework, "uphance");
    expect(
      (
        await uphance.deliver({
          ...ticket,
          body: JSON.stringify({ event: "invoice_create", invoice: { id } }),
        })
      ).status,
    ).toBe(status);
    const inbox = await openHouse(framework, "app-inbox");
    expect((await inbox.deliver({ ...message, body: JSON.stringify({ id }) })).status).toBe(status);
  });

  it("any.4 what another parser left is taken; where it left nothing, 500 and the developer is told", async () => {
    const parsed = await openHouse(framework, "upsales", { mount: { parser: true } });
    expect((await parsed.deliver(order)).status).toBe(200);
    expect(parsed.events).toMatchObject([{ type: "order.insert", data: { object: { id: 1 } } }]);
    const before = async (req: any, _: unknown, left: any) => {
      for await (const _chunk of req);
      left.body = {};
    };
    const eaten = await openHouse(framework, "upsales", { mount: { before } });
    const answer = await eaten.deliver(order);
    expect([answer.status, answer.text]).toEqual([500, '{"code":"body_already_read"}']);
    expect(eaten.told).toMatchObject([
      { error: { code: "body_already_read", message: expect.stringContaining("before the body parser") } },
    ]);
  });

  it("any.3 a body that stops short is answered at bodyWithin, and closed", async () => {
    for (const [name, one, status] of [
      ["upsales", order, 408],
      ["app-inbox", message, 503],
    ] as const) {
      const house = await openHouse(framework, name, { options: { bodyWithin: "50ms" } });
      const lines = Object.entries(one.headers).map(([key, value]) => `${key}: ${value}`);
      const client = rawClient(
        house.port,
        post(one.path, ...lines, `Content-Length: ${Buffer.byteLength(one.body) + 1}`) + one.body,
      );
      expect(Number((await client.closed).split(" ")[1])).toBe(status);
      expect(house.events).toEqual([]);
    }
  });

  it("any.3 a client that breaks off mid-way is nobody's event, and the next delivery is handled", async () => {
    const house = await openHouse(framework, "uphance");
    const client = rawClient(
      house.port,
      post(ticket.path, "Content-Type: application/json", "Content-Length: 1000") + '{"event":',
    );
    house.server.once("request", () => client.socket.destroy());
    await client.closed;
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(house.events).toHaveLength(1);
  });

  it("any.1 any.3 wrong credentials are answered before the body is there", async () => {
    const house = await openHouse(framework, "postback");
    const client = rawClient(
      house.port,
      post(contact.path, "Content-Type: application/x-www-form-urlencoded", "Content-Length: 1000000000"),
    );
    expect(await client.until("\r\n\r\n")).toMatch(/^HTTP\/1.1 401 /);
  });

  it.each([{ maxConcurrent: 1 }, { maxBytesInFlight: 1_000 }])(
    "any.17 above %j the answer is 429 with Retry-After",
    async (options) => {
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const house = await openHouse(framework, "uphance", {
        handle: () => (begun.resolve(), gate.promise),
        options,
      });
      const first = house.deliver(ticket);
      await begun.promise;
      const second = await house.deliver(ticket);
      expect([second.status, second.json]).toEqual([429, { code: "overloaded" }]);
      expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
      gate.resolve();
      expect((await first).status).toBe(200);
      expect((await house.deliver(ticket)).status).toBe(200);
    },
  );

  it("any.18 another method, or a path without meaning, is the app's", async () => {
    const house = await openHouse(framework, "upsales");
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"]) {
      const response = await fetch(`${house.url}/upsales/external`, { method });
      expect([method, response.status, response.headers.get("cache-control")]).toEqual([
        method,
        framework.name.startsWith("Express") && method === "OPTIONS" ? response.status : framework.notOurs,
        null,
      ]);
    }
    for (const path of [
      "/upsales",
      "/upsales/nothing",
      "/upsales/OrderInsert/1",
      "/upsales/orderinsert",
      "/upsales//orderinsert/1",
    ]) {
      expect([path, (await send(house.url, { ...order, path })).status]).toEqual([path, 404]);
    }
    expect(house.observed).toEqual([]);
  });

  it("inbox.3 credentials are asked for where they are configured, and only there", async () => {
    const anonymous = withHeaders(message, { Authorization: "" });
    const house = await openHouse(framework, "app-inbox");
    expect((await house.deliver(anonymous)).status).toBe(401);
    expect((await house.deliver(withHeaders(message, { Authorization: "Basic eDp5" }))).status).toBe(401);
    const open = await openHouse(framework, "app-inbox", { options: { authenticate: false } });
    expect((await open.deliver(anonymous)).status).toBe(200);
  });

  it("inbox.6 GET and HEAD are an empty 200 before authentication, unless probe is false", async () => {
    const house = await openHouse(framework, "app-inbox");
    for (const method of ["GET", "HEAD"]) {
      const response = await fetch(`${house.url}/hooks/inbox`, { method });
      expect([response.status, await response.text()]).toEqual([200, ""]);
    }
  });
});

/** Those whose own body parser may come before the adapter; Fastify's are for other routes, and fetch has none. */
const parsing = frameworks.filter(({ name }) => !["node:http", "Fastify 5", "fetch"].includes(name));

describe.each(parsing)("$name", (framework) => {
  it("any.4 in front of a body parser the receiver's limit holds, behind it the parser's, with the parser's 413", async () => {
    const large = withFields(message, { content: "x".repeat(2 * 2 ** 20) });
    const before = await openHouse(framework, "app-inbox");
    expect((await before.deliver(large)).status).toBe(200);
    const after = await openHouse(framework, "app-inbox", { mount: { parser: true } });
    expect((await after.deliver(message)).status).toBe(200);
    expect((await after.deliver(withFields(large, { id: "another" }))).status).toBe(413);
    expect(after.observed.filter(({ kind }) => kind === "delivery")).toHaveLength(1);
  });
});
