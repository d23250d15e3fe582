/** A provider that signs what it sends: its own authenticator, and the address that it signs. */
import { createReceiver, headerSecret } from "@answerback/core";
import { defineProvider, type Authenticator } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { openHouse } from "../support/house.ts";
import { two } from "./support.ts";

const authenticator: Authenticator = headerSecret("x-acme-token", "a-token-of-acme");

/** @param parts Of the authenticator. */
function acme(parts: Partial<Authenticator> = {}) {
  return defineProvider({
    name: "acme",
    accepts: ["json"],
    authenticator: { ...authenticator, ...parts },
    events: { paid: {} },
    decode: ({ body }) => ({ type: "paid", data: body, key: ["one"] }),
  });
}

const delivery = (headers: object = {}, path = "/upsales") => ({
  path,
  headers: { "content-type": "application/json", ...headers },
  body: "{}",
});
const signed = { "x-acme-token": "a-token-of-acme" };

describe.each(two)("$name", (framework) => {
  it("any.29 the provider's own authenticator is asked where authenticate is left out", async () => {
    const options = { authenticate: undefined };
    const house = await openHouse(framework, "upsales", { provider: acme(), options });
    expect((await house.deliver(delivery())).status).toBe(401);
    expect((await house.deliver(delivery(signed))).status).toBe(200);
    expect(house.events).toHaveLength(1);
  });

  it("any.29 what is given in authenticate has to agree, too", async () => {
    const options = { authenticate: headerSecret("x-ours", "a-secret-of-ours") };
    const house = await openHouse(framework, "upsales", { provider: acme(), options });
    expect((await house.deliver(delivery(signed))).status).toBe(401);
    expect((await house.deliver(delivery({ "x-ours": "a-secret-of-ours" }))).status).toBe(401);
    const both = { ...signed, "x-ours": "a-secret-of-ours" };
    expect((await house.deliver(delivery(both))).status).toBe(200);
  });

  it("any.29 false lets everybody in all the same", async () => {
    const house = await openHouse(framework, "upsales", {
      provider: acme(),
      options: { authenticate: false },
    });
    expect((await house.deliver(delivery())).status).toBe(200);
  });

  it.each([
    ["https://acme.example/hooks", "/upsales", "https://acme.example/hooks"],
    ["https://acme.example/hooks", "/upsales?a=%20b", "https://acme.example/hooks?a=%20b"],
    ["https://acme.example", "/upsales", "https://acme.example/"],
  ])("any.29 under %s a delivery to %s has the address %s", async (publicUrl, path, url) => {
    const urls: unknown[] = [];
    const verify: Authenticator["verify"] = (one) => urls.push(one.url) > 0;
    const options = { authenticate: undefined, publicUrl };
    const provider = acme({ verify, needsUrl: true });
    const house = await openHouse(framework, "upsales", { provider, options });
    expect((await house.deliver(delivery({}, path))).status).toBe(200);
    expect(urls).toEqual([url]);
  });
});

describe("at creation", () => {
  const handle = () => {};

  it("any.29 authenticate may be left out, for the compiler as well, only where the provider signs", () => {
    const open = createReceiver(acme(), { handle });
    expect(open.name).toBe("acme");
    const { authenticator: _none, ...unsigned } = acme();
    // @ts-expect-error nobody says who may send
    expect(() => createReceiver(defineProvider(unsigned), { handle })).toThrow(/authenticate.*missing/);
    return open.close();
  });

  it("any.29 a provider that signs the address is refused without publicUrl, and with what is none", () => {
    const provider = acme({ needsUrl: true });
    expect(() => createReceiver(provider, { handle })).toThrow(
      expect.objectContaining({ option: "publicUrl", code: "missing" }),
    );
    expect(() => createReceiver(provider, { handle, publicUrl: "/hooks" })).toThrow(
      expect.objectContaining({ option: "publicUrl", code: "invalid" }),
    );
  });

  it.each([
    ["a function", () => true, "invalid"],
    ["an object without verify", {}, "invalid"],
    ["null", null, "invalid"],
    ["one that needs nothing", { verify: () => true }, "missing"],
  ])("any.29 an authenticator that is %s is refused by defineProvider", (_, wrong, code) => {
    const { authenticator: _none, ...unsigned } = acme();
    expect(() => defineProvider({ ...unsigned, authenticator: wrong as any })).toThrow(
      expect.objectContaining({ name: "OptionError", code }),
    );
  });
});

describe("any.13 why a delivery is not let in", () => {
  it("is told to the developer, never to the sender, in one error for all", async () => {
    const verify: Authenticator["verify"] = ({ headers, deny }) =>
      headers["x-acme-token"] !== undefined || deny("the token is missing");
    const house = await openHouse(two[0]!, "upsales", {
      provider: acme({ verify }),
      options: { authenticate: undefined },
    });
    for (const _ of [1, 2]) {
      const answer = await house.deliver(delivery());
      expect([answer.status, answer.text]).toEqual([401, '{"code":"unauthorized"}']);
    }
    expect(house.told[0]!.error.message).toBe(
      "the delivery has no valid credentials: the token is missing; compare the password or secret that the provider has with the app's",
    );
    expect(house.told[1]!.error).toBe(house.told[0]!.error);
    expect(house.observed.at(-1)).toMatchObject({ reason: expect.stringContaining("the token is missing") });
  });

  it("costs an error each where an authenticator has ever other words for it", async () => {
    let count = 0;
    const verify: Authenticator["verify"] = ({ deny }) => deny(`reason ${(count += 1)}`);
    const house = await openHouse(two[0]!, "upsales", {
      provider: acme({ verify }),
      options: { authenticate: undefined },
    });
    for (let time = 1; time <= 40; time += 1) await house.deliver(delivery());
    expect(house.told.map(({ error }) => error.message.match(/reason \d+/)?.[0])).toEqual(
      Array.from({ length: 40 }, (_, at) => `reason ${at + 1}`),
    );
  });
});
