/** The order option on real engines: three processes, one set of records, versions that arrive in any order. */
import type { Order } from "@answerback/core";
import type { Backend } from "@answerback/core/backend";
import { postgres } from "@answerback/postgres";
import { seeded } from "@answerback/simulator";
import { sqlite } from "@answerback/sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { sample, type Sample } from "../support/deliveries.ts";
import { describeWith, engineOf } from "../support/engines.ts";
import { frameworkNamed } from "../support/frameworks.ts";
import { asAnotherProcess } from "../support/another-process.ts";
import { openHouse } from "../support/house.ts";
import { schemaOfFile } from "../support/postgres-records.ts";
import { storeIn } from "../support/redis-store.ts";
import { fileOfTest, sharable } from "../support/sqlite-file.ts";

const [entities, versions, processes] = [5, 12, 3];
const created = sample("postback/contact-create-attempt-1");
const node = frameworkNamed("node:http");

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
        backend: asAnotherProcess(open()) as Backend,
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

/** The entities that saw a step back, or not the newest last. */
function faultsOf(seen: Map<string, (number | "deleted")[]>): string[] {
  const faults = [...seen].filter(([entity, all]) => {
    const newest = Number(entity.split("-")[1]) % 2 === 0 ? "deleted" : versions;
    const numbers = all.map((version) => (version === "deleted" ? Infinity : version));
    return all.at(-1) !== newest || String(numbers) !== String(numbers.toSorted((a, b) => a - b));
  });
  return [
    ...faults.map(([entity, all]) => `${entity} saw ${all.join()}`),
    ...(seen.size === entities ? [] : [`only ${seen.size} entities were seen`]),
  ];
}

describe("one at a time and none after a newer one, from three processes", () => {
  test.skipIf(!sharable)("in SQLite, where two may write", async () => {
    const file = fileOfTest();
    const seen = await play(() => sqlite(file));
    expect(faultsOf(seen)).toEqual([]);
  });
});

describeWith("redis")("one at a time and none after a newer one, from three processes", () => {
  test("in Redis", async () => {
    const store = storeIn(engineOf("redis").at);
    onTestFinished(() => store.destroy?.());
    const seen = await play(() => store.open());
    await store.backend.close();
    expect(faultsOf(seen)).toEqual([]);
  });
});

describeWith("postgres")("one at a time and none after a newer one, from three processes", () => {
  const { options } = schemaOfFile();

  test("in Postgres", async () => {
    const seen = await play(() => postgres(options()));
    expect(faultsOf(seen)).toEqual([]);
  });
});
