/** Headers that no provider sends: refused before the body is read, whatever they say. */
import { createHmac } from "node:crypto";
import { hmacSignature } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { discord, kits, slack, standard, stripe } from "./kits.ts";
import { bodies, letsIn, now, refusesUnread, withHeader } from "./support.ts";

const body = bodies["JSON"]!;
const t = String(Math.floor(now / 1_000));

describe.each(kits)("$name", (kit) => {
  const [secret, another] = kit.secrets;
  const ours = kit.ours([secret, another]);
  const good = kit.page(body, now, secret);
  const value = good[kit.header]!;
  /** The signature without what stands around it. */
  const [bare = ""] = /[\w+/-]{40,}=*$/.exec(value) ?? [];
  const wrong = (change: (signature: string) => string) => value.replace(bare, change);

  it.each<[string, readonly string[]]>([
    ["none", []],
    ["an empty one", [""]],
    ["blanks", ["   "]],
    ["the good one twice", [value, value]],
    ["a bad one, then the good one", ["x", value]],
    ["the good one, then an empty one", [value, ""]],
    ["8 kB", ["a".repeat(8_192)]],
    ["8 kB behind the prefix", [wrong(() => "a".repeat(8_192))]],
    ["8 kB of separators", [",; =".repeat(2_048)]],
    ["a character less", [wrong((one) => one.slice(1))]],
    ["a character more", [wrong((one) => `${one}0`)]],
    ["a letter outside ASCII", [wrong((one) => `\xe5${one.slice(1)}`)]],
    ["letters that Latin-1 makes of UTF-8", [wrong((one) => `\xc3\xa5${one.slice(2)}`)]],
    ["a NUL in front", [wrong((one) => `\0${one}`)]],
    ["a NUL at its end", [wrong((one) => `${one}\0`)]],
    ["a NUL in place of a character", [wrong((one) => `\0${one.slice(1)}`)]],
    ["a blank in front", [wrong((one) => ` ${one}`)]],
    ["a line break in the middle", [wrong((one) => `${one.slice(0, 9)}\n${one.slice(9)}`)]],
    ["quotes around it", [wrong((one) => `"${one}"`)]],
    ["percent signs", [wrong((one) => `%${one}`)]],
    ["1,000 good ones in one header", [Array.from({ length: 1_000 }, () => value).join(",")]],
    ["1,000 good ones with blanks between", [Array.from({ length: 1_000 }, () => value).join(" ")]],
  ])("any.30 %s", async (_, values) => {
    expect(await refusesUnread(ours, { ...good, [kit.header]: values })).toBe(true);
    expect(await letsIn(ours, good, body)).toBe(true);
  });

  it("any.30 the letters in their other case", async () => {
    expect(await letsIn(ours, { ...good, [kit.header]: wrong(swapCase) }, body)).toBe(false);
  });
});

describe("any.30 base64", () => {
  const [secret] = standard.secrets;
  const ours = standard.ours(secret);
  const good = standard.page(body, now, secret);
  // "=" ends a digest of 32 bytes, and two of the last character's bits say nothing
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  it.each<[string, (signature: string) => string]>([
    ["without its padding", (one) => one.replace(/=$/, "")],
    ["with more padding", (one) => `${one}=`],
    ["in the alphabet of URLs", (one) => `${one.slice(0, -4).replace(/^(v1,)../, "$1-_")}${one.slice(-4)}`],
    [
      "with other trailing bits",
      (one) => one.replace(/(.)=$/, (_, last: string) => `${alphabet[alphabet.indexOf(last) ^ 1]}=`),
    ],
    ["as hexadecimal digits", (one) => `v1,${Buffer.from(one.slice(3), "base64").toString("hex")}`],
    ["encoded twice", (one) => `v1,${Buffer.from(one.slice(3)).toString("base64")}`],
  ])("%s", async (_, change) => {
    expect(await refusesUnread(ours, withHeader(good, standard.header, change))).toBe(true);
  });
});

