/** Rows "not ours" and "scheme". */
import { describe, expect, it } from "vitest";
import { frameworks, keepsPath, takesPath } from "../support/frameworks.ts";
import { besiege, statuses, statusOf } from "../support/hostile.ts";
import { providers, type ProviderName } from "../support/house.ts";

const names = Object.keys(providers) as ProviderName[];

/** No path of Upsales', however near. */
const meaningless = [
  "/upsales",
  "/upsales/",
  "/upsales/nothing",
  "/upsales/orderinsert",
  "/upsales/orderinsert/",
  "/upsales/orderinsert//",
  "/upsales/orderinsert//1",
  "/upsales//orderinsert/1",
  "/upsales/orderinsert/1//",
  "/upsales/orderinsert/1/2",
  "/upsales/orderInsert/1",
  "/upsales/ORDERINSERT/1",
  "/upsales/%6frderinsert/1",
  "/upsales/orderinsert%2f1",
  "/upsales/orderinsert%2F1",
  "/upsales/orderinsert;v=1/1",
  "/upsales/orderinsert/%zz",
  "/upsales/orderinsert/%",
  "/upsales/orderinsert/%ff",
  "/upsales/orderinsert/%c0%af",
  "/upsales/orderinsert/%ed%a0%80",
  "/upsales/orderinsert\\1",
  "/upsales/./orderinsert/1",
  "/upsales/../upsales/orderinsert/1",
  "/upsales/x/%2e%2e/orderinsert/1",
  "/upsales/constructor",
  "/upsales/__proto__",
  "/upsales/hasOwnProperty/1",
  "/upsales?/orderinsert/1",
  "/upsales%2forderinsert/1",
  "/upsalesorderinsert/1",
  "/",
  "//",
  "/%",
  `/upsales/${"x/".repeat(5_000)}`,
];

/** Ids in a path that are no ids. */
const blank = ["%20", "%09", "%0d%0a", "%e3%80%80", "x".repeat(1_001)];

/** Ids in a path that are odd, and what the handler gets. */
const odd: readonly (readonly [string, string])[] = [
  ["..", ".."],
  ["%2e%2e", ".."],
  ["..%2f..%2fetc%2fpasswd", "../../etc/passwd"],
  ["%00", "\0"],
  ["1%0d%0aX-Evil:%201", "1\r\nX-Evil: 1"],
  ["%1b%5b31m", "\u001b[31m"],
  ["a;b=c", "a;b=c"],
  ["%252e", "%2e"],
  ["a+b", "a+b"],
  ["*", "*"],
  ["__proto__", "__proto__"],
  ["%ef%bb%bf1", "\ufeff1"],
  ["1?callbackUrl=x", "1"],
];

describe.each(frameworks)("$name", (framework) => {
  it.each(names)("any.18 %s: another method on the mount is the app's", async (name) => {
    const house = await besiege(framework, name);
    for (const method of ["PUT", "DELETE", "OPTIONS", "GET", "HEAD", "PATCH", "TRACE", "PROPFIND"]) {
      const answer = await house.attack({ method });
      const probed = name === "app-inbox" && (method === "GET" || method === "HEAD");
      const express = framework.name.startsWith("Express") && method === "OPTIONS";
      const expected = probed ? 200 : express ? statuses(answer)[0] : framework.notOurs;
      expect([method, ...statuses(answer)]).toEqual([method, expected]);
      expect([method, /^allow: POST\r$/im.test(answer)]).toEqual([
        method,
        framework.notOurs === 405 && !probed,
      ]);
    }
    expect([house.events, house.observed]).toEqual([[], []]);
    // a 404 page of Express names the path, and with it the secret, to the one who sent it
    if (name !== "uphance") await house.unharmed();
  });

  it("any.18 a method that HTTP does not know, or in another case, is Node's to refuse", async () => {
    const house = await besiege(framework, "upsales");
    for (const method of ["post", "POSTS", "P OST", "", "POST\0"])
      expect([method, ...statuses(await house.attack({ method }))]).toEqual([method, 400]);
    await house.unharmed();
  });

  it("any.18 a path without meaning is the app's", async () => {
    const house = await besiege(framework, "upsales");
    for (const path of meaningless.filter((one) => keepsPath(framework, one)))
      expect([path, ...statuses(await house.attack({ path }))]).toEqual([
        path,
        takesPath(framework, path) ? 404 : 400,
      ]);
    expect(house.observed).toEqual([]);
    await house.unharmed();
  });

  it("upsales.3 an id in a path that is none is malformed, and an odd one is handed over as it is", async () => {
    const house = await besiege(framework, "upsales");
    for (const id of blank.filter((one) => keepsPath(framework, `/${one}`)))
      expect([id, ...statuses(await house.attack({ path: `/upsales/orderinsert/${id}` }))]).toEqual([
        id,
        400,
      ]);
    const kept = odd.filter(([id]) => keepsPath(framework, `/${id}`));
    for (const [id, expected] of kept) {
      expect([id, ...statuses(await house.attack({ path: `/upsales/orderinsert/${id}` }))]).toEqual([
        id,
        200,
      ]);
      expect(house.events.at(-1).params.id).toBe(expected);
    }
    await house.unharmed({ handled: kept.length });
  });

  it.each(names)("any.15 %s: plain HTTP with requireHttps, whatever the peer claims", async (name) => {
    const house = await besiege(framework, name, { options: { requireHttps: true } });
    for (const headers of [
      {},
      { "X-Forwarded-Proto": "https" },
      { "X-Forwarded-Proto": ["https", "https"] },
      { "X-Forwarded-Ssl": "on" },
      { "Front-End-Https": "on" },
      { Forwarded: "proto=https" },
      { "X-Forwarded-Protocol": "https", "X-Url-Scheme": "https" },
      { Upgrade: "TLS/1.0", Connection: "Upgrade, close" },
    ]) {
      const path =
        name === "uphance"
          ? {}
          : { path: `https://test${providers[name].at}${name === "upsales" ? "/orderinsert/1" : ""}` };
      // Hono's server believes the scheme of a target
      for (const change of [{ headers }, ...(framework.takesRequest ? [] : [{ headers, ...path }])])
        expect(statuses(await house.attack(change))).toEqual([statusOf(name, 403)]);
    }
    expect(house.events).toEqual([]);
  });

  it.each(names)("any.15 %s: a proxy that the app trusts says which scheme it was", async (name) => {
    const options = { options: { requireHttps: true }, mount: { trustProxy: true } };
    const house = await besiege(framework, name, options);
    for (const [proto, status] of [
      ["https", 200],
      ["http", 403],
      ["httpss", 403],
      ["", 403],
    ] as const) {
      const answer = await house.attack({ headers: { "X-Forwarded-Proto": proto } });
      expect([proto, ...statuses(answer)]).toEqual([proto, statusOf(name, status)]);
    }
    expect(house.events).toHaveLength(1);
  });
});
