/** What strangers wrote, as it is printed: visible, cut, without secrets, and as JSON that is always valid. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toJson, toJsonLine } from "../../packages/cli/src/print/json.ts";
import { shownBody, shownHeaders, shownPath } from "../../packages/cli/src/print/secrets.ts";
import { inWords } from "../../packages/cli/src/print/times.ts";
import { visible, visibleLines } from "../../packages/cli/src/print/visible.ts";

/** All that a terminal obeys, that turns text around or that nobody sees. */
const odd = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const oddButLineEnds = /[^\n\P{C}]|\p{Zl}|\p{Zp}/u;

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
);

describe("visible", () => {
  it.each([
    ["\u001b[31mred", "\\x1b[31mred"],
    ["a\nb\tc\r", "a\\nb\\tc\\r"],
    ["\u009b", "\\x9b"],
    ["abc\u202ecba", "abc\\u202ecba"],
    ["\u2066\u200b\ufeff\u2028", "\\u2066\\u200b\\ufeff\\u2028"],
    ["\ud800", "\\ud800"],
    ["\u{e0041}", "\\u{e0041}"],
    ["å 漢字 👍", "å 漢字 👍"],
  ])("%j is %j", (text, shown) => expect(visible(text)).toBe(shown));

  it("nothing odd is left of any text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(odd.test(visible(text)) || oddButLineEnds.test(visibleLines(text))).toBe(false);
      }),
    );
  });

  it("what is long is cut and tells its length", () => {
    expect(visible("x".repeat(8_388_608), 3)).toBe("xxx… (8,388,608 characters)");
    expect(visible("👍👍", 3)).toBe("👍\\ud83d… (4 characters)");
    expect(visibleLines("a\nb\nc", 3)).toBe("a\nb… (5 characters)");
  });
});

describe("JSON", () => {
  it("means what it was made of, and steers no terminal", () => {
    fc.assert(
      fc.property(
        fc.anything({
          key: anyText,
          values: [anyText, fc.integer(), fc.boolean()],
          withNullPrototype: false,
        }),
        (value) => {
          const plain: unknown = JSON.parse(JSON.stringify(value ?? null) ?? "null");
          const [text, line] = [toJson(value), toJsonLine(value)];
          expect([JSON.parse(text), JSON.parse(line)]).toEqual([plain, plain]);
          expect(oddButLineEnds.test(text) || odd.test(line)).toBe(false);
        },
      ),
    );
  });

  it("of nothing is null", () => expect(toJson(undefined)).toBe("null"));
});

describe("secrets", () => {
  const secret = "s3cr3tOfSomebody";

  it.each([
    ["JSON", JSON.stringify({ deep: [{ authenticationKey: secret, api_token: secret }], ok: 1 })],
    [
      "JSON in a form",
      new URLSearchParams({
        payload: JSON.stringify({ token: secret, response_url: `https://x.example/${secret}` }),
      }).toString(),
    ],
    ["a form", `password=${secret}&a=1`],
    ["XML", `<xml><AuthToken>${secret}</AuthToken></xml>`],
    ["JSON that is broken off", `{"a":1,"signature":"${secret}`],
    [
      "JSON with a control character",
      `{"a":"\u0001","callbackUrl":"https://integration.upsales.com/callback/${secret}"}`,
    ],
    ["a text with an address", `go to https://hooks.slack.com/commands/${secret} now`],
    [
      "an address under another name",
      JSON.stringify({ where: `https://discord.com/api/webhooks/1/${secret}` }),
    ],
    ["a number", JSON.stringify({ apiKey: 12345678, s: 1 }).replace("12345678", "12345678")],
  ])("%s is shown without them", (_, body) => {
    expect(shownBody(body)).not.toMatch(new RegExp(`${secret}|12345678`));
    expect(shownBody(Buffer.from(body))).toBe(shownBody(body));
  });

  it("headers and paths are shown without them", () => {
    const headers = [
      "Authorization",
      "X-Slack-Signature",
      "X-Shopify-Hmac-Sha256",
      "Cookie",
      "X-Api-Key",
      "X-Telegram-Bot-Api-Secret-Token",
    ];
    expect(shownHeaders(headers.map((name) => [name, secret] as const))).not.toContain(secret);
    expect(shownHeaders([["simulated-url", `https://integration.upsales.com/${secret}`]])).toBe(
      "simulated-url: https://integration.upsales.com/…",
    );
    expect(shownPath(`/hooks/${secret}?secret=${secret}`)).toBe("/hooks/…(16)?…(23)");
  });

  it("bytes that are no text, nesting that is too deep, and nothing at all are told as that", () => {
    expect(shownBody(Buffer.from([0xff, 0xfe]))).toBe("(2 bytes that are no text)");
    expect(shownBody("[".repeat(100_000)).length).toBeLessThan(5_000);
    expect(shownBody(`${"[".repeat(20_000)}${"]".repeat(20_000)}`).length).toBeLessThan(5_000);
    expect(shownBody("")).toBe("");
  });
});

it.each([
  [80, "80 ms"],
  [12_000, "12 s"],
  [90_000, "1 min 30 s"],
  [3_600_000, "1 h"],
  [277_200_000, "3 d 5 h"],
])("%d ms are %s", (ms, words) => expect(inWords(ms)).toBe(words));
