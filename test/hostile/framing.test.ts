/** What can be odd about the frame of a request: some of it Node refuses before us. */
import { describe, expect, it } from "vitest";
import { following, frameworks } from "../support/frameworks.ts";
import { besiege, bytesOf, fresh, statuses, type Attack } from "../support/hostile.ts";
import { providers, type ProviderName } from "../support/house.ts";
import { rawClient } from "../support/raw-client.ts";

const names = Object.keys(providers) as ProviderName[];
const chunked = { "Transfer-Encoding": "chunked" };
const empty = "0\r\n\r\n";
/** Of a stranger who keeps the connection. */
const stranger = { Authorization: [], Connection: [] };

/** The absolute forms that a router, or Hono's server, does not know, and what it answers by itself. */
const absoluteForms: Readonly<Record<string, readonly [RegExp, number]>> = {
  "Fastify 5": [/^ftp:/, 404],
  fetch: [/^(ftp|HTTP):/, 400],
};

/** Frames that are no HTTP. */
const broken: readonly Attack[] = [
  ...[
    "+5",
    "-5",
    "0x5",
    "5e0",
    "5.0",
    "5 5",
    "5,5",
    "5, 6",
    "",
    "five",
    "1_0",
    "\uff15",
    "99999999999999999999",
  ].map((length) => ({ headers: { "Content-Length": length } })),
  { headers: { "Content-Length": ["5", "5"] } },
  { headers: { "Content-Length": ["5", "6"] } },
  { headers: { "Content-Length": "5", ...chunked }, body: empty },
  { headers: { ...chunked, "Content-Length": "5" }, body: empty },
  ...["chunked, gzip", "chunked, identity", "identity", "xchunked", "\x0bchunked", "chunked\x00", "gzip"].map(
    (coding) => ({ headers: { "Transfer-Encoding": coding }, body: empty }),
  ),
  ...[
    "x\r\n",
    "-1\r\n",
    "0x1\r\n{",
    " 1\r\n{\r\n",
    "1\n{\r\n",
    "1\r\n{}\r\n",
    "fffffffffffffffff\r\n{",
    "\r\n",
  ].map((body) => ({
    headers: chunked,
    body: body + empty,
  })),
  { headers: { "X-Folded": "a\r\n b" } },
  { headers: { "X Name": "a" } },
  { headers: { "": "a" } },
  { headers: { "X-Nul": "a\0b" } },
  { headers: { "X-Bare-CR": "a\rb" } },
  { headers: { Host: [] } },
  { version: "HTTP/1.2" },
  { version: "HTTP/9.9" },
  { version: "http/1.1" },
  { version: "" },
  { path: "/a b" },
  { path: "/\0" },
  { path: "/\x7f" },
  { path: "" },
];

