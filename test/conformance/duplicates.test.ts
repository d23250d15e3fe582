/** One event in several deliveries: handled once, answered alike, handled again only after a failure for now. */
import { PermanentError, RetryLater } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, send, withFields } from "../support/deliveries.ts";
import { following, frameworks } from "../support/frameworks.ts";
import { openHouse } from "../support/house.ts";

const attempts = [1, 2, 3].map((attempt) => sample(`postback/contact-create-attempt-${attempt}`));
const update = sample("uphance/pick-ticket-update");

describe.each(frameworks)("$name", (framework) => {
  it("postback.4 three attempts, which differ in their number alone, are handled once", async () => {
    const house = await openHouse(framework, "postback");
    const answers = [];
    for (const attempt of attempts) answers.push(await house.deliver(attempt));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(house.events).toHaveLength(1);
    expect(house.observed.filter(({ kind }) => kind === "delivery")).toMatchObject([
      { outcome: "handled", deliveryAttempt: 1 },
      { outcome: "duplicate", deliveryAttempt: 2 },
      { outcome: "duplicate", deliveryAttempt: 3 },
    ]);
  });

  it("any.8 two deliveries at the same time are handled once and answered alike", async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const handle = () => (begun.resolve(), gate.promise);
    const house = await openHouse(framework, "uphance", { handle });
    const first = house.deliver(update);
    await begun.promise;
    const others = Array.from({ length: 5 }, () => house.deliver(update));
    await untilJoined(house.port);
    gate.resolve();
    const answers = await Promise.all([first, ...others]);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(["200 "]));
    expect(house.events).toHaveLength(1);
  });

  it("any.8 thirty-two wait beside the first, the next gets 503 with Retry-After", async () => {
    const gate = Promise.withResolvers<void>();
    const house = await openHouse(framework, "uphance", { handle: () => gate.promise });
    const all = Array.from({ length: 34 }, () => house.deliver(update));
    const surplus = await Promise.race(all);
    expect(surplus.status).toBe(503);
    expect(Number(surplus.headers.get("retry-after"))).toBeGreaterThan(0);
    gate.resolve();
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(33);
    expect(house.events).toHaveLength(1);
  });

  it("any.9 a handler that fails for now leaves the event to the provider's retry", async () => {
    let fails = true;
    const handle = () => {
      if (fails) throw new Error("the database is away");
    };
    const house = await openHouse(framework, "uphance", { handle });
    const failed = await house.deliver(update);
    expect([failed.status, failed.text]).toEqual([500, '{"code":"failed"}']);
    fails = false;
    expect((await house.deliver(update)).status).toBe(200);
    expect((await house.deliver(update)).status).toBe(200);
    expect(house.events).toHaveLength(2);
  });

  it("any.16 RetryLater says when", async () => {
    const handle = () => {
      throw new RetryLater({ after: "90s" });
    };
    const postback = await openHouse(framework, "postback", { handle });
    const answer = await postback.deliver(attempts[0]!);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "90"]);
    const inbox = await openHouse(framework, "app-inbox", { handle });
    expect((await inbox.deliver(sample("app-inbox/message"))).status).toBe(429);
  });

  it("any.9 PermanentError is settled with one dead letter, and a duplicate gets the same answer", async () => {
    const handle = () => {
      throw new PermanentError("no such customer");
    };
    for (const [name, one, status] of [
      ["upsales", "upsales/order-insert", 400],
      ["uphance", "uphance/pick-ticket-update", 200],
      ["app-inbox", "app-inbox/message", 400],
      ["postback", "postback/contact-delete", 200],
    ] as const) {
      const house = await openHouse(framework, name, { handle });
      const [first, second] = [await house.deliver(sample(one)), await house.deliver(sample(one))];
      expect([name, first.status, second.status]).toEqual([name, status, status]);
      expect(second.text).toBe(first.text);
      expect(house.events).toHaveLength(1);
      expect(await house.receiver.deadLetters.list()).toMatchObject([
        { error: { code: "permanent", message: "no such customer" } },
      ]);
    }
  });

  it("uphance.4 an update without updated_at is not deduplicated, a create is", async () => {
    const house = await openHouse(framework, "uphance");
    for (const name of [
      "product-update-flat-id",
      "product-update-flat-id",
      "invoice-create-id-only",
      "invoice-create-id-only",
    ]) {
      expect((await house.deliver(sample(`uphance/${name}`))).status).toBe(200);
    }
    expect(house.events.map(({ type }) => type)).toEqual([
      "product.update",
      "product.update",
      "invoice.create",
    ]);
  });

  it("any.10 ids that differ by case, or by being a number, are other events", async () => {
    const house = await openHouse(framework, "uphance");
    const one = sample("uphance/invoice-create-id-only");
    for (const invoice of ["a", "A", 4711, "4711", "\u00e5", "a\u030a"])
      await house.deliver(withFields(one, { invoice }));
    expect(house.events).toHaveLength(6);
  });
});

describe.each(following)("$name", (framework) => {
  it("any.7 upsales.5 a duplicate gets the answer again, without the callback", async () => {
    const handle = () => ({ callback: { notify: "Hello!" }, maybeSomeOtherStuff: true });
    const house = await openHouse(framework, "upsales", { handle });
    const one = sample("upsales/order-insert");
    expect((await house.deliver(one)).json).toEqual({
      callback: { notify: "Hello!" },
      maybeSomeOtherStuff: true,
    });
    expect((await house.deliver(one)).json).toEqual({ maybeSomeOtherStuff: true });
    await house.receiver.idle();
    expect([house.events.length, house.posts.length]).toEqual([1, 0]);
  });
});

/** Resolves when the server has read what was sent: a request of ours after the others has been answered. */
async function untilJoined(port: number): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await send(`http://127.0.0.1:${port}`, {
      path: "/elsewhere",
      headers: { connection: "close" },
      body: "",
    });
  }
}
