/** Row "URL secret": compared as sent, and a wrong one is as if nothing were here. */
import { querySecret } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { frameworks, keepsPath, takesPath } from "../support/frameworks.ts";
import { besiege, statuses } from "../support/hostile.ts";

const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";
const at = "/hooks/uphance";

/** What stands under the mount. */
const wrong: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a slash alone", "/"],
  ["two slashes", "//"],
  ["one character off", `/${secret.slice(0, -1)}5`],
  ["one character less", `/${secret.slice(0, -1)}`],
  ["one character more", `/${secret}0`],
  ["another case", `/${secret.toUpperCase()}`],
  ["10 kB", `/${"a".repeat(10_000)}`],
  ["an encoded character", `/%30${secret.slice(1)}`],
  ["an encoded letter in upper case", `/0%62${secret.slice(2).toUpperCase()}`],
  ["all of it encoded", `/${Buffer.from(secret).toString("hex").replaceAll(/../g, "%$&")}`],
  ["encoded twice", `/%2530${secret.slice(1)}`],
  ["a doubled slash", `//${secret}`],
  ["an encoded slash", `/%2f${secret}`],
  ["an encoded slash after it", `/${secret}%2f`],
  ["a segment in front", `/x/${secret}`],
  ["a dot segment in front", `/./${secret}`],
  ["an encoded dot segment in front", `/%2e/${secret}`],
  ["dot segments that lead to it", `/x/../${secret}`],
  ["encoded dot segments that lead to it", `/x/%2e%2E/${secret}`],
  ["a matrix parameter", `/${secret};v=1`],
  ["a matrix parameter in front", `/;v=1/${secret}`],
  ["a dot at its end", `/${secret}.`],
  ["a suffix", `/${secret}.json`],
  ["an encoded space at its end", `/${secret}%20`],
  ["a NUL at its end", `/${secret}%00`],
  ["a NUL and more", `/${secret}%00x`],
  ["overlong UTF-8", `/%c0%b0${secret.slice(1)}`],
  ["full-width digits", `/%ef%bc%90${secret.slice(1)}`],
  ["bad percent bytes", "/%zz"],
  ["a lone percent sign", "/%"],
  ["a comma and another", `/${secret},x`],
  ["in the query", `?secret=${secret}`],
  ["a question mark within", `/${secret.slice(0, 8)}?${secret.slice(8)}`],
  ["an encoded question mark", `/${secret}%3f`],
];

const queries: readonly (readonly [string, string, number])[] = [
  ["as it should be", `?secret=${secret}`, 200],
  ["beside other fields", `?a=1&secret=${secret}&b`, 200],
  ["missing", "", 404],
  ["empty", "?secret=", 404],
  ["without a value", "?secret", 404],
  ["under another name", `?Secret=${secret}`, 404],
  ["in another case", `?secret=${secret.toUpperCase()}`, 404],
  ["with an encoded character", `?secret=%30${secret.slice(1)}`, 404],
  ["under an encoded name", `?s%65cret=${secret}`, 404],
  ["twice", `?secret=${secret}&secret=${secret}`, 404],
  ["good, then bad", `?secret=${secret}&secret=x`, 404],
  ["bad, then good", `?secret=x&secret=${secret}`, 404],
  ["twice, once under an encoded name", `?secret=${secret}&s%65cret=x`, 404],
  ["as a list", `?secret[]=${secret}`, 404],
  ["behind a semicolon", `?a=1;secret=${secret}`, 404],
  ["behind a second question mark", `??secret=${secret}`, 404],
  ["with a second question mark after it", `?secret=${secret}?`, 404],
  ["with a space", `?secret=${secret}+`, 404],
  ["with a NUL", `?secret=${secret}%00`, 404],
  ["in the path", `/${secret}`, 404],
];

describe.each(frameworks)("$name", (framework) => {
  it("any.14 any other URL secret, in whatever way, is an empty 404 of ours", async () => {
    const house = await besiege(framework, "uphance");
    const received = wrong.filter(([, path]) => takesPath(framework, path) && keepsPath(framework, path));
    for (const [what, path] of received) {
      const answer = await house.attack({ path: at + path });
      expect([what, ...statuses(answer)]).toEqual([what, 404]);
      expect(answer).toMatch(/\r\ncontent-length: 0\r\n/i);
      expect(house.observed.at(-1)).toMatchObject({
        kind: "delivery",
        outcome: "refused",
        code: "unauthorized",
      });
    }
    expect(house.observed).toHaveLength(received.length);
    await house.unharmed();
  });

  it("any.14 the URL secret lets in, with a slash after it, with a query and in absolute form", async () => {
    const house = await besiege(framework, "uphance");
    for (const path of [
      `${at}/${secret}`,
      `${at}/${secret}/`,
      `${at}/${secret}?a=%3f`,
      `http://test${at}/${secret}`,
    ])
      expect([path, ...statuses(await house.attack({ path }))]).toEqual([path, 200]);
    await house.unharmed({ handled: 4 });
  });

  it("any.14 the right secret before a path without meaning is nobody's delivery", async () => {
    const house = await besiege(framework, "uphance");
    const rests = ["/x", "//", "/.", "/..", "/%2e%2e", "/;", "/%00", "/%zz"];
    for (const rest of rests.filter((one) => keepsPath(framework, one))) {
      const answer = await house.attack({ method: "POST", path: `${at}/${secret}${rest}`, headers: {} });
      expect([rest, ...statuses(answer)]).toEqual([rest, takesPath(framework, rest) ? 404 : 400]);
    }
    expect([house.events, house.observed]).toEqual([[], []]);
  });

  it("any.14 the secret in the query: as sent, and once", async () => {
    const options = { authenticate: querySecret("secret", secret) };
    const house = await besiege(framework, "uphance", { options });
    for (const [what, target, status] of queries)
      expect([what, ...statuses(await house.attack({ path: at + target }))]).toEqual([what, status]);
    expect(house.events).toHaveLength(2);
  });
});
