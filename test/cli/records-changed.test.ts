/** `answerback records retry`, `discard` and `erase`, `pause` and `resume`: what they change, and that no handler runs by them. */
import type { Found } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { fileOfTest } from "../support/sqlite-file.ts";
import { dies, handled, jsonOn, on, processOn } from "./files.ts";

describe("retry and discard", () => {
  it("one group of errors is tried again, the other given up; no handler runs until the app does", async () => {
    const file = fileOfTest();
    await handled(file, ["a1", "a2"], (id) => dies(`customer ${id.slice(1)} is gone`)());
    await handled(file, ["b1"], dies("out of stock"));
    const { groups } = await jsonOn(file, "records", "errors");
    expect(groups.map(({ count, names }: any) => [count, names])).toEqual([
      [2, ["contact.create"]],
      [1, ["contact.create"]],
    ]);
    expect((await on(file, "records", "errors")).out).toContain(groups[0].error);
    const dry = await on(file, "records", "retry", "--error", groups[0].error, "--dry-run");
    expect([dry.code, dry.err]).toEqual([0, "2 records would be retried; nothing was done\n"]);
    expect(await jsonOn(file, "records", "retry", "--error", groups[0].error, "--yes")).toEqual({
      receiver: "postback",
      retried: 2,
      skipped: 0,
    });
    expect((await processOn(file, "records", "discard", "--error", groups[1].error, "--yes")).out).toBe(
      "discarded 1\n",
    );
    const { receivers } = await jsonOn(file, "records", "stats");
    expect(receivers[0].counts).toMatchObject({ due: 2, dead: 0, settled: 1 });
    const seen: string[] = [];
    await handled(file, [], (id) => seen.push(id));
    expect(seen.toSorted()).toEqual(["a1", "a2"]);
  });

  it("nobody can be asked, so without --yes it is refused with 2, and nothing is done", async () => {
    const file = fileOfTest();
    await handled(file, ["a"], dies("no"));
    for (const args of [
      ["records", "retry", "--all"],
      ["records", "discard", "--error", "permanent"],
      ["records", "erase", "a"],
    ]) {
      const { code, out, err } = await processOn(file, ...args);
      expect([code, out, err]).toEqual([2, "", expect.stringContaining("add --yes")]);
    }
    expect((await jsonOn(file, "records", "stats")).receivers[0].counts.dead).toBe(1);
  });

  it("without keys, a filter or --all it is refused; keys and a filter are not taken together", async () => {
    const file = fileOfTest();
    await handled(file, ["a"], dies("no"));
    expect((await on(file, "records", "retry", "--yes")).err).toContain("say which: keys, --error");
    expect((await on(file, "records", "discard", "--state", "due", "--yes")).err).toContain(
      "--all for all due",
    );
    expect((await on(file, "records", "retry", "a-key", "--id", "a")).err).toContain("not both");
    expect((await on(file, "records", "retry", "--state", "free", "--all")).code).toBe(2);
  });

  it("single records go by their keys; one that is not there, or cannot be, ends with 1", async () => {
    const file = fileOfTest();
    await handled(file, ["a", "b"], dies("no"));
    await handled(file, ["c"], () => {});
    const keys = Object.fromEntries(
      (await jsonOn(file, "records", "list")).records.map(({ id, key }: Found) => [id, key]),
    );
    expect((await on(file, "records", "retry", keys["a"], "--dry-run")).out).toContain("would be retried");
    expect((await on(file, "records", "retry", keys["a"])).out).toBe(`retried: ${keys["a"]}\n`);
    expect(await jsonOn(file, "records", "discard", keys["b"])).toMatchObject({ discarded: [keys["b"]] });
    const settled = await on(file, "records", "retry", keys["c"]);
    expect([settled.code, settled.out]).toEqual([1, ""]);
    const unknown = await on(file, "records", "retry", "nothing");
    expect([unknown.code, unknown.err]).toEqual([
      1,
      expect.stringContaining('nothing is known under the key "nothing"'),
    ]);
    expect((await jsonOn(file, "records", "stats")).receivers[0].counts).toMatchObject({
      due: 1,
      settled: 2,
      dead: 0,
    });
  });

  it("what was handled and kept is replayed", async () => {
    const file = fileOfTest();
    await handled(file, ["a"], () => {}, { keep: "7d" } as any);
    const { retried } = await jsonOn(file, "records", "retry", "--state", "settled", "--id", "a", "--yes");
    expect(retried).toBe(1);
    const seen: string[] = [];
    await handled(file, [], (id) => seen.push(id));
    expect(seen).toEqual(["a"]);
  });
});

it("erase takes away what is kept of one contact, and that it was handled stays", async () => {
  const file = fileOfTest();
  await handled(file, ["11e1"], dies("the address of Ada Lovelace is wrong"));
  await handled(file, ["11e2"], () => {});
  const dry = await on(file, "records", "erase", "11e1", "--dry-run");
  expect(dry.err).toBe("1 record would be erased; nothing was done\n");
  expect((await processOn(file, "records", "erase", "11e1", "--yes")).out).toBe("erased 1\n");
  expect((await jsonOn(file, "records", "list", "--id", "11e1")).records).toEqual([]);
  expect((await on(file, "records", "list", "--json")).out).not.toMatch(/11e1|Lovelace/);
  const seen: string[] = [];
  await handled(file, ["11e1"], (id) => seen.push(id));
  expect(seen).toEqual([]);
});

describe("pause and resume", () => {
  it("what arrives meanwhile waits, and is handled after resume", async () => {
    const file = fileOfTest();
    await handled(file, ["a"], () => {});
    expect((await processOn(file, "pause", "contact.create")).out).toBe(
      "postback: the handling of contact.create is paused\n",
    );
    const seen: string[] = [];
    await handled(file, ["b"], (id) => seen.push(id));
    expect([seen, (await jsonOn(file, "records", "stats")).receivers[0].counts.paused]).toEqual([[], 1]);
    const { code, err } = await on(file, "resume", "contact.crate");
    expect([code, err]).toEqual([2, expect.stringContaining("did you mean contact.create?")]);
    expect(await jsonOn(file, "resume")).toEqual({ receiver: "postback", all: false, names: [] });
    await handled(file, [], (id) => seen.push(id));
    expect(seen).toEqual(["b"]);
  });

  it("a name that no record has is paused, and told with the nearest", async () => {
    const file = fileOfTest();
    await handled(file, ["a"], () => {});
    const { code, err } = await on(file, "pause", "contact.crate");
    expect([code, err]).toEqual([0, expect.stringContaining("did you mean contact.create?")]);
    expect((await on(file, "pause")).out).toBe("postback: the handling of all events is paused\n");
  });
});
