/** Rows "media type" and "charset, encoding". */
import { describe, expect, it } from "vitest";
import { following, frameworks } from "../support/frameworks.ts";
import { besiege, fresh, statuses, statusOf, type Attack } from "../support/hostile.ts";
import { providers, type ProviderName } from "../support/house.ts";

const names = Object.keys(providers) as ProviderName[];
const own = (name: ProviderName) => fresh(name).headers["Content-Type"]!;

const unsupported: readonly Attack["headers"][] = [
  ...[
    "",
    " ",
    "text/plain",
    "text/json",
    "multipart/form-data; boundary=x",
    "multipart/mixed",
    "*/*",
    "json",
  ],
  ...["application/octet-stream", "application/jsonp", "application/json-seq", "application/x-json"],
  ...[
    "application/json, text/html",
    "application/json,",
    "application/json application/json",
    "application json",
  ],
  ...["application/xml;application/json", "text/html; x=application/json", "application/", "/json", "+json"],
  ...[
    "application/+json, text/html",
    "text/html;x+json",
    "application/json; charset=utf-8, text/html",
    "application/x-www-form-urlencoded, x",
  ],
  ...["application/json\xa0", "applicat\u00efon/json", ";application/json"],
].map((type) => ({ "Content-Type": type }));

const codings: readonly Attack["headers"][] = [
  ...[
    "gzip",
    "GZIP",
    "br",
    "zstd",
    "deflate",
    "compress",
    "x-gzip",
    "bogus",
    "identity, gzip",
    "gzip, identity",
  ],
  ...[
    "gzip;q=1",
    "identity;q=0",
    "\xff",
    `${"gzip, ".repeat(1_000)}gzip`,
    Array.from({ length: 50 }, () => "gzip"),
  ],
].map((coding) => ({ "Content-Encoding": coding }));

const charsets = [
  "utf-7",
  "bogus",
  "utf-32",
  "utf-32le",
  "ucs-4",
  "utf8x",
  "null",
  "replacement",
  "hz-gb-2312",
  "",
]
  .concat(["__proto__", "constructor", "utf-8 x", "utf-8,latin1", "x".repeat(8_000)])
  .map((charset) => `charset=${charset}`)
  .concat('charset="utf-7"', "Charset=UTF-7", 'charset="\\u\\t\\f-7"', "charset=utf-7; charset=utf-8");

const harmless = [
  "charset=UTF-8",
  'charset="utf-8"',
  "charset=utf8",
  "CHARSET=Utf-8",
  "x=y; charset=utf-8",
  "boundary=x",
  'x="; charset=utf-7"',
  "__proto__=1",
  ";;",
];

describe.each(frameworks)("$name", (framework) => {
  it.each(names)("any.2 any.52 uphance.1 %s: a media type that it does not send is refused", async (name) => {
    const house = await besiege(framework, name);
    for (const headers of unsupported)
      expect([headers, ...statuses(await house.attack({ headers: headers! }))]).toEqual([
        headers,
        statusOf(name, framework.takesRequest && /, /.test(String(headers!["Content-Type"])) ? 400 : 415),
      ]);
    const untyped = statuses(await house.attack({ headers: { "Content-Type": [] } }));
    expect(untyped).toEqual([name === "uphance" ? 200 : statusOf(name, 415)]);
    const other = name === "postback" ? "application/jsonx" : "application/x-www-form-urlencoded";
    expect(statuses(await house.attack({ headers: { "Content-Type": other } }))).toEqual([
      statusOf(name, 415),
    ]);
    await house.unharmed({ handled: name === "uphance" ? 1 : 0 });
  });

  it.each(names)("any.2 %s: two Content-Type headers are malformed, whatever they say", async (name) => {
    const house = await besiege(framework, name);
    const [good, other] = [own(name), "text/html"];
    for (const types of [
      [good, good],
      [good, other],
      [other, good],
      ["", good],
      [good, "", ""],
    ])
      expect(statuses(await house.attack({ headers: { "Content-Type": types } }))).toEqual([400]);
    await house.unharmed();
  });

  it.each(names)("any.2 %s: a Content-Encoding is refused, however it is written", async (name) => {
    const house = await besiege(framework, name);
    for (const headers of codings)
      expect([headers, ...statuses(await house.attack({ headers: headers! }))]).toEqual([
        headers,
        statusOf(name, 415),
      ]);
    await house.unharmed();
    const plain = { "Content-Encoding": "Identity" };
    expect(statuses(await house.attack({ headers: plain }))).toEqual([200]);
  });

  it.each(names)("any.2 %s: a charset that nobody knows is refused", async (name) => {
    const house = await besiege(framework, name);
    for (const parameter of charsets) {
      const headers = { "Content-Type": `${own(name)}; ${parameter}` };
      expect([parameter, ...statuses(await house.attack({ headers }))]).toEqual([
        parameter,
        statusOf(name, 415),
      ]);
    }
    await house.unharmed();
  });

  it.each(names)("any.2 %s: parameters never change the type", async (name) => {
    const house = await besiege(framework, name);
    for (const parameter of harmless) {
      for (const type of [`${own(name)};${parameter}`, ` ${own(name).toUpperCase()} ; ${parameter} `]) {
        expect([type, ...statuses(await house.attack({ headers: { "Content-Type": type } }))]).toEqual([
          type,
          200,
        ]);
      }
    }
    await house.unharmed({ handled: 2 * harmless.length });
  });
});

// HTTP/2 has no such header, and other adapters get the body from whoever read it off the connection
describe.each(following)("$name", (framework) => {
  it.each([
    "gzip, chunked",
    "gzip,chunked",
    "x, chunked",
    "x-chunked, chunked",
    "identity, chunked",
    "chunked, chunked",
  ])("any.2 a Transfer-Encoding of %s is malformed, or Node's to refuse", async (coding) => {
    for (const name of names) {
      const house = await besiege(framework, name);
      const headers = { "Transfer-Encoding": coding };
      const body = '5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n';
      expect([name, ...statuses(await house.attack({ headers, body }))]).toEqual([name, 400]);
      await house.unharmed();
    }
  });
});