describe.each(frameworks)("$name", (framework) => {
  it("any.1 a frame that is no HTTP gets no further than a refusal", async () => {
    const house = await besiege(framework, "postback");
    for (const change of broken) {
      const [status = 0, ...more] = statuses(await house.attack(change));
      expect([change, [0, 400, 401, 404, 431, 505].includes(status), more]).toEqual([change, true, []]);
    }
    await house.unharmed();
  });

  it.each(names)("any.2 %s: chunks, extensions and trailers are read as one body", async (name) => {
    const house = await besiege(framework, name);
    const { body } = fresh(name);
    const [one, ...rest] = body;
    const trailer = "0\r\nAuthorization: Basic eDp5\r\nContent-Type: text/html\r\n\r\n";
    const text = `1;a=b;c="d"\r\n${one}\r\n00${Buffer.byteLength(rest.join("")).toString(16).toUpperCase()}\r\n${rest.join("")}\r\n`;
    for (const end of [empty, trailer, "000;x\r\n\r\n"]) {
      const change = { headers: { "Transfer-Encoding": "Chunked" }, body: text + end };
      expect(statuses(await house.attack(change))).toEqual([200]);
    }
    await house.unharmed({ handled: 1 });
  });

  it("any.1 an Expect of 100-continue is let go on, any other is Node's to refuse", async () => {
    const house = await besiege(framework, "postback");
    expect(statuses(await house.attack({ headers: { Expect: "100-continue" } }))).toEqual([200]);
    expect(statuses(await house.attack({ headers: { Expect: "200-ok" } }))).toEqual([417]);
    const refused = await house.attack({ headers: { Expect: "100-continue", Authorization: [] } });
    expect(statuses(refused)).toEqual([401]);
    await house.unharmed({ handled: 1 });
  });

  it("any.1 HTTP/1.0, without a Host, is answered and closed", async () => {
    const house = await besiege(framework, "postback");
    const handled = framework.takesRequest ? 0 : 1; // without a host there is no URL, says Hono's server
    expect(statuses(await house.attack({ version: "HTTP/1.0", headers: { Host: [] } }))).toEqual([
      handled ? 200 : 400,
    ]);
    await house.unharmed({ handled });
  });

  it.each(["http://test", "https://evil.example:8443", "ftp://user:pass@x", "HTTP://test"])(
    "any.18 a target in absolute form, of %s, is its path",
    async (origin) => {
      const house = await besiege(framework, "postback");
      const [isUnknown, status] = absoluteForms[framework.name] ?? [];
      const refused = isUnknown?.test(origin) ? status : undefined;
      expect(statuses(await house.attack({ path: `${origin}/hooks/postback` }))).toEqual([refused ?? 200]);
      await house.unharmed({ handled: refused ? 0 : 1 });
    },
  );

  it("any.1 of pipelined deliveries each gets its own answer, in order", async () => {
    const house = await besiege(framework, "postback");
    const open = { Connection: "keep-alive" };
    const bodies = ["", "type=CREATE", "%zz"].map((body) =>
      bytesOf(fresh("postback"), { headers: open, body }),
    );
    const client = rawClient(house.port, Buffer.concat([...bodies, bytesOf(fresh("postback"), {})]));
    expect(statuses(await client.closed)).toEqual([400, 400, 400, 200]);
    await house.unharmed({ handled: 1 });
  });

  it("any.3 a delivery inside the body of one that was refused unread is not answered, the one behind it is", async () => {
    const house = await besiege(framework, "postback");
    const inner = bytesOf(fresh("postback"), {});
    const refused = bytesOf(fresh("postback"), { headers: stranger, body: inner });
    const client = rawClient(house.port, Buffer.concat([refused, bytesOf(fresh("postback"), {})]));
    expect(statuses(await client.closed)).toEqual([401, 200]);
    await house.unharmed({ handled: 1 });
  });

  it("any.1 header names that objects have of their own change nothing", async () => {
    const house = await besiege(framework, "postback");
    const headers = {
      __proto__x: "a",
      ["__proto__"]: "x",
      constructor: "b",
      toString: "c",
      hasOwnProperty: "d",
    };
    expect(statuses(await house.attack({ headers }))).toEqual([200]);
    await house.unharmed({ handled: 1 });
  });

  it("any.1 garbage, a TLS greeting and an HTTP/2 preface are closed", async () => {
    const house = await besiege(framework, "postback");
    for (const bytes of [
      "\0\0\0",
      "\x16\x03\x01\x02\x00\x01",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\r\n\r\n\r\nx\r\n\r\n",
      "x".repeat(100_000),
    ]) {
      const client = rawClient(house.port, Buffer.from(bytes, "latin1"));
      client.socket.end();
      expect(statuses(await client.closed).every((status) => status === 400)).toBe(true);
    }
    await house.unharmed();
  });
});

describe.each(following)("$name", (framework) => {
  it("any.3 behind a large delivery that was refused unread nothing on its connection is answered", async () => {
    const house = await besiege(framework, "postback");
    const inner = bytesOf(fresh("postback"), {});
    const refused = bytesOf(fresh("postback"), { headers: stranger, body: "x".repeat(70_000) });
    const client = rawClient(house.port, Buffer.concat([refused, inner]));
    expect(statuses(await client.closed)).toEqual([401]);
    await house.receiver.idle();
    await house.unharmed({ handled: house.events.length });
  });
});
