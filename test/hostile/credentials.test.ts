/** Rows "credentials", "credentials that are right" and "two Authorization headers". */
import { basicAuth } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, statuses } from "../support/hostile.ts";

const good = btoa("hook:correct-horse-battery");
const encoded = (text: string | Uint8Array) => Buffer.from(text as string).toString("base64");

/** Each is the value of the one header, or the values of several. */
const wrong: readonly (readonly [string, string | readonly string[]])[] = [
  ["none", []],
  ["an empty header", ""],
  ["another scheme", "Bearer x"],
  ["another scheme with good credentials", `Bearer ${good}`],
  ["Digest with good credentials", `Digest ${good}`],
  ["a longer scheme", `Basics ${good}`],
  ["the scheme alone", "Basic"],
  ["the scheme and a space", "Basic "],
  ["the credentials alone", good],
  ["no space", `Basic${good}`],
  ["a tab", `Basic\t${good}`],
  ["a space and a tab", `Basic \t${good}`],
  ["a non-breaking space", `Basic\xa0${good}`],
  ["a colon after the scheme", `Basic: ${good}`],
  ["an equals sign after the scheme", `Basic =${good}`],
  ["garbage for base64", "Basic !!!"],
  ["bytes outside ASCII", `Basic ${good}\xff`],
  ["spaces within the base64", `Basic ${good.slice(0, 8)} ${good.slice(8)}`],
  ["the base64url alphabet", `Basic ${encoded("hook:~~~???").replaceAll("/", "_").replaceAll("+", "-")}`],
  ["padding in the middle", `Basic ${good.slice(0, 8)}==${good.slice(8)}`],
  ["too much padding", `Basic ${good.replace(/=*$/, "===")}`],
  ["some of the padding", `Basic ${encoded("hook:correct-horse-battery1").replace(/=$/, "")}`],
  ["other trailing bits", `Basic ${good.replace(/k=$/, "l=").replace(/Q==$/, "R==").replace(/eQ$/, "eR")}`],
  ["a single character", "Basic a"],
  ["in double quotes", `Basic "${good}"`],
  ["a parameter after it", `Basic ${good}, realm="x"`],
  ["two credentials in one header", `Basic ${good}, Basic ${good}`],
  ["a bad and a good one in one header", `Basic eDp5, Basic ${good}`],
  ["another scheme, then the good one, in one header", `Bearer x, Basic ${good}`],
  ["no colon", `Basic ${encoded("hook")}`],
  ["nothing but a colon", `Basic ${encoded(":")}`],
  ["no user name", `Basic ${encoded(":correct-horse-battery")}`],
  ["no password", `Basic ${encoded("hook:")}`],
  ["another user", `Basic ${encoded("hooks:correct-horse-battery")}`],
  ["a user in upper case", `Basic ${encoded("HOOK:correct-horse-battery")}`],
  ["a space around it", `Basic ${encoded(" hook:correct-horse-battery")}`],
  ["a line break at its end", `Basic ${encoded("hook:correct-horse-battery\n")}`],
  ["a NUL at its end", `Basic ${encoded("hook:correct-horse-battery\0")}`],
  ["a NUL and more", `Basic ${encoded("hook:correct-horse-battery\0x")}`],
  ["a byte order mark", `Basic ${encoded("\ufeffhook:correct-horse-battery")}`],
  ["a wrong password of the same length", `Basic ${encoded("hook:correct-horse-batterx")}`],
  ["a shorter password", `Basic ${encoded("hook:correct-horse-batter")}`],
  ["a longer password", `Basic ${encoded("hook:correct-horse-battery1")}`],
  ["a password of 10 kB", `Basic ${encoded(`hook:${"x".repeat(10_000)}`)}`],
  ["a colon more", `Basic ${encoded("hook:correct-horse-battery:")}`],
  ["UTF-16", `Basic ${encoded(Buffer.from("hook:correct-horse-battery", "utf16le"))}`],
  ["encoded twice", `Basic ${encoded(good)}`],
  ["percent-encoded", `Basic ${encodeURIComponent(`${good}=`)}`],
  ["two headers, good then bad", [`Basic ${good}`, "Basic eDp5"]],
  ["two headers, bad then good", ["Basic eDp5", `Basic ${good}`]],
  ["two headers, both good", [`Basic ${good}`, `Basic ${good}`]],
  ["two headers, the first of them empty", ["", `Basic ${good}`]],
  ["two headers, of another scheme and good", ["Bearer x", `Basic ${good}`]],
];

