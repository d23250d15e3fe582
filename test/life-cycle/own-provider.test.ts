/** What holds for a provider of one's own: keys without holes, and the answers that every provider has. */
import { later, reply } from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openHouse } from "../support/house.ts";
import { countingClock, faulty, two } from "./support.ts";

function acme(parts: object = {}): any {
  return defineProvider({
    name: "acme",
    accepts: ["json"],
    events: { paid: { answer: z.strictObject({ ok: z.boolean() }) }, noted: {} },
    callback: { expires: "1h", maxBytes: 1_000, hosts: ["acme.example"] },
    statuses: { malformed: 422 },
    decode: ({ body }) => {
      const { type = "paid", key } = body as { type?: string; key: unknown[] };
      return { type, data: body, key, callbackUrl: "https://acme.example/c" };
    },
    ...parts,
  });
}

const delivery = (body: object) => ({
  path: "/upsales",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const options = { authenticate: false };

describe.each(two)("$name", (framework) => {
  it.each([
    ["3s", 1_500],
    ["60s", 5_000],
  ])(
    "any.11 a provider that waits %s is acknowledged after %i ms, where nobody says when",
    async (patience, ms) => {
      const clock = countingClock();
      const done = Promise.withResolvers<void>();
      const given = {
        clock,
        backend: faulty(clock),
        provider: acme({ patience }),
        handle: () => done.promise,
      };
      const house = await openHouse(framework, "upsales", { ...given, options });
      let status = 0;
      const answer = house
        .deliver(delivery({ type: "noted", key: [1] }))
        .then((got) => (status = got.status));
      await expect.poll(() => house.events.length).toBe(1);
      await clock.advance(ms - 1);
      expect(status).toBe(0);
      await clock.advance(1);
      expect(await answer).toBe(200);
      expect(house.observed.at(-1)).toMatchObject({ kind: "delivery", outcome: "accepted" });
      done.resolve();
    },
  );

  it.each([
    ["undefined", (key: unknown[]) => [key[0], undefined]],
    ["null", () => [null]],
    ["NaN", (key: unknown[]) => [key[0], NaN]],
    ["no part", () => []],
  ])(
    "any.10 a key with %s in it is our side's mistake: 500, told, and never the key of two events",
    async (what, holed) => {
      const decode = ({ body }: any) => ({ type: "paid", data: body, key: holed(body.key) });
      const house = await openHouse(framework, "upsales", { provider: acme({ decode }), options });
      for (const id of [1, 2]) expect((await house.deliver(delivery({ key: [id] }))).status).toBe(500);
      expect(house.events).toEqual([]);
      expect(house.told[0]).toMatchObject({ facts: { stage: "decode", code: "failed", status: 500 } });
      expect(house.told[0]!.error.message).toMatch(
        what === "no part" ? /without a part/ : new RegExp(`is ${what}`),
      );
    },
  );

  it.each([
    ["no encode", {}],
    [
      "an encode of its own",
      {
        encode: (answer: unknown) => ({
          reply: { status: 200, headers: {}, body: JSON.stringify({ answer: answer ?? null }) },
        }),
      },
    ],
  ])(
    "upsales.15 reply() answers with %s, whatever its schema wants, and where no answer is read",
    async (_, parts) => {
      const handle = () => reply("No such project", { status: 422 });
      const house = await openHouse(framework, "upsales", { provider: acme(parts), handle, options });
      for (const type of ["paid", "noted"]) {
        const answer = await house.deliver(delivery({ type, key: [type] }));
        expect([answer.status, answer.text]).toEqual([422, "No such project"]);
      }
    },
  );

  it("upsales.15 reply() with a status that the provider does not read is a wrong answer", async () => {
    const handle = () => reply("", { status: 418 });
    const house = await openHouse(framework, "upsales", { provider: acme(), handle, options });
    expect((await house.deliver(delivery({ key: [1] }))).status).toBe(500);
    expect(house.told).toMatchObject([{ facts: { code: "invalid_answer" } }]);
  });

  it("upsales.18 later() and later(acknowledgement) work with the default encode", async () => {
    const handle = ({ data }: any) => later(data.acknowledgement);
    const house = await openHouse(framework, "upsales", { provider: acme(), handle, options });
    expect((await house.deliver(delivery({ key: [1] }))).text).toBe("");
    expect((await house.deliver(delivery({ key: [2], acknowledgement: { ok: true } }))).json).toEqual({
      ok: true,
    });
    expect((await house.deliver(delivery({ key: [3], acknowledgement: { no: true } }))).status).toBe(500);
  });
});
