/** Pausing: deliveries are accepted and wait, in all processes, over restarts; and go on when it ends. */
import { memory, openRecords, PermanentError } from "@answerback/core";
import type { Backend } from "@answerback/core/backend";
import { sqlite } from "@answerback/sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { sample, type Sample } from "../support/deliveries.ts";
import { frameworkNamed } from "../support/frameworks.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { fileOfTest } from "../support/sqlite-file.ts";
import { describeOnEngines } from "./places.ts";

const created = sample("postback/contact-create-attempt-1");

function about(id: string, type = "CREATE"): Sample {
  const data = JSON.stringify({ id, last_name: "Lovelace" });
  return { ...created, body: String(new URLSearchParams({ type, resource: "contact", data })) };
}

/** As another process has it: this one cannot tell that the two are at one place. */
function elsewhere(backend: Backend<any>): Backend<any> {
  return { ...backend, address: [{}] };
}

/** Is slow where records are taken whose pause has ended: each time, or with the first one in its hands. */
function slowToResume(backend: Backend<any>, { eachMs = 0, firstMs = 0 }): Backend<any> {
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  let isFirst = true;
  return {
    ...backend,
    async open(name) {
      const records = await backend.open(name);
      const take: typeof records.take = async (lease, which) => {
        if (which?.early !== "paused") return records.take(lease, which);
        await sleep(eachMs);
        const taken = await records.take(lease, which);
        if (isFirst) {
          isFirst = false;
          await sleep(firstMs);
        }
        return taken;
      };
      return { ...records, take };
    },
  };
}

const ever = { timeout: 15_000, interval: 50 };

