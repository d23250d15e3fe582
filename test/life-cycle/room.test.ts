/** Room: in memory's records, and for bodies. */
import { memory, type Delivery } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { two } from "./support.ts";

const ticket = { ...sample("uphance/pick-ticket-update"), path: "/hooks/uphance" };

describe.each(two)("$name", (framework) => {
  it("any.22 a memory that is full is 503, and takes events again when there is room", async () => {
    const done = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const house = await openHouse(framework, "uphance", {
      backend: memory({ maxPending: 1 }),
      handle: () => (begun.resolve(), done.promise),
      options: { authenticate: () => true },
    });
    const first = house.deliver(ticket);
    await begun.promise;
    const other = { ...ticket, body: ticket.body.replace("123456", "654321") };
    const refused = await house.deliver(other);
    expect([refused.status, refused.json]).toEqual([503, { code: "backend_full" }]);
    done.resolve();
    expect((await first).status).toBe(200);
    expect((await house.deliver(other)).status).toBe(200);
  });

  it("any.2 two Content-Type headers can be acknowledged too, and a length that is none spoils no count", async () => {
    const house = await openHouse(framework, "uphance", {
      options: { authenticate: () => true, malformed: "acknowledge", maxBytesInFlight: 1_048_576 },
    });
    const bytes = Buffer.from(ticket.body);
    const deliver = async (headers: Delivery["headers"]) => {
      const rest = { method: "POST", path: "/", query: "", secure: true } as const;
      return (await house.receiver.receive({
        ...rest,
        headers,
        body: async () => ({ kind: "bytes", bytes }),
      }))!.status;
    };
    const json = ["application/json"];
    expect(await deliver({ "content-type": [...json, ...json] })).toBe(200);
    expect(await house.receiver.deadLetters.list()).toHaveLength(1);
    expect(await deliver({ "content-type": json, "content-length": ["none"] })).toBe(200);
    expect(await deliver({ "content-type": json, "content-length": ["1048577"] })).toBe(413);
    const gate = Promise.withResolvers<void>();
    const waiting = house.receiver.receive({
      ...{ method: "POST", path: "/", query: "", secure: true, headers: { "content-type": json } },
      body: async () => (await gate.promise, { kind: "aborted" }),
    });
    expect(await deliver({ "content-type": json })).toBe(429);
    gate.resolve();
    await waiting;
  });
});
