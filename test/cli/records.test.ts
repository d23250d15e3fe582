/** `answerback records list`, `stats` and `show`, and `explain`, as processes of their own, on a real SQLite file. */
import { readFileSync } from "node:fs";
import type { Found } from "@answerback/core";
import { deliveries } from "@answerback/simulator";
import { describe, expect, it } from "vitest";
import { fileOfTest } from "../support/sqlite-file.ts";
import { dies, handled, jsonOn, on, open, processOn } from "./files.ts";
import { called, serveReceiver } from "./support.ts";

describe("list", () => {
  it("shows records, the newest first, and finds those of one contact, one state, one name, one error", async () => {
    const file = fileOfTest();
    await handled(file, ["11e1", "11e2"], () => {});
    await handled(file, ["11e3"], dies("no such customer"));
    await handled(file, ["11e1"], () => {}, { event: "contactUpdate" });
    const { code, out } = await processOn(file, "records", "list");
    const lines = out.trim().split("\n");
    expect([code, lines.length]).toEqual([0, 5]);
    expect(lines[0]).toMatch(/^ARRIVED \(UTC\) +STATE +EVENT +ID +ATTEMPTS +ERROR +KEY$/);
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}settled +contact\.update +11e1 +1 +– +\S+$/);
    expect(lines[2]).toMatch(/dead +contact\.create +11e3 +1 +permanent: no such customer +\S+$/);
    const ids = async (...filter: string[]) =>
      (await jsonOn(file, "records", "list", ...filter)).records.map(({ id }: Found) => id);
    expect(await ids("--id", "11e1")).toEqual(["11e1", "11e1"]);
    expect(await ids("--state", "dead")).toEqual(["11e3"]);
    expect(await ids("--name", "contact.update")).toEqual(["11e1"]);
    expect(await ids("--error", "permanent")).toEqual(["11e3"]);
    expect(await ids("--since", "1h")).toHaveLength(4);
    expect(await ids("--since", "2999-01-01")).toEqual([]);
  });

  it("goes on where a page ended, or shows all", async () => {
    const file = fileOfTest();
    await handled(file, ["a", "b", "c"], () => {});
    const first = await jsonOn(file, "records", "list", "--limit", "2");
    expect(first.records.map(({ id }: Found) => id)).toEqual(["c", "b"]);
    const rest = await jsonOn(file, "records", "list", "--cursor", first.cursors.postback);
    expect(rest.records.map(({ id }: Found) => id)).toEqual(["a"]);
    expect((await on(file, "records", "list", "--limit", "2")).err).toContain(
      `--cursor ${first.cursors.postback}`,
    );
    const { out } = await on(file, "records", "list", "--limit", "1", "--all", "--json");
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ).toEqual(["c", "b", "a"]);
  });

  it("a name that no record has is answered with the nearest", async () => {
    const file = fileOfTest();
    await handled(file, ["a"], () => {});
    const { code, out, err } = await on(file, "records", "list", "--name", "contact.crate");
    expect([code, out]).toEqual([0, "postback: no records that match\n"]);
    expect(err).toContain("did you mean contact.create?");
  });

  it("shows those of all receivers, or of the one that is named; one that is not there is refused, and none is made", async () => {
    const file = fileOfTest();
    await handled(file, ["a"], () => {}, { name: "one" });
    await handled(file, ["b"], () => {}, { name: "other" });
    const all = await jsonOn(file, "records", "list");
    expect(all.records.map(({ receiver, id }: any) => [receiver, id])).toEqual([
      ["one", "a"],
      ["other", "b"],
    ]);
    const before = readFileSync(file);
    const { code, err } = await on(file, "records", "list", "--receiver", "othr");
    expect([code, err]).toEqual([2, 'answerback: there is no receiver "othr"; did you mean other?\n']);
    expect(readFileSync(file)).toEqual(before);
    expect((await on(file, "pause")).err).toContain("say which receiver: --receiver one, or other");
    expect((await on(file, "records", "list", "--cursor", "1:a")).code).toBe(2);
  });
});

it("stats counts by state, and says what is paused", async () => {
  const file = fileOfTest();
  await handled(file, ["a", "b"], () => {});
  await handled(file, ["c"], dies("no"));
  await on(file, "pause", "contact.update");
  const { receivers } = await jsonOn(file, "records", "stats");
  expect(receivers).toMatchObject([
    {
      receiver: "postback",
      counts: { settled: 2, dead: 1, due: 0 },
      dueForMs: 0,
      paused: { all: false, names: ["contact.update"] },
    },
  ]);
  expect((await on(file, "records", "stats")).out).toMatch(
    /^RECEIVER .*\npostback .*\npostback: the handling of contact\.update is paused\n$/,
  );
  expect((await on(file, "records", "stats", "--up-to", "1")).out).toMatch(/1\+/);
});

