/** Histories of verbs, found and shrunk by fast-check: each backend does what the model of the table does. */
import { memory } from "@answerback/core";
import { type Backend, type Clock } from "@answerback/core/backend";
import { abouts, changes, play, type Command } from "@answerback/conformance";
import { sqlite } from "@answerback/sqlite";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { manualClock } from "../support/manual-clock.ts";
import { fileOfTest } from "../support/sqlite-file.ts";

const who = fc.constantFrom(0, 1, 2);
const key = fc.constantFrom("a", "b", "c");
const change = fc.constantFrom(...changes);
const limit = fc.constantFrom(1, 2, 3);
const state = fc.constantFrom(undefined, "held", "free", "due", "waiting", "paused", "dead", "settled");
const about = fc.constantFrom(...abouts);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ verb: fc.constantFrom("claim", "claim again", "take", "take early"), who, key, about }),
  {
    arbitrary: fc.record({ verb: fc.constantFrom("save", "save again", "save late"), who, key, change }),
    weight: 2,
  },
  fc.record({ verb: fc.constant("take any"), who }),
  fc.record({ verb: fc.constantFrom("get", "erase"), key }),
  fc.record({ verb: fc.constant("list"), limit, state }),
  fc.record({
    verb: fc.constant("list"),
    limit,
    name: fc.constantFrom(undefined, '"one"'),
    id: fc.constantFrom(undefined, '"1"'),
  }),
  fc.record({ verb: fc.constant("stats") }),
  fc.record({ verb: fc.constant("wait"), minutes: fc.constantFrom(1, 2, 3, 4) }),
);

/** Each makes one client for all histories of a test. */
const backends: Record<string, (clock: Clock) => Backend> = {
  memory: (clock) => memory({ clock }),
  sqlite: (clock) => sqlite({ file: fileOfTest(), clock }),
};

test.each(Object.entries(backends))(
  "whatever holders do in whatever order, %s does what the table says",
  async (_name, open) => {
    const clock = manualClock();
    const backend = open(clock);
    onTestFinished(() => backend.close());
    let receivers = 0;
    const property = fc.asyncProperty(fc.array(command, { maxLength: 60 }), async (history) => {
      const records = await backend.open(`receiver ${(receivers += 1)}`);
      expect(await play(history, { records, advance: clock.advance })).toBeUndefined();
      await records.close();
    });
    await fc.assert(property, { numRuns: 200 });
  },
);
