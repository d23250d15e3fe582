/** The process's clock is set forwards or backwards: nothing is lost, and where an engine has a clock, only that counts. */
import type { Backend } from "@answerback/core/backend";
import { sqlite } from "@answerback/sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { asAnotherProcess } from "../support/another-process.ts";
import { describeWith, engineOf } from "../support/engines.ts";
import { fileOfTest } from "../support/sqlite-file.ts";
import { steppingClock, type SteppingClock } from "../support/stepping-clock.ts";
import { storeOfFile, type ServedEngine } from "./engines.ts";
import { idsFrom, inTime, openWaiting } from "./sending.ts";

const hour = 3_600_000;
const engines: readonly ServedEngine[] = ["redis", "postgres"];

const steps = {
  "an hour forwards": hour,
  "an hour backwards": -hour,
  "a day forwards": 24 * hour,
  "a day backwards": -24 * hour,
};

const ways = [
  ["answered in time", {}],
  ["accepted first", { answerWithin: 0 }],
] as const;

/** What was settled before, and what is in hand when it happens. */
function shows(open: (clock: SteppingClock) => Backend): void {
  describe.each(Object.entries(steps))("is set %s", (step, ms) => {
    test.each(ways)("and what was acknowledged is done: %s", async (way, more) => {
      const clock = steppingClock();
      const options = { ...more, clock, name: `${step}, ${way}` };
      const { sending, begun, release } = await openWaiting({ backend: open(clock), options });
      const { send, house } = sending;
      const before = idsFrom(100, 4);
      expect(new Set(await send(before))).toEqual(new Set([200]));
      const inHand = send(idsFrom(1, 4));
      await begun;
      clock.step(ms);
      release();
      await inHand;
      await inTime(house.receiver.idle(), "to be idle");
      expect(await sending.untrue()).toEqual([]);
      await sending.sendAgain();
      await inTime(house.receiver.idle(), "to be idle again");
      expect(await send([...before, ...idsFrom(1, 4)])).toEqual(Array.from({ length: 8 }, () => 200));
      expect(before.map((id) => sending.handled(id))).toEqual([1, 1, 1, 1]);
      const found = await Promise.all(house.events.map(({ key }) => house.receiver.find(key)));
      expect(new Set(found.map((record) => record?.state))).toEqual(new Set(["settled"]));
    });
  });
}

describe("the clock of a process on sqlite", () => {
  shows((clock) => sqlite({ file: fileOfTest(), clock }));
});

for (const engine of engines)
  describeWith(engine)(`the clock of a process on ${engine}`, () => {
    const at = () => engineOf(engine).at;
    const store = storeOfFile(engine, at);
    shows((clock) => {
      // the engine's own package has no other
      const now = vi.spyOn(Date, "now").mockImplementation(clock.now);
      onTestFinished(() => now.mockRestore());
      return store.open(at());
    });

    test.each(Object.entries(steps))(
      "is %s from that of another, which takes nothing over",
      async (step, ms) => {
        for (const [way, more] of ways) {
          const options = { ...more, name: `two, ${step}, ${way}` };
          const { sending, begun, release } = await openWaiting({ backend: store.open(at()), options });
          const clock = steppingClock();
          clock.step(ms);
          const backend = asAnotherProcess(store.open(at()));
          const other = await openWaiting({ backend, options: { ...options, clock } });
          const ids = idsFrom(1, 4);
          const inHand = sending.send(ids);
          await begun;
          const statuses = await other.sending.send(ids);
          expect([way, statuses]).toEqual([way, ids.map(() => (way === "accepted first" ? 200 : 503))]);
          await inTime(other.sending.house.receiver.idle(), "to be idle");
          release();
          expect(await inHand).toEqual([200, 200, 200, 200]);
          await inTime(sending.house.receiver.idle(), "to be idle");
          expect(await other.sending.send(ids)).toEqual([200, 200, 200, 200]);
          expect(ids.map((id) => [sending.handled(id), other.sending.handled(id)])).toEqual(
            ids.map(() => [1, 0]),
          );
        }
      },
    );
  });
