/** Laws on `list`: what people look for, the newest first, page by page. */
import type { About } from "@answerback/core/backend";
import { allOf, keysOf, pagesOf } from "./pages.ts";
import {
  about,
  answer,
  dead,
  due,
  event,
  everyState,
  held,
  inEveryState,
  paused,
  recipes,
  released,
  settled,
} from "./recipes.ts";
import { day, hour, minute, type Suite } from "./suite.ts";

/** Names and ids that are easily taken for one another, as JSON text. */
const texts = [
  ..."a A á a\u0301 ﬁ fi ß ss ı i I 1 1.0 01 a' a\" a` a\\ a* a% a_ a? $1 a:b a;-- {a} \u{1F986} null".split(
    " ",
  ),
  "",
  " ",
  "a ",
  "a\u0000",
  "a\u0000b",
  "\uD800",
  "\uDFFF",
  "a\nb",
].map((text) => JSON.stringify(text));

export function listing({ describe, law, expect }: Suite): void {
  describe("list", () => {
    law("shows each record as get does", async (scene) => {
      for (const [key, recipe] of Object.entries(recipes)) await recipe(scene, key);
      const timeless = (entries: readonly object[]) => entries.map((entry) => ({ ...entry, forMs: 0 }));
      const listed = await allOf(scene);
      expect(listed.length).toBe(Object.keys(recipes).length);
      const got = await Promise.all(listed.map(async ({ key }) => scene.records.get(key)));
      expect(timeless(listed)).toEqual(timeless(got.map((entry) => entry!)));
    });

    law("begins with what arrived last, whatever became of it since", async (scene) => {
      for (const key of ["b", "d", "a", "c"]) {
        await held(scene, key);
        await scene.advance(minute);
      }
      await settled(scene, "b");
      await scene.holder("d").claim();
      await dead(scene, "a");
      const entries = await allOf(scene);
      expect(entries.map(({ key }) => key)).toEqual(["c", "a", "d", "b"]);
      for (const [at, { arrivedAt }] of entries.slice(1).entries())
        expect(entries[at]!.arrivedAt! - arrivedAt!).toBeGreaterThanOrEqual(minute);
    });

    law(
      "comes page by page, none twice and none left out, also of those that came in one ms",
      async (scene) => {
        const keys = ["B", "a", "b", "a-1", "a1", "Z", "_", "10", "9", "é", "\u{1F986}"];
        await Promise.all(keys.map((key) => held(scene, key)));
        const pages = await pagesOf(scene, { limit: 4 });
        expect(pages.map((page) => page.length)).toEqual([4, 4, 3]);
        expect(pages.flatMap((page) => page.map(({ key }) => key)).toSorted()).toEqual(keys.toSorted());
        const times = pages.flat().map(({ arrivedAt }) => arrivedAt!);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
      },
    );

    law("of those that came in one ms the last key comes first", async (scene) => {
      const keys = Array.from({ length: 20 }, (_, at) => ((at * 7) % 20).toString(16).padStart(4, "0"));
      await Promise.all(keys.map((key) => held(scene, key)));
      const entries = await allOf(scene, { limit: 3 });
      const places = entries.map(({ arrivedAt, key }) => `${arrivedAt} ${key}`);
      expect(places).toEqual(places.toSorted().toReversed());
    });

    law("says after the last record that there are no more", async (scene) => {
      expect(await scene.records.list({ limit: 2 })).toEqual({ entries: [], next: null });
      for (const key of ["a", "b", "c", "d"]) await held(scene, key);
      expect((await pagesOf(scene, { limit: 2 })).map((page) => page.length)).toEqual([2, 2]);
    });

    law("goes on behind a record that is gone, and shows none that came meanwhile", async (scene) => {
      for (const key of ["a", "b", "c"]) {
        await (key === "a" ? paused : settled)(scene, key);
        await scene.advance(minute);
      }
      const { entries, next } = await scene.records.list({ limit: 2 });
      expect(entries.map(({ key }) => key)).toEqual(["c", "b"]);
      await scene.advance(2 * day);
      expect(await scene.records.get("b")).toBe(undefined);
      for (const key of ["b", "d"]) {
        await held(scene, key);
        const rest = await scene.records.list({ limit: 10, after: next! });
        expect(rest.entries.map((entry) => entry.key)).toEqual(["a"]);
      }
    });

    law("by state: the records that are in it now", async (scene) => {
      await everyState(scene);
      for (const [state, keys] of Object.entries(inEveryState))
        expect((await keysOf(scene, { state: state as keyof typeof inEveryState })).toSorted()).toEqual(keys);
    });

    law("by state: page by page, the newest first", async (scene) => {
      for (const key of ["b", "a", "c"]) {
        for (const [state, recipe] of Object.entries({ settled, due }))
          await recipe(scene, `${state} ${key}`);
        await scene.advance(minute);
      }
      for (const state of ["settled", "due"] as const) {
        const keys = ["c", "a", "b"].map((key) => `${state} ${key}`);
        expect(await keysOf(scene, { state, limit: 2 })).toEqual(keys);
      }
    });

    law("by name, by id and by both, in every state or in some", async (scene) => {
      const one = { name: '"one"', id: '"1"' };
      const ones = { a: one, b: { ...one, name: '"other"' }, c: { ...one, id: '"2"' }, d: one, e: about };
      for (const [key, of] of Object.entries(ones)) {
        await (key < "d" ? settled : due)(scene, key, of);
        await scene.advance(minute);
      }
      expect(await keysOf(scene, { name: one.name, limit: 2 })).toEqual(["d", "c", "a"]);
      expect(await keysOf(scene, { id: one.id, limit: 2 })).toEqual(["d", "b", "a"]);
      expect(await keysOf(scene, { ...one, limit: 1 })).toEqual(["d", "a"]);
      expect(await keysOf(scene, { name: one.name, state: "settled" })).toEqual(["c", "a"]);
      expect(await keysOf(scene, { id: one.id, state: "due" })).toEqual(["d"]);
      expect(await keysOf(scene, { ...one, state: "settled", limit: 1 })).toEqual(["a"]);
      expect(await keysOf(scene, { ...one, state: "free" })).toEqual([]);
      expect(await keysOf(scene, { name: '"none"' })).toEqual([]);
      expect(await keysOf(scene, { id: '"none"' })).toEqual([]);
    });

    law("since a time: what arrived then or later, whatever else is asked", async (scene) => {
      for (const key of ["a", "b", "c"]) {
        await settled(scene, key);
        await scene.advance(minute);
      }
      const since = (await scene.records.get("b"))!.arrivedAt!;
      const filters = [{}, { state: "settled" }, { name: about.name! }, { id: about.id! }] as const;
      for (const filter of filters) {
        expect(await keysOf(scene, { ...filter, since })).toEqual(["c", "b"]);
        expect(await keysOf(scene, { ...filter, since: since + 1 })).toEqual(["c"]);
      }
      expect(await keysOf(scene, { since, state: "due" })).toEqual([]);
    });

    law("tells names and ids apart to the character", async (scene) => {
      for (const [at, text] of texts.entries()) {
        await held(scene, `name ${at}`, { name: text, id: null });
        await held(scene, `id ${at}`, { name: null, id: text });
      }
      for (const [at, text] of texts.entries()) {
        expect(await keysOf(scene, { name: text })).toEqual([`name ${at}`]);
        expect(await keysOf(scene, { id: text })).toEqual([`id ${at}`]);
        expect((await scene.records.get(`name ${at}`))?.name).toBe(text);
        expect((await scene.records.get(`id ${at}`))?.id).toBe(text);
      }
    });

    law("names and ids may have a thousand characters, all of which count", async (scene) => {
      const [one, other] = [longText("a"), longText("b")];
      for (const [key, text] of Object.entries({ one, other }))
        await held(scene, key, { name: text, id: text });
      expect(await keysOf(scene, { name: one })).toEqual(["one"]);
      expect(await keysOf(scene, { id: other })).toEqual(["other"]);
      expect((await scene.records.get("other"))?.id).toBe(other);
    });

    law("a record without name and id is found by neither", async (scene) => {
      await held(scene, "key", { name: null, id: null });
      expect(await keysOf(scene)).toEqual(["key"]);
      for (const text of ["null", '""', ""]) {
        expect(await keysOf(scene, { name: text })).toEqual([]);
        expect(await keysOf(scene, { id: text })).toEqual([]);
      }
    });

    law("never shows what was claimed without saying what it is about", async (scene) => {
      const changes = {
        free: { note: "1", forMs: 0 },
        due: { answer, work: event, forMs: 0 },
        dead: { answer, work: event, kind: "dead", forMs: day },
        settled: { answer, work: null, forMs: day },
        held: {},
      } as const;
      for (const [key, change] of Object.entries(changes)) {
        const one = scene.holder(key);
        await one.claim();
        await one.save(change);
        expect(await keysOf(scene, { state: key as keyof typeof changes })).toEqual([]);
        const { arrivedAt, name, id } = (await scene.records.get(key))!;
        expect({ arrivedAt, name, id }).toEqual({ arrivedAt: null, name: null, id: null });
      }
      expect(await keysOf(scene)).toEqual([]);
    });

    law("shows nothing that was forgotten, and what is left page by page", async (scene) => {
      for (const at of [0, 1, 2]) {
        await settled(scene, `gone ${at}`);
        await held(scene, `left ${at}`);
      }
      await scene.advance(2 * day);
      expect((await keysOf(scene, { limit: 2 })).toSorted()).toEqual(["left 0", "left 1", "left 2"]);
      expect(await keysOf(scene, { state: "settled" })).toEqual([]);
    });
  });

  describe("what a record is about", () => {
    law("stays when a free record is claimed again, and so does its arrival", async (scene) => {
      const first = { name: '"first"', id: '"1"' };
      await released(scene, "key", first);
      const arrivedAt = (await scene.records.get("key"))?.arrivedAt;
      for (const again of [{ name: '"again"', id: '"2"' }, undefined]) {
        await scene.advance(hour);
        expect((await scene.holder("key").claim(again)).state).toBe("claimed");
        const entry = await scene.records.get("key");
        expect({ name: entry?.name, id: entry?.id }).toEqual(first);
        expect(entry?.arrivedAt).toBe(arrivedAt);
      }
      expect(await keysOf(scene, { id: '"2"' })).toEqual([]);
    });

    law("is new when a forgotten record is claimed, and so is its arrival", async (scene) => {
      const first = { name: '"first"', id: '"1"' };
      const afresh = { name: '"afresh"', id: null };
      await settled(scene, "key", first);
      const before = (await scene.records.get("key"))!.arrivedAt!;
      await scene.advance(2 * day);
      await held(scene, "key", afresh);
      const { name, id, arrivedAt } = (await scene.records.get("key"))!;
      expect({ name, id }).toEqual(afresh);
      expect(arrivedAt! - before).toBeGreaterThanOrEqual(2 * day);
      expect(await keysOf(scene, { id: first.id })).toEqual([]);
      expect(await keysOf(scene, { name: afresh.name })).toEqual(["key"]);
    });

    law("is gone when a forgotten record is claimed without", async (scene) => {
      await settled(scene, "key");
      await scene.advance(2 * day);
      await scene.holder("key").claim();
      expect(await keysOf(scene)).toEqual([]);
      expect(await keysOf(scene, { id: about.id! })).toEqual([]);
    });

    law("is what the first claim of a free record says, where none said anything before", async (scene) => {
      const one = scene.holder("key");
      await one.claim();
      await one.save({ note: '"free"', forMs: 0 });
      await scene.advance(hour);
      await released(scene, "other");
      await scene.advance(minute);
      await held(scene, "key");
      expect(await keysOf(scene, { id: about.id! })).toEqual(["key", "other"]);
    });

    law("does not change with a claim that wins nothing, nor with one that is repeated", async (scene) => {
      const one = await held(scene, "key");
      const before = await scene.records.get("key");
      const other: About = { name: '"other"', id: '"other"' };
      await scene.holder("key").claim(other);
      await one.claim(other);
      await one.save({ answer, work: null, forMs: day });
      await scene.holder("key").claim(other);
      const { name, id, arrivedAt } = (await scene.records.get("key"))!;
      expect({ name, id, arrivedAt }).toEqual({ ...about, arrivedAt: before!.arrivedAt });
      expect(await keysOf(scene, { id: '"other"' })).toEqual([]);
    });
  });
}

/** Text that no engine packs much, of a thousand characters as JSON. */
function longText(end: string): string {
  let state = 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  const characters = Array.from({ length: 997 }, () => String.fromCharCode(0x4e00 + (next() % 0x5000)));
  return JSON.stringify(characters.join("") + end);
}