describeOnEngines("a pause", (open, framework) => {
  const name = () => `pause-${Math.random()}`;
  const house = (backend: Backend<any>, options: Record<string, unknown>): Promise<House> =>
    openHouse(framework, "postback", { backend, options });

  test("any.49 of all events: they are accepted, wait, and are handled when it ends", async () => {
    const { receiver, deliver, events, warnings } = await house(open().another(), { name: name() });
    await receiver.records.pause();
    expect(await receiver.records.paused()).toEqual({ all: true, names: [] });
    const answer = await deliver(about("a"));
    await deliver(about("b"));
    expect(answer.status).toBe(200);
    await receiver.idle();
    expect(events).toEqual([]);
    expect((await receiver.records.stats()).counts).toMatchObject({ paused: 2, due: 0 });
    expect((await receiver.records.list({ state: "paused" })).records).toHaveLength(2);
    // a duplicate gets the same answer
    expect((await deliver(about("a"))).status).toBe(200);
    await expect.poll(() => warnings.map(({ code }) => code), ever).toContain("paused");
    await receiver.records.resume();
    await expect.poll(() => events.map(({ data }) => String(data.id)).toSorted(), ever).toEqual(["a", "b"]);
    await receiver.idle();
    expect((await receiver.records.stats()).counts).toMatchObject({ paused: 0, settled: 2 });
    expect(await receiver.records.paused()).toEqual({ all: false, names: [] });
    await expect.poll(() => warnings.map(({ code }) => code), ever).toContain("resumed");
  });

  test("any.49 of one type: the others are handled", async () => {
    const { receiver, deliver, events } = await house(open().another(), { name: name() });
    await receiver.records.pause("contact.create");
    await deliver(about("a"));
    await deliver(about("a", "DELETE"));
    await receiver.idle();
    expect(events.map((event) => event.type)).toEqual(["contact.delete"]);
    await receiver.records.pause("contact.delete");
    expect((await receiver.records.paused()).names).toEqual(["contact.create", "contact.delete"]);
    await receiver.records.resume("contact.create");
    await expect.poll(() => events.length, ever).toBe(2);
    expect((await receiver.records.paused()).names).toEqual(["contact.delete"]);
  });

  test("any.49 what waited is handled in the order in which it came", async () => {
    const concurrency = { runs: 1, posts: 1 };
    const backend = slowToResume(open().another(), { firstMs: 2_500 }); // until the pauses are looked at again, and longer
    const { receiver, deliver, events } = await house(backend, {
      name: name(),
      concurrency,
      backendWithin: "10s",
    });
    await receiver.records.pause();
    const ids = Array.from({ length: 40 }, (_, index) => `${index}`);
    for (const id of ids) {
      await deliver(about(id));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await receiver.records.resume();
    await expect.poll(() => events.length, ever).toBe(40);
    // eight at a time are made due
    for (const [at, event] of events.entries())
      expect(Math.abs(ids.indexOf(event.data.id) - at)).toBeLessThan(16);
  });

  test("any.49 what a process did not make due that closed meanwhile is due in the next one", async () => {
    const place = open();
    const given = { name: name() };
    const first = await house(slowToResume(place.another(), { eachMs: 300 }), given);
    await first.receiver.records.pause("contact.create");
    await first.receiver.records.pause("contact.delete");
    for (let id = 0; id < 20; id += 1) await first.deliver(about(`${id}`));
    const resuming = first.receiver.records.resume("contact.create");
    await expect.poll(async () => (await first.receiver.records.paused()).names, ever).toHaveLength(1);
    await first.receiver.close({ within: 0 });
    await resuming.catch(() => {});
    const second = await house(place.another(), given);
    await expect.poll(() => first.events.length + second.events.length, ever).toBe(20);
    expect((await second.receiver.records.paused()).names).toEqual(["contact.delete"]);
  });

  test("any.49 what a second pause held is due in the next process, too, where this one closed meanwhile", async () => {
    const place = open();
    const given = { name: name() };
    const first = await house(slowToResume(place.another(), { eachMs: 300 }), given);
    const { records } = first.receiver;
    for (const type of ["create", "delete", "update"]) await records.pause(`contact.${type}`);
    // the first pass has gone by them when they may be handled
    for (let id = 0; id < 40; id += 1) await first.deliver(about(`${id}`, "DELETE"));
    await first.deliver(about("0"));
    const resuming = Promise.allSettled(
      ["create", "delete"].map((type) => records.resume(`contact.${type}`)),
    );
    await expect
      .poll(async () => (await records.stats()).counts.paused, { ...ever, interval: 5 })
      .toBeLessThan(40);
    await first.receiver.close({ within: 0 });
    await resuming;
    const second = await house(place.another(), given);
    await expect.poll(async () => (await second.receiver.records.stats()).counts.settled, ever).toBe(41);
  });

  test("any.49 what was due before it waits as well", async () => {
    const place = open();
    const given = { name: name() };
    const first = await openHouse(framework, "postback", {
      backend: place.another(),
      options: { ...given, background: false },
      handle: () => {
        throw new PermanentError("no");
      },
    });
    await first.deliver(about("a"));
    const { records } = first.receiver;
    expect(await records.retryAll({})).toEqual({ done: 1, skipped: 0 });
    await records.pause();
    await first.receiver.close({ within: 0 });
    const second = await house(place.another(), given);
    await expect.poll(async () => (await second.receiver.records.stats()).counts.paused, ever).toBe(1);
    expect(second.events).toEqual([]);
    await second.receiver.records.resume();
    await expect.poll(() => second.events.length, ever).toBe(1);
    await second.receiver.idle();
    expect((await second.receiver.records.list()).records).toMatchObject([{ state: "settled", attempts: 1 }]);
  });

  test("any.46 one that waits is tried by itself, while the others wait on", async () => {
    const { receiver, deliver, events } = await house(open().another(), { name: name() });
    await receiver.records.pause();
    await deliver(about("a"));
    await deliver(about("b"));
    const [a] = (await receiver.records.list({ id: "a" })).records;
    await receiver.records.retry(a!.key);
    await expect.poll(() => events.map(({ data }) => data.id), ever).toEqual(["a"]);
    await receiver.idle();
    expect((await receiver.records.stats()).counts).toMatchObject({ paused: 1, settled: 1 });
  });

  test("any.49 holds in every process, and after a restart", async () => {
    const place = open();
    const given = { name: name() };
    const one = await house(place.another(), given);
    const other = await house(elsewhere(place.another()), given);
    await one.receiver.records.pause();
    await expect
      .poll(async () => {
        await other.deliver(about(`${Math.random()}`));
        return (await one.receiver.records.stats()).counts.paused;
      }, ever)
      .toBeGreaterThan(0);
    const handled = other.events.length;
    await one.receiver.close({ within: 0 });
    await other.receiver.close({ within: 0 });
    const next = await house(place.another(), given);
    // at once: its first delivery waits until it has looked
    expect((await next.deliver(about("the first"))).status).toBe(200);
    await next.receiver.idle();
    expect([next.events.length, other.events.length]).toEqual([0, handled]);
    expect((await next.receiver.records.list({ id: "the first" })).records).toMatchObject([
      { state: "paused" },
    ]);
  });

  test("any.49 is ended from a process without the receiver, which runs nothing", async () => {
    const place = open();
    const given = { name: name() };
    const { receiver, deliver, events } = await house(place.another(), given);
    const backend = elsewhere(place.another());
    const records = await openRecords(backend, given);
    onTestFinished(() => records.close().then(() => backend.close()));
    await records.pause();
    await expect.poll(async () => (await receiver.records.paused()).all, ever).toBe(true);
    await deliver(about("a"));
    expect((await records.stats()).counts.paused).toBe(1);
    await records.resume();
    expect((await records.stats()).counts.paused).toBe(0);
    await expect.poll(() => events.length, ever).toBe(1);
  });

  test("any.49 that ended while who ended it died is ended by whoever looks next", async () => {
    const place = open();
    const given = { name: name() };
    const one = await house(place.another(), given);
    await one.receiver.records.pause();
    for (const id of ["a", "b", "c"]) await one.deliver(about(id));
    await one.receiver.close({ within: 0 });
    const backend = place.another();
    let isDead = false;
    const dying: Backend<any> = {
      ...elsewhere(backend),
      async open(receiver) {
        const records = await backend.open(receiver);
        const take: typeof records.take = (lease, which) => {
          // it took what is paused, and never what waited for it
          if (which?.early === "paused") isDead = true;
          return isDead ? new Promise(() => {}) : records.take(lease, which);
        };
        const save: typeof records.save = (...args) =>
          isDead ? new Promise(() => {}) : records.save(...args);
        return { ...records, take, save };
      },
    };
    const records = await openRecords(dying, given);
    await Promise.race([
      records.resume().catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, 500)),
    ]);
    expect(isDead).toBe(true);
    await backend.close();
    const next = await house(place.another(), given);
    await expect
      .poll(() => next.events.map(({ data }) => String(data.id)).toSorted(), ever)
      .toEqual(["a", "b", "c"]);
  });

  test("any.49 what a process lets wait that has not noticed the end yet is due all the same", async () => {
    const place = open();
    const given = { name: name() };
    const one = await house(place.another(), given);
    const other = await house(elsewhere(place.another()), given);
    await one.receiver.records.pause();
    expect((await other.receiver.records.paused()).all).toBe(true);
    await one.receiver.records.resume();
    expect((await other.deliver(about("a"))).status).toBe(200);
    // before it looks again
    await other.receiver.close({ within: 0 });
    await expect.poll(() => [...one.events, ...other.events].length, ever).toBe(1);
  });

  test("any.49 what a process let wait that died then is found by whoever looks next", async () => {
    const place = open();
    const given = { name: name() };
    const { records } = (await house(place.another(), given)).receiver;
    const backend = place.another();
    let isDead = false;
    const dying: Backend<any> = {
      ...elsewhere(backend),
      async open(receiver) {
        const opened = await backend.open(receiver);
        const orDead =
          <Args extends unknown[], Value>(verb: (...args: Args) => Value) =>
          (...args: Args): any =>
            isDead ? new Promise(() => {}) : verb(...args);
        return {
          ...opened,
          get: orDead(opened.get),
          take: orDead(opened.take),
          async save(key, lease, change) {
            const isSaved = await orDead(opened.save)(key, lease, change);
            if (change.kind === "paused" && change.answer !== undefined) isDead = true;
            return isSaved;
          },
        };
      },
    };
    const other = await house(dying, given);
    await records.pause();
    expect((await other.receiver.records.paused()).all).toBe(true);
    await records.resume();
    expect((await other.deliver(about("a"))).status).toBe(200);
    expect((await records.stats()).counts.paused).toBe(1);
    const next = await house(elsewhere(place.another()), given);
    await next.receiver.ready();
    await expect.poll(async () => (await records.stats()).counts.settled, ever).toBe(1);
  });
});

