/** What an operator sees of the records: lists, counts, causes, one record whole. */
import { PermanentError, RetryLater } from "@answerback/core";
import { expect, onTestFinished, test } from "vitest";
import { sample, type Sample } from "../support/deliveries.ts";
import { openHouse, type House } from "../support/house.ts";
import { describeEverywhere } from "./places.ts";

const created = sample("postback/contact-create-attempt-1");

/** A postback about a contact. */
function about(id: string, type = "CREATE", more: object = {}): Sample {
  const data = JSON.stringify({ id, last_name: "Lovelace", ...more });
  return { ...created, body: String(new URLSearchParams({ type, resource: "contact", data })) };
}

/** What becomes of a contact is in its last name. */
const handle = ({ data }: any) => {
  if (data.last_name === "dies") throw new PermanentError(`no customer ${data.id}`);
  if (data.last_name === "breaks") throw new TypeError("cannot read 12 of undefined");
  if (data.last_name === "later") throw new RetryLater("1h");
};

describeEverywhere("records are listed", (open, framework) => {
  async function house(given: object = {}): Promise<House> {
    const name = `list-${Math.random()}`;
    return openHouse(framework, "postback", {
      backend: open().another(),
      handle,
      ...given,
      options: { name, ...(given as any).options },
    });
  }

  test("any.44 the newest first, page by page, each with its name, its id and its state", async () => {
    const { receiver, deliver } = await house();
    for (const id of ["a", "b", "c", "d", "e"]) {
      await deliver(about(id));
      // as two that arrive in one ms are in the order of their keys
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const first = await receiver.records.list({ limit: 2 });
    expect(first.records).toMatchObject([
      { id: "e", name: "contact.create", state: "settled", attempts: 1, error: undefined, kept: false },
      { id: "d" },
    ]);
    expect(Date.now() - first.records[0]!.arrivedAt!).toBeLessThan(60_000);
    const second = await receiver.records.list({ limit: 2, cursor: first.cursor });
    const third = await receiver.records.list({ limit: 2, cursor: second.cursor });
    expect([...second.records, ...third.records].map(({ id }) => id)).toEqual(["c", "b", "a"]);
    expect(third.cursor).toBe(undefined);
  });

  test("any.44 those of one subject, of one name, in one state, since a time, with one error", async () => {
    const { receiver, deliver } = await house();
    await deliver(about("a"));
    await deliver(about("a", "DELETE"));
    await deliver(about("b", "CREATE", { last_name: "dies" }));
    await deliver(about("c", "CREATE", { last_name: "breaks" }));
    const idsOf = async (filter: object) =>
      (await receiver.records.list(filter)).records.map(({ id, name }) => `${id} ${name}`).toSorted();
    expect(await idsOf({ id: "a" })).toEqual(["a contact.create", "a contact.delete"]);
    expect(await idsOf({ id: "a", name: "contact.delete" })).toEqual(["a contact.delete"]);
    expect(await idsOf({ state: "dead" })).toEqual(["b contact.create"]);
    expect(await idsOf({ state: "free" })).toEqual(["c contact.create"]);
    expect(await idsOf({ state: "settled", name: "contact.create" })).toEqual(["a contact.create"]);
    expect(await idsOf({ error: "failed" })).toEqual(["c contact.create"]);
    expect(await idsOf({ error: "failed: cannot read # of undefined" })).toEqual(["c contact.create"]);
    expect(await idsOf({ since: new Date(Date.now() - 60_000) })).toHaveLength(4);
    expect(await idsOf({ since: Date.now() + 60_000 })).toEqual([]);
    expect(await idsOf({ id: "nobody" })).toEqual([]);
  });

  test("any.44 a record whole: its event, its answer, and no secret", async () => {
    const { receiver, deliver } = await house();
    await deliver(about("b", "CREATE", { last_name: "dies" }));
    const { records } = await receiver.records.list();
    const record = await receiver.records.get(records[0]!.key);
    expect(record).toMatchObject({
      state: "dead",
      id: "b",
      error: { code: "permanent", message: "no customer b" },
      data: { type: "contact.create", data: { id: "b", last_name: "dies" } },
      answer: { status: 200 },
    });
    expect(await receiver.records.get("nothing")).toBe(undefined);
  });

  test("any.45 counts by state, and the age of what has been due longest", async () => {
    const { receiver, deliver } = await house({ options: { background: false } });
    await deliver(about("a"));
    await deliver(about("b", "CREATE", { last_name: "dies" }));
    await deliver(about("c", "CREATE", { last_name: "breaks" }));
    const { counts, dueForMs, upTo, ...rest } = await receiver.records.stats();
    expect(counts).toEqual({ held: 0, free: 1, due: 0, waiting: 0, paused: 0, dead: 1, settled: 1 });
    expect([dueForMs, upTo]).toEqual([0, 10_000]);
    expect(rest).toEqual({ runs: 0, posts: 0, paused: { all: false, names: [] } });
    const { key } = (await receiver.records.list({ state: "dead" })).records[0]!;
    await receiver.records.retry(key);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const later = await receiver.records.stats({ upTo: 5 });
    expect(later.counts).toMatchObject({ due: 1, dead: 0 });
    expect(later.dueForMs).toBeGreaterThanOrEqual(15);
    expect(later.dueForMs).toBeLessThan(60_000);
  });

  test("any.45 runs under way are counted, and a record that is handled is held", async () => {
    const done = Promise.withResolvers<void>();
    onTestFinished(() => done.resolve());
    const { receiver, deliver, events } = await house({ handle: () => done.promise });
    const answering = deliver(about("a"));
    await expect.poll(() => events.length).toBe(1);
    expect(await receiver.records.stats()).toMatchObject({ counts: { held: 1 }, runs: 1 });
    expect((await receiver.records.list({ state: "held" })).records).toMatchObject([{ id: "a" }]);
    done.resolve();
    await answering;
    expect(await receiver.records.stats()).toMatchObject({ counts: { held: 0, settled: 1 }, runs: 0 });
  });

  test("any.45 posts under way are counted", async () => {
    const posted = Promise.withResolvers<Response>();
    onTestFinished(() => posted.resolve(new Response()));
    const { receiver, deliver, posts } = await openHouse(framework, "upsales", {
      backend: open().another(),
      handle: () => ({ callback: { notify: "done" } }),
      transport: () => posted.promise,
      options: { name: `posts-${Math.random()}`, answerWithin: 0 },
    });
    await deliver(sample("upsales/external-user-configurable"));
    await expect.poll(() => posts.length, { timeout: 10_000 }).toBe(1);
    expect(await receiver.records.stats()).toMatchObject({ counts: { held: 1 }, posts: 1 });
    posted.resolve(new Response());
    await receiver.idle();
    expect(await receiver.records.stats()).toMatchObject({ counts: { settled: 1 }, posts: 0 });
  });

  test("any.46 dead letters in groups by error: what differs by an id alone is one", async () => {
    const { receiver, deliver } = await house({
      handle: ({ data }: any) => {
        throw new PermanentError(data.last_name === "x" ? `no customer ${data.id}` : 'bad field "city"');
      },
    });
    for (let id = 1; id <= 5; id += 1)
      await deliver(about(`${id}`, "CREATE", { last_name: id < 4 ? "x" : "y" }));
    await deliver(about("9", "DELETE", { last_name: "x" }));
    expect(await receiver.records.errors()).toEqual([
      {
        error: "permanent: no customer #",
        code: "permanent",
        count: 4,
        names: ["contact.create", "contact.delete"],
      },
      { error: "permanent: bad field #", code: "permanent", count: 2, names: ["contact.create"] },
    ]);
    const { records } = await receiver.records.list({ state: "dead", error: "permanent: bad field #" });
    expect(records.map(({ id }) => String(id)).toSorted()).toEqual(["4", "5"]);
  });

  test("any.44 names and ids of any kind are found, and none is taken for another", async () => {
    const { receiver, deliver } = await house();
    const ids = ["A", "a", "é", "e\u0301", "x\u0000y", "'; --", "%", "*", "[a]", "\u0001".repeat(190)];
    for (const id of ids) expect((await deliver(about(id))).status).toBe(200);
    for (const id of ids) {
      const { records } = await receiver.records.list({ id });
      expect([id, records.length]).toEqual([id, 1]);
    }
    expect((await receiver.records.list()).records).toHaveLength(ids.length);
  });
});

describeEverywhere("what is asked wrongly", (open, framework) => {
  test("any.44 is refused with the cure", async () => {
    const { receiver } = await openHouse(framework, "postback", {
      backend: open().another(),
      options: { name: "wrong" },
    });
    const { records } = receiver;
    await expect(records.list({ state: "deaf" } as any)).rejects.toThrow(/"dead"/);
    await expect(records.list({ stat: "dead" } as any)).rejects.toThrow(/did you mean "?state/i);
    await expect(records.list({ cursor: "what?" })).rejects.toThrow(/cursor of the page before/);
    await expect(records.list({ limit: 0 })).rejects.toMatchObject({ code: "out_of_range" });
    await expect(records.list({ since: "yesterday" } as any)).rejects.toThrow(/a Date, or ms/);
    await expect(records.retryAll({ state: "held" })).rejects.toThrow(/dead, waiting, paused, settled/);
    await expect(records.erase({} as any)).rejects.toMatchObject({ code: "missing" });
    await expect(records.list({ cursor: "1:a\u0000" })).rejects.toThrow(/cursor of the page before/);
    await expect(records.get("a\u0000")).rejects.toMatchObject({ code: "invalid" });
    await expect(records.retry("a\u0000")).rejects.toMatchObject({ code: "invalid" });
    await expect(records.retry("")).rejects.toMatchObject({ code: "empty" });
    await expect(records.pause("")).rejects.toMatchObject({ code: "empty" });
  });
});
