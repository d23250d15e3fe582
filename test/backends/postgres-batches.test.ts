/** What shares a statement with what, in which order, and who hears of a failure. */
import pg from "pg";
import { expect, test } from "vitest";
import { inBatches } from "../../packages/postgres/src/batches.ts";

interface Item {
  readonly key: string;
  readonly isLong?: boolean;
}

/** Batches that the test answers one by one. */
function batches(atOnce: number) {
  const sent: { readonly keys: string[]; readonly end: PromiseWithResolvers<ReadonlyMap<string, string>> }[] =
    [];
  const ask = inBatches<Item, string>({
    atOnce,
    isAlone: ({ isLong }) => isLong === true,
    send(items) {
      const end = Promise.withResolvers<ReadonlyMap<string, string>>();
      sent.push({ keys: items.map(({ key }) => key), end });
      return end.promise;
    },
  });
  /** Each key's result is the number of its batch. */
  const answer = (index: number) => {
    const { keys, end } = sent[index]!;
    end.resolve(new Map(keys.map((key) => [key, `${key} in ${index}`])));
  };
  return { ask, answer, sent, keys: () => sent.map(({ keys }) => keys) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what is asked in one turn of the event loop goes together, in the order of the keys", async () => {
  const { ask, answer, keys } = batches(10);
  const asked = ["c", "a", "b"].map((key) => ask({ key }));
  await turn();
  expect(keys()).toEqual([["a", "b", "c"]]);
  answer(0);
  expect(await Promise.all(asked)).toEqual(["c in 0", "a in 0", "b in 0"]);
});

test("what finds as many on their way as may be waits, and goes together", async () => {
  const { ask, answer, keys } = batches(2);
  for (const key of ["a", "b", "c", "d"]) {
    void ask({ key });
    await turn();
  }
  expect(keys()).toEqual([["a"], ["b"]]);
  answer(1);
  await turn();
  await turn();
  expect(keys()).toEqual([["a"], ["b"], ["c", "d"]]);
});

test("no key is twice in a batch, and no batch has more than 64", async () => {
  const { ask, keys } = batches(10);
  for (const key of ["same", "same", "same"]) void ask({ key });
  for (let index = 0; index < 130; index += 1) void ask({ key: `${index}` });
  await turn();
  expect(keys().map(({ length }) => length)).toEqual([64, 64, 5]);
  expect(keys().filter((batch) => batch.filter((key) => key === "same").length === 1)).toHaveLength(3);
});

test("no more batches are on their way than may be, however much waits", async () => {
  const { ask, keys } = batches(2);
  for (let index = 0; index < 130; index += 1) void ask({ key: `${index}` });
  await turn();
  await turn();
  expect(keys().map(({ length }) => length)).toEqual([64, 64]);
});

test("what is long goes alone, at once", async () => {
  const { ask, answer, keys } = batches(10);
  void ask({ key: "short" });
  const asked = ask({ key: "long", isLong: true });
  expect(keys()).toEqual([["long"]]);
  answer(0);
  expect(await asked).toBe("long in 0");
});

test("what has no result has none", async () => {
  const { ask, sent } = batches(10);
  const asked = ask({ key: "a" });
  await turn();
  sent[0]!.end.resolve(new Map());
  expect(await asked).toBeUndefined();
});

test("what the engine refused together is asked for one by one", async () => {
  const { ask, answer, sent, keys } = batches(1);
  const refusal = new pg.DatabaseError("no such text", 1, "error");
  const asked = ["a", "b"].map((key) => ask({ key }));
  await turn();
  sent[0]!.end.reject(refusal);
  await turn();
  expect(keys()).toEqual([["a", "b"], ["a"], ["b"]]);
  sent[1]!.end.reject(refusal);
  answer(2);
  const [first, second] = await Promise.allSettled(asked);
  expect(first).toEqual({ status: "rejected", reason: refusal });
  expect(second).toEqual({ status: "fulfilled", value: "b in 2" });
});

test("an engine that is away is asked once, and the next ones go on", async () => {
  const { ask, answer, sent, keys } = batches(1);
  const asked = ["a", "b"].map((key) => ask({ key }));
  await turn();
  const next = ask({ key: "c" });
  sent[0]!.end.reject(new Error("timeout"));
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await turn();
  expect(keys()).toEqual([["a", "b"], ["c"]]);
  answer(1);
  expect(await next).toBe("c in 1");
});