describe("a long pause", () => {
  const express = frameworkNamed("Express 5");

  test("any.49 takes nothing of the time for which an event that fails is tried again", async () => {
    const clock = manualClock();
    const backend = sqlite({ file: fileOfTest(), clock });
    const { receiver, deliver, events } = await openHouse(express, "postback", {
      backend,
      clock,
      options: { onFailure: "accept", answerWithin: "1s", retryFor: "5m" },
      handle: () => {
        throw new Error("for now");
      },
    });
    await receiver.records.pause();
    await deliver(about("a"));
    await clock.advance(15 * 60_000);
    await receiver.records.resume();
    await receiver.idle();
    expect(events).toHaveLength(1);
    expect((await receiver.records.stats()).counts).toMatchObject({ waiting: 1, dead: 0 });
  });
});

describe("a pause where nothing can wait", () => {
  const express = frameworkNamed("Express 5");

  test("any.49 in memory deliveries are refused as unavailable, which is told", async () => {
    const { receiver, deliver, events, told } = await openHouse(express, "postback");
    await receiver.records.pause("contact.create");
    const answer = await deliver(about("a"));
    expect([answer.status, answer.json]).toEqual([503, { code: "paused" }]);
    expect((await deliver(about("a", "DELETE"))).status).toBe(200);
    expect(told).toMatchObject([{ facts: { code: "paused", status: 503, name: "contact.create" } }]);
    await receiver.records.resume();
    expect((await deliver(about("a"))).status).toBe(200);
    expect(events).toHaveLength(2);
  });

  test("any.49 in memory the next receiver of the name is paused as well, until it is resumed", async () => {
    const backend = { ...memory(), close: async () => {} };
    const first = await openHouse(express, "postback", { backend });
    await first.receiver.records.pause();
    await first.receiver.close();
    const next = await openHouse(express, "postback", { backend });
    expect((await next.deliver(about("a"))).status).toBe(503);
    await next.receiver.records.resume();
    expect((await next.deliver(about("a"))).status).toBe(200);
  });

  test("any.49 nobody at a screen is kept waiting", async () => {
    const { receiver, deliver, events } = await openHouse(express, "upsales", {
      handle: () => ({ type: "widget", rows: [] }),
    });
    await receiver.records.pause();
    expect((await deliver(sample("upsales/widget-notification"))).json).toEqual({ code: "paused" });
    expect(events).toEqual([]);
  });
});
