/** The order option on real engines: three processes, one set of records, versions that arrive in any order. */
import type { Backend, Order } from "@answerback/core";
import { postgres } from "@answerback/postgres";
import { seeded } from "@answerback/simulator";
import { sqlite } from "@answerback/sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { sample, type Sample } from "../support/deliveries.ts";
import { describeWith, engineOf } from "../support/engines.ts";
import { frameworks } from "../support/frameworks.ts";
import { openHouse } from "../support/house.ts";
import { schemaOfFile } from "../support/postgres-records.ts";
import { storeIn } from "../support/redis-store.ts";
import { fileOfTest, sharable } from "../support/sqlite-file.ts";

const [entities, versions, processes] = [5, 12, 3];
const created = sample("postback/contact-create-attempt-1");
const node = frameworks.find(({ name }) => name === "node:http")!;

const order: Order<any> = { by: ({ data }) => data.id, version: ({ data }) => data.modified_ts };

/** Each version of each entity, shuffled; the last of some is their deletion, which has none. */
function shuffled(seed: number): Sample[] {
  const random = seeded(seed);
  const all = Array.from({ length: entities * versions }, (_, index) => {
    const [entity, version] = [index % entities, Math.floor(index / entities) + 1];
    const isDeleted = version === versions && entity % 2 === 0;
    const data = { id: `entity-${entity}`, modified_ts: isDeleted ? undefined : version };
    return postback(isDeleted ? "DELETE" : "UPDATE", data);
  });
  return all
    .map((one) => ({ one, at: random.int(0, 1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

function postback(type: string, data: object): Sample {
  const body = new URLSearchParams({ type, resource: "contact", data: JSON.stringify(data) });
  return { ...created, body: String(body) };
}

/** Sends them all to three processes at once, and notes what each entity's handlers saw. */
async function play(open: () => Backend<any>): Promise<Map<string, (number | "deleted")[]>> {
  const seen = new Map<string, (number | "deleted")[]>();
  const atWork = new Set<string>();
  const handle = async ({ data, type }: any) => {
    // two at once would both find it free, or one of them not
    expect(atWork.has(data.id)).toBe(false);
    atWork.add(data.id);
    await new Promise((resolve) => setImmediate(resolve));
    seen.set(data.id, [
      ...(seen.get(data.id) ?? []),
      type === "contact.delete" ? "deleted" : data.modified_ts,
    ]);
    atWork.delete(data.id);
  };
  const houses = await Promise.all(
    Array.from({ length: processes }, () =>
      openHouse(node, "postback", {
        backend: open() as Backend,
        handle,
        options: { order, answerWithin: "20s", name: "ordered" },
      }),
    ),
  );
  const answers = await Promise.all(
    shuffled(4711).map((one, index) => houses[index % processes]!.deliver(one)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await Promise.all(houses.map(({ receiver }) => receiver.idle()));
  return seen;
}

/** One at a time, never a step back, and the newest last. */
function expectInOrder(seen: Map<string, (number | "deleted")[]>): void {
  expect(seen.size).toBe(entities);
  for (const [entity, all] of seen) {
    const newest = Number(entity.split("-")[1]) % 2 === 0 ? "deleted" : versions;
    const numbers = all.map((version) => (version === "deleted" ? Infinity : version));
    expect([entity, numbers]).toEqual([entity, numbers.toSorted((a, b) => a - b)]);
    expect([entity, all.at(-1)]).toEqual([entity, newest]);
  }
}

const title =
  "events of one entity are handled one at a time, never an older one after a newer or a deletion";

describe("in SQLite", () => {
  test.skipIf(!sharable)(`${title} (needs an SQLite that two may write)`, async () => {
    const file = fileOfTest();
    expectInOrder(await play(() => sqlite(file)));
  });
});

describeWith("redis")("in Redis", () => {
  test(title, async () => {
    const store = storeIn(engineOf("redis").at);
    onTestFinished(() => store.destroy?.());
    expectInOrder(await play(() => store.open()));
    await store.backend.close();
  });
});

describeWith("postgres")("in Postgres", () => {
  const { options } = schemaOfFile();

  test(title, async () => {
    expectInOrder(await play(() => postgres(options())));
  });
});
