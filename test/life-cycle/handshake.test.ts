/** Handshakes: what a provider asks by GET, HEAD or OPTIONS before it sends anything. */
import { urlSecret } from "@answerback/core";
import { AnswerbackError, defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { openHouse } from "../support/house.ts";

const token = "a-token-that-we-chose";

/** Echoes a challenge where its token is ours. */
function acme(handshake: any = echo): any {
  return defineProvider({
    name: "acme",
    accepts: ["json"],
    events: { asked: {} },
    decode: () => ({ type: "asked", data: null }),
    handshake,
  });
}

function echo({ method, query, path }: { method: string; query: string; path: string }) {
  const fields = new URLSearchParams(query);
  if (method === "OPTIONS") return { status: 200, headers: { "webhook-allowed-origin": path }, body: "" };
  const challenge = fields.get("challenge");
  if (challenge === null) return undefined;
  if (fields.get("token") !== token) return { status: 403, headers: {}, body: "" };
  return { status: 200, headers: { "content-type": "text/plain" }, body: challenge };
}

describe.each(frameworks)("$name", (framework) => {
  const open = (provider = acme(), options: object = {}) =>
    openHouse(framework, "upsales", { provider, options: { authenticate: () => false, ...options } });

  it("any.34 a GET is answered before anybody is authenticated", async () => {
    const house = await open();
    const response = await fetch(`${house.url}/upsales?token=${token}&challenge=4711`);
    expect([response.status, await response.text()]).toEqual([200, "4711"]);
    expect(response.headers.get("cache-control")).toBe("no-transform");
    expect(house.events).toEqual([]);
    expect(house.observed).toMatchObject([{ kind: "delivery", outcome: "handled", events: 0 }]);
  });

  it("any.34 a HEAD has no body, and an OPTIONS is asked, too", async () => {
    const house = await open();
    const head = await fetch(`${house.url}/upsales?token=${token}&challenge=1`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const options = await fetch(`${house.url}/upsales`, { method: "OPTIONS" });
    expect(options.headers.get("webhook-allowed-origin")).toBe("/");
  });

  it("any.15 any.34 one that comes over plain HTTP is refused where HTTPS is required, and told", async () => {
    const house = await open(acme(), { requireHttps: true });
    const response = await fetch(`${house.url}/upsales?token=${token}&challenge=4711`);
    expect([response.status, await response.text()]).toEqual([403, '{"code":"https_required"}']);
    expect(house.told).toMatchObject([{ facts: { stage: "handshake", code: "https_required" } }]);
  });

  it("any.34 one that is refused reveals nothing, and is told", async () => {
    const house = await open();
    const response = await fetch(`${house.url}/upsales?token=wrong&challenge=4711`);
    expect([response.status, await response.text()]).toEqual([403, ""]);
    expect(house.told).toMatchObject([{ facts: { stage: "handshake", code: "unauthorized", status: 403 } }]);
    expect(house.observed).toMatchObject([{ outcome: "refused", status: 403 }]);
  });

  it.each(["GET", "PUT", "DELETE"])(
    "any.34 any other %s goes to the app's next middleware",
    async (method) => {
      const house = await open();
      const { status } = await fetch(`${house.url}/upsales`, { method });
      expect(status).toBe(framework.notOurs);
      expect(house.observed).toEqual([]);
    },
  );

  it("any.34 whoever has not got the secret in the URL learns nothing", async () => {
    const secret = "0123456789abcdef0123456789abcdef";
    const house = await open(acme(), { authenticate: urlSecret(secret) });
    const ask = async (path: string) =>
      (await fetch(`${house.url}/upsales${path}?token=${token}&challenge=4711`)).status;
    expect(await ask("/wrong")).toBe(framework.notOurs);
    expect(await ask("")).toBe(framework.notOurs);
    expect(await ask(`/${secret}`)).toBe(200);
    const options = await fetch(`${house.url}/upsales/${secret}`, { method: "OPTIONS" });
    expect(options.headers.get("webhook-allowed-origin")).toBe("/");
  });

  it("any.34 a handshake that throws is our side's mistake, and an error of ours keeps its code", async () => {
    const mistaken = await open(
      acme(() => {
        throw new TypeError("secret-of-ours");
      }),
    );
    const response = await fetch(`${mistaken.url}/upsales`);
    expect([response.status, await response.text()]).toEqual([500, '{"code":"failed"}']);
    expect(mistaken.told).toMatchObject([{ facts: { stage: "handshake", code: "failed" } }]);
    const promising = await open(acme(async () => ({ status: 200, headers: {}, body: "" })));
    expect((await fetch(`${promising.url}/upsales`)).status).toBe(500);
    expect(promising.told).toMatchObject([{ facts: { stage: "handshake", code: "failed", status: 500 } }]);
    const refusing = await open(
      acme(() => {
        throw new AnswerbackError("malformed", "no challenge");
      }),
    );
    expect((await fetch(`${refusing.url}/upsales`)).status).toBe(400);
  });
});