describe("show and explain", () => {
  it("tell what a record holds, and its story", async () => {
    const file = fileOfTest();
    await handled(file, ["11e1"], dies("no such customer"));
    const [{ key }] = (await jsonOn(file, "records", "list")).records;
    const shown = (await on(file, "records", "show", key)).out;
    expect(shown).toMatch(
      new RegExp(
        `^key +${key}\nreceiver +postback\nstate +dead, for another .*\nevent +contact\\.create\nid +11e1\n`,
      ),
    );
    expect(shown).toContain("permanent: no such customer");
    expect(shown).toMatch(/data\n {4}\{\n(.*\n)* {4}.*"11e1"/);
    expect(await jsonOn(file, "records", "show", key)).toMatchObject({
      receiver: "postback",
      key,
      state: "dead",
      data: { data: { id: "11e1" } },
    });
    const { out } = await processOn(file, "explain", key);
    expect(out.split("\n")).toEqual([
      expect.stringMatching(/^An event contact\.create about 11e1 came to postback on .* UTC, .* ago\.$/),
      "Its handler was begun once.",
      "The last attempt failed with permanent: no such customer",
      expect.stringMatching(/^It was given up on .* UTC, .* ago: a dead letter, kept for another .*\.$/),
      expect.stringMatching(/^If the provider sends it again, it is answered \d+ and not handled again\.$/),
      `To try it again: answerback records retry ${key}; to give it up for good: answerback records discard ${key}`,
      "",
    ]);
    expect((await on(file, "explain", "nothing")).code).toBe(1);
    // a key may begin with a dash, as an option does
    for (const args of [["explain"], ["records", "show"], ["records", "retry"]])
      expect((await on(file, ...args, `-L4${"x".repeat(40)}`)).err).toContain(
        'nothing is known under the key "-L4',
      );
    expect((await on(file, "records", "show", "nothing")).code).toBe(1);
  });

  it("of what is done, waits, is due or paused", async () => {
    const file = fileOfTest();
    await handled(file, ["done"], () => {});
    await on(file, "pause", "contact.update");
    await handled(file, ["paused"], () => {}, { event: "contactUpdate" });
    const keys = Object.fromEntries(
      (await jsonOn(file, "records", "list")).records.map(({ id, key }: Found) => [id, key]),
    );
    expect((await on(file, "explain", keys["done"])).out).toMatch(/It is done, and remembered for another/);
    expect((await on(file, "explain", keys["paused"])).out).toMatch(
      /It was acknowledged and waits, since contact\.update is paused\.\n.*\nTo let this one go on: answerback records retry \S+; to end the pause: answerback resume/,
    );
    await on(file, "resume");
    expect((await on(file, "explain", keys["paused"])).out).toMatch(/It is due: the next worker takes it\./);
  });
});

it("what came from a provider steers no terminal, and hides nothing, in every place", async () => {
  const file = fileOfTest();
  const id = "11e\u001b[2J\u202e\u009b\nspoof \u{e0041}";
  await handled(file, [id], dies(`\u001b[31mred\u202e ${"x".repeat(900)}`));
  const [{ key }] = (await jsonOn(file, "records", "list")).records;
  const groups = (await jsonOn(file, "records", "errors")).groups;
  for (const args of [
    ["records", "list"],
    ["records", "show", key],
    ["explain", key],
    ["records", "errors"],
    ["records", "retry", "--all", "--dry-run"],
  ]) {
    const { code, out, err } = await on(file, ...args);
    expect(code).toBe(0);
    expect(out + err).not.toMatch(/[^\n\P{C}]|^spoof/mu);
    expect((await on(file, ...args, "--json")).out).not.toMatch(/[^\n\P{C}]/u);
  }
  // what was copied from the terminal is found again
  const shown = (await on(file, "records", "errors")).out.split("\n")[1]!.split(/ {2,}/).at(-1)!;
  expect(shown).not.toBe(groups[0].error);
  expect(await jsonOn(file, "records", "retry", "--error", shown, "--yes")).toMatchObject({ retried: 1 });
  expect((await jsonOn(file, "records", "list", "--id", id)).records).toHaveLength(1);
});

it("data of 8 MB is cut and its length told; as JSON it is whole", async () => {
  const file = fileOfTest();
  const receiver = open(file, dies("too much"), { bodyLimit: 20_000_000 } as any);
  const { url } = await serveReceiver(receiver);
  const { path, headers, body } = deliveries.postback.contactCreate({
    data: { id: "big", note: "x".repeat(8_388_608) },
    format: "json",
  });
  expect((await fetch(url + path, { method: "POST", headers, body })).status).toBeLessThan(500);
  await receiver.close();
  const [{ key }] = (await jsonOn(file, "records", "list")).records;
  const { code, out, err } = await on(file, "records", "show", key);
  expect([code, err, out.length < 10_000]).toEqual([0, "", true]);
  expect(out).toContain("… (8,388,608 characters)");
  expect((await jsonOn(file, "records", "show", key)).data.data.note).toHaveLength(8_388_608);
});

it("--help lists them, and says that no handler runs by them", async () => {
  const { out } = await called(["records", "--help"]);
  for (const says of ["list", "errors", "discard", "runs a handler"]) expect(out).toContain(says);
  expect((await called(["--help"])).out).toContain("explain");
});
