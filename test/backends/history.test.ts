/** Histories of verbs, found and shrunk by fast-check: memory does what the model of the table does. */
import { memory } from "@answerback/core";
import { changes, play, type Command } from "@answerback/core/conformance";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { manualClock } from "../support/manual-clock.ts";

const who = fc.constantFrom(0, 1, 2);
const key = fc.constantFrom("a", "b", "c");
const change = fc.constantFrom(...changes);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ verb: fc.constantFrom("claim", "claim again", "take", "take early"), who, key }),
  {
    arbitrary: fc.record({ verb: fc.constantFrom("save", "save again", "save late"), who, key, change }),
    weight: 2,
  },
  fc.record({ verb: fc.constant("take any"), who }),
  fc.record({ verb: fc.constant("get"), key }),
  fc.record({ verb: fc.constant("dead"), limit: fc.constantFrom(1, 2, 3) }),
  fc.record({ verb: fc.constant("wait"), minutes: fc.constantFrom(1, 2, 3, 4) }),
);

test("whatever holders do in whatever order, memory does what the table says", async () => {
  const property = fc.asyncProperty(fc.array(command, { maxLength: 60 }), async (history) => {
    const clock = manualClock();
    const backend = memory({ clock });
    const records = await backend.open("receiver");
    expect(await play(history, { records, advance: clock.advance })).toBeUndefined();
    await backend.close();
  });
  await fc.assert(property, { numRuns: 200 });
});
