/** Signed deliveries over real HTTP: let in, refused, and told where a parser left no bytes to check. */
import { createHmac } from "node:crypto";
import { hmacSignature, standardWebhooks } from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { two } from "../life-cycle/support.ts";
import { manualClock } from "../support/manual-clock.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import type { Before, Framework } from "../support/frameworks.ts";
import { standard } from "./kits.ts";
import { now } from "./support.ts";

const [secret, older] = standard.secrets;

const acme = defineProvider({
  name: "acme",
  accepts: ["json"],
  authenticator: standardWebhooks([secret, older]),
  events: { paid: {} },
  decode: ({ body, headers }) => ({ type: "paid", data: body, key: [headers["webhook-id"]?.[0]] }),
});

const open = (framework: Framework, { options, ...given }: HouseOptions = {}) =>
  openHouse(framework, "upsales", {
    provider: acme,
    clock: manualClock(now),
    options: { authenticate: undefined, ...options },
    ...given,
  });

const body = '{ "total": 7, "note": "nyckel åäö" }';

/** @param sent In place of what was signed. */
const delivery = (sent: string = body, at: number = now, by: string = secret, signed: string = body) => ({
  path: "/upsales",
  headers: {
    "content-type": "application/json",
    ...standard.page(Buffer.from(signed), at, by),
  },
  body: sent,
});

/** A body parser that leaves a value alone. */
async function parse(...[req, , left]: Parameters<Before>): Promise<void> {
  left.body = JSON.parse(Buffer.concat(await req.toArray()).toString());
}

describe.each(two)("$name", (framework) => {
  it("any.30 a delivery that is signed is handled, with either secret", async () => {
    const house = await open(framework);
    expect((await house.deliver(delivery())).status).toBe(200);
    expect(house.events.map(({ data }) => data)).toEqual([{ total: 7, note: "nyckel åäö" }]);
    expect((await house.deliver(delivery(body, now, older))).status).toBe(200);
  });

  it("any.30 a delivery that was tampered with is 401, and nothing is handled", async () => {
    const house = await open(framework);
    for (const sent of [body.replace("7", "8"), body.replaceAll(" ", ""), "{}", "not JSON"])
      expect((await house.deliver(delivery(sent))).status).toBe(401);
    expect(house.events).toEqual([]);
    expect(house.told.map(({ error }) => error.code)).toEqual(Array(4).fill("unauthorized"));
  });

  it("any.31 a delivery that is stale by its arrival is 401", async () => {
    const clock = manualClock(now);
    const house = await open(framework, { clock });
    await clock.advance(5 * 60_000 + 1_000);
    expect((await house.deliver(delivery())).status).toBe(401);
    expect((await house.deliver(delivery(body, clock.now()))).status).toBe(200);
  });

  it("any.30 behind a parser that left no bytes it is a 500, told with its cure", async () => {
    const house = await open(framework, { mount: { before: parse } });
    expect((await house.deliver(delivery())).status).toBe(500);
    expect(house.told.map(({ error }) => [error.code, error.message])).toEqual([
      ["body_already_read", expect.stringContaining("mount Answerback before the body parser")],
    ]);
    expect(house.events).toEqual([]);
  });

  it("any.30 behind a parser that left the bytes it is handled", async () => {
    const before: Before = async (req, res, left) => {
      await parse(req, res, left);
      left.rawBody = Buffer.from(JSON.stringify(left.body));
    };
    const house = await open(framework, { mount: { before } });
    const compact = JSON.stringify(JSON.parse(body));
    expect((await house.deliver(delivery(compact, now, secret, compact))).status).toBe(200);
    expect(house.events).toHaveLength(1);
  });

  it("any.30 what the head refuses is 401 behind a parser, too", async () => {
    const house = await open(framework, { mount: { before: parse } });
    expect((await house.deliver(delivery(body, now - 3_600_000))).status).toBe(401);
  });

  it("any.30 an address that is signed is publicUrl with the path and the query", async () => {
    const authenticate = hmacSignature({ header: "x-signature", signed: "{method} {url} {body}", secret });
    const { authenticator: _, ...unsigned } = acme;
    const options = { authenticate, publicUrl: "https://acme.example/hooks" };
    const house = await open(framework, { provider: defineProvider(unsigned), options });
    const sign = (url: string) => createHmac("sha256", secret).update(`POST ${url} {}`).digest("hex");
    const send = (url: string) =>
      house.deliver({
        path: "/upsales?a=%20b",
        headers: { "content-type": "application/json", "x-signature": sign(url), "webhook-id": "1" },
        body: "{}",
      });
    expect((await send("https://acme.example/hooks?a=%20b")).status).toBe(200);
    expect((await send("https://acme.example/hooks?a=+b")).status).toBe(401);
  });
});