describe.each([stripe, slack, discord, standard])("$name", (kit) => {
  const [secret] = kit.secrets;
  const ours = kit.ours(secret);
  const good = kit.page(body, now, secret);
  const stamped = (value: string) => withHeader(good, kit.stamped!, (header) => header.replace(t, value));

  it.each([
    "",
    "0",
    "-1",
    `-${t}`,
    `+${t}`,
    ` ${t}`,
    `${t} `,
    `0${t}`,
    `${t}.0`,
    `${t}.5`,
    "123.5",
    "1e9",
    "1.7672256e9",
    "0x6955b900",
    `${t}n`,
    "NaN",
    "Infinity",
    "9".repeat(15),
    "9".repeat(20),
    `${t}${"0".repeat(1_000)}`,
    "2026-01-01T00:00:00Z",
    `${t}000`,
    `\0${t}`,
    `${t}\0`,
    "１７６７２２５６００",
    "\xb2\xb3",
  ])("any.31 the timestamp %j", async (value) => {
    expect(await refusesUnread(ours, stamped(value))).toBe(true);
    expect(await letsIn(ours, stamped(t), body)).toBe(true);
  });
});

describe("any.31 a timestamp", () => {
  const [secret] = slack.secrets;
  const good = slack.page(body, now, secret);

  it("that is there twice, or not at all", async () => {
    for (const values of [[], [t, t], [t, "1"], ["1", t]])
      expect(await refusesUnread(slack.ours(secret), { ...good, [slack.stamped!]: values })).toBe(true);
  });

  it("that is there twice, once with its prefix and once without", async () => {
    const timestamp = { header: "x-timestamp", prefix: "t=" };
    const ours = hmacSignature({ header: "x-signature", signed: "{timestamp}.{body}", timestamp, secret });
    const good = { "x-signature": createHmac("sha256", secret).update(`${t}.`).update(body).digest("hex") };
    expect(await letsIn(ours, { ...good, "x-timestamp": `t=${t}` }, body)).toBe(true);
    expect(await refusesUnread(ours, { ...good, "x-timestamp": [t, `t=${t}`] })).toBe(true);
  });

  it("that is there twice, or not at all, beside the signature", async () => {
    const [other] = stripe.secrets;
    const header = stripe.page(body, now, other)["stripe-signature"]!;
    const { length } = `t=${t},`;
    for (const value of [`t=${t},${header}`, `${header},t=1`, header.slice(length), `T${header.slice(1)}`])
      expect(await refusesUnread(stripe.ours(other), { "stripe-signature": value })).toBe(true);
  });
});

describe("any.30 several signatures", () => {
  const [secret, another] = stripe.secrets;
  const ours = stripe.ours([another, secret]);
  const [at = "", good = ""] = stripe.page(body, now, secret)["stripe-signature"]!.split(",");
  const bad = `v1=${"0".repeat(64)}`;
  const header = (...parts: readonly string[]) => ({ "stripe-signature": [at, ...parts].join(",") });

  it.each([
    ["the good one first", [good, bad]],
    ["the good one last", [bad, good]],
    ["the good one in the middle of 16", [...Array(7).fill(bad), good, ...Array(8).fill(bad)]],
    ["beside one of another scheme", [`v0=${"1".repeat(64)}`, good]],
    ["beside 100 of another scheme", [...Array(100).fill(`v0=${"1".repeat(64)}`), good]],
    ["beside one that is malformed", ["v1=", "v1=zz", good]],
    ["the timestamp behind it", [good, ""]],
  ] as [string, string[]][])("%s: let in", async (_, parts) => {
    expect(await letsIn(ours, header(...parts), body)).toBe(true);
  });

  it.each([
    ["a good one as 17th", [...Array(16).fill(bad), good]],
    ["17 good ones", Array(17).fill(good)],
    ["the good one as another scheme's", [good.replace("v1=", "v0=")]],
    ["none", []],
  ] as [string, string[]][])("%s: refused unread", async (_, parts) => {
    expect(await refusesUnread(ours, header(...parts))).toBe(true);
  });
});

/** Each letter in its other case. */
function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (one) => (one < "a" ? one.toLowerCase() : one.toUpperCase()));
}
