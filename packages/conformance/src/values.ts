/** Laws on what is stored: JSON text comes back byte for byte, keys are opaque. */
import { error, held } from "./recipes.ts";
import { day, type Suite } from "./suite.ts";

const texts: Record<string, string> = {
  "100 kB": JSON.stringify("Grüße, 東京 🦆 ".repeat(6_000)),
  "characters outside ASCII": JSON.stringify("é e\u0301 ß 東京 \u{1F986} \u200D \u2028 \uFEFF"),
  "U+0000, escaped as JSON has it": JSON.stringify("a\u0000b"),
  "lone surrogates, escaped as JSON has them": JSON.stringify("\uD800 \uDFFF"),
  "quotes, backslashes and wildcards": JSON.stringify(`'"\\ %_* $1 :x ? {{}} -- ; \n\r\t`),
  "spaces, order, repeated keys and 1.0 as they were written":
    '{ "b": 1.0,  "a" :1e2, "b":10000000000000000001 }',
  "the text null": "null",
  "the text of an empty string": '""',
  "a number": "0",
};

const keys = [
  ..."a'b a\"b a`b a\\b a* a? a[b] a{b} {a} a% a_ a$1 a;-- a:b a:b:c a a/b a.b".split(" "),
  ..."A aa 1 01 1.0 null undefined __proto__ constructor toString ß ss ı i I İ ﬁ fi é e\u0301 \u{1F986}".split(
    " ",
  ),
  " a",
  "a ",
  "a\nb",
  "x".repeat(500),
  `${"x".repeat(500)}y`,
];

const answerOf = (key: string): string => JSON.stringify(`answer of ${key}`);

export function values({ describe, law, expect }: Suite): void {
  describe("values and keys", () => {
    for (const [what, text] of Object.entries(texts)) {
      law(`come back byte for byte: ${what}`, async (scene) => {
        const one = await held(scene, "key");
        await one.save({ answer: text, work: text, note: text, kept: text, keptForMs: day, forMs: 0 });
        const taken = await scene.holder("").takeAny();
        expect([taken?.answer === text, taken?.work === text, taken?.note === text]).toEqual([
          true,
          true,
          true,
        ]);
        const entry = await scene.records.get("key");
        const shown = [entry?.answer, entry?.work, entry?.note, entry?.kept];
        expect(shown.map((each) => each === text)).toEqual([true, true, true, true]);
        const claimed = await scene.holder("key").claim();
        expect(claimed.state === "settled" && claimed.answer === text).toBe(true);
      });
    }

    law("a repeated answer is the same the hundredth time", async (scene) => {
      const text = texts["100 kB"]!;
      const one = await held(scene, "key");
      await one.save({ answer: text, work: null, forMs: day });
      for (let time = 0; time < 100; time += 1) {
        const claimed = await scene.holder("key").claim();
        expect(claimed.state === "settled" && claimed.answer === text).toBe(true);
      }
    });

    law(
      "keys are opaque: case, spaces, quotes, wildcards and Unicode forms tell them apart",
      async (scene) => {
        for (const key of keys) {
          const one = scene.holder(key);
          expect(await one.claim()).toEqual({ state: "claimed", attempts: 1, note: null });
          await one.save({ answer: answerOf(key), note: error, forMs: day });
        }
        for (const key of keys) {
          expect(await scene.holder(key).claim()).toEqual({ state: "settled", answer: answerOf(key) });
          expect((await scene.records.get(key))?.key).toBe(key);
        }
      },
    );
  });
}