const right: readonly (readonly [string, string])[] = [
  ["as it should be", `Basic ${good}`],
  ["the scheme in lower case", `basic ${good}`],
  ["the scheme in mixed case", `bAsIc ${good}`],
  ["several spaces", `Basic     ${good}`],
  ["no padding", `Basic ${good.replace(/=+$/, "")}`],
  ["spaces and a tab around the value", `  Basic ${good} \t `],
];

const passwords: readonly (readonly [string, string])[] = [
  ["composed", "p\u00e5ss-\u{1f511}"],
  ["decomposed", "pa\u030ass-\u{1f511}"],
  ["with colons", ":a:b:"],
  ["with slashes and pluses in its base64", "~~~???>>>"],
  ["of one character", "x"],
  ["of 4 kB", "x".repeat(4_096)],
];

describe.each(frameworks)("$name", (framework) => {
  it("any.13 credentials that are wrong, in whatever way, are 401, all alike", async () => {
    const house = await besiege(framework, "postback");
    const none = await house.attack({ headers: { Authorization: [] } });
    expect(statuses(none)).toEqual([401]);
    expect(none).toMatch(/\r\nwww-authenticate: Basic realm="webhooks", charset="UTF-8"\r\n/i);
    expect(none).toMatch(/\r\n\r\n\{"code":"unauthorized"\}$/);
    for (const [what, Authorization] of wrong)
      expect([what, alike(await house.attack({ headers: { Authorization } }))]).toEqual([what, alike(none)]);
    await house.unharmed();
  });

  it("any.13 credentials that are right are let in, in every spelling that is one", async () => {
    const house = await besiege(framework, "postback");
    for (const [what, Authorization] of right)
      expect([what, ...statuses(await house.attack({ headers: { Authorization } }))]).toEqual([what, 200]);
    await house.unharmed({ handled: right.length });
  });

  it.each(passwords)("any.13 a password %s is let in, and no other spelling of it", async (_, password) => {
    const pairs = [
      { username: "hook", password },
      { username: "hook", password: "correct-horse-battery" },
    ];
    const house = await besiege(framework, "postback", { options: { authenticate: basicAuth(pairs) } });
    for (const [form, status] of [
      [password, 200],
      [password.normalize("NFC"), password === password.normalize("NFC") ? 200 : 401],
      [password.normalize("NFD"), password === password.normalize("NFD") ? 200 : 401],
      [`${password}x`, 401],
    ] as const) {
      const Authorization = `Basic ${encoded(`hook:${form}`)}`;
      expect([form, ...statuses(await house.attack({ headers: { Authorization } }))]).toEqual([form, status]);
    }
    await house.unharmed({ handled: house.events.length });
  });

  it.each(["uphance", "upsales", "app-inbox"] as const)(
    "any.13 %s: two Authorization headers are 401, whatever else is good",
    async (name) => {
      const house = await besiege(framework, name);
      const inbox = `Basic ${encoded("inbox:correct-horse-battery")}`;
      for (const Authorization of [
        [inbox, inbox],
        ["", ""],
        ["x", inbox],
        [inbox, "x"],
      ])
        expect(statuses(await house.attack({ headers: { Authorization } }))).toEqual([401]);
      await house.unharmed();
    },
  );

  it("any.13 bytes that only look like the password once decoded are refused", async () => {
    const pairs = [
      { username: "hook", password: "\ufffd" },
      { username: "hook", password: "correct-horse-battery" },
    ];
    const house = await besiege(framework, "postback", { options: { authenticate: basicAuth(pairs) } });
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe5]]) {
      const Authorization = `Basic ${encoded(Buffer.from([...Buffer.from("hook:"), ...bytes]))}`;
      expect(statuses(await house.attack({ headers: { Authorization } }))).toEqual([401]);
    }
    await house.unharmed();
  });

  it.each([
    ["another name in another case", { authorization: "Basic eDp5", AUTHORIZATION: `Basic ${good}` }],
    ["a folded second line", { Authorization: `Basic eDp5\r\n Basic ${good}` }],
    ["a name with a space before its colon", { "Authorization ": `Basic ${good}` }],
    ["a value of 20 kB", { Authorization: `Basic ${good}${"A".repeat(20_000)}` }],
    ["two hundred headers", { Authorization: Array.from({ length: 200 }, () => `Basic ${good}`) }],
  ])("any.13 credentials hidden behind %s let nobody in", async (_, headers) => {
    const house = await besiege(framework, "postback");
    const answer = await house.attack({ headers: { Authorization: [], ...headers } });
    expect([400, 401, 431]).toContain(statuses(answer)[0]);
    await house.unharmed();
  });
});

/** Without its date. */
function alike(answer: string): string {
  return answer.replace(/^date: .*\r\n/im, "");
}
