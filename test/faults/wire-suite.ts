/** A receiver whose engine is behind a bad wire: it replies in time, promises nothing untrue, and recovers by itself. */
import { expect, onTestFinished, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { untilItCan } from "../support/redis-store.ts";
import { wireTo, type Wire } from "../support/wire.ts";
import { storeOfFile, type ServedEngine } from "./engines.ts";
import { idsFrom, inTime, openWaiting, type Sending } from "./sending.ts";

/** More than any lease. */
const overAnyLeaseMs = 61_000;

/** What may happen to the wire, and whether what arrives then can still be handled. */
const faults: Record<string, { readonly befall: (wire: Wire) => void; readonly canAnswer: boolean }> = {
  "that is slow": { befall: (wire) => wire.delay(40), canAnswer: true },
  "that is too slow": { befall: (wire) => wire.delay(3_000), canAnswer: false },
  "that is reset at once": { befall: (wire) => wire.resetAfter(1), canAnswer: false },
  "that is reset in the middle": { befall: (wire) => wire.resetAfter(600), canAnswer: true },
  "that swallows everything": { befall: (wire) => wire.swallow(), canAnswer: false },
  "whose connections went dead": { befall: (wire) => wire.deaden(), canAnswer: true },
  "whose connections were cut": { befall: (wire) => wire.cut(), canAnswer: true },
  "that does not say that the engine has gone": { befall: (wire) => wire.loseEngine(), canAnswer: false },
  "that does not say that we have gone": { befall: (wire) => wire.loseClients(), canAnswer: true },
};

/** Deliveries in hand and on their way when it happens; answered in time, and accepted first. */
export function wireSuite(engine: ServedEngine): void {
  describeWith(engine)(`${engine} over a wire`, () => {
    const at = () => engineOf(engine).at;
    const store = storeOfFile(engine, at);

    test.each(Object.entries(faults))("any.22 %s", async (name, { befall, canAnswer }) => {
      const wire = await wireTo(at());
      onTestFinished(wire.destroy);
      const backend = store.open(wire.url);
      const receivers = [
        await openWaiting({ backend, options: { name } }),
        await openWaiting({ backend, options: { name: `${name}, accepting first`, answerWithin: 0 } }),
      ];
      const inHand = receivers.map(({ sendWaiting }) => sendWaiting());
      await Promise.all(receivers.map(({ begun }) => begun));
      befall(wire);
      for (const { release } of receivers) release();
      const arriving = receivers.map(({ sending }) => sending.send(idsFrom(100, 6)));
      await Promise.all(inHand);
      const statuses = (await Promise.all(arriving)).flat();
      expect(canAnswer ? [] : statuses.filter((status) => status !== 503)).toEqual([]);
      wire.heal();
      for (const { sending } of receivers) await expectRecovery(sending, () => store.advance(overAnyLeaseMs));
    });
  });
}

/** What was acknowledged is true; the rest is, once it was sent again; all is handled and settled, and nothing given up. */
async function expectRecovery(sending: Sending, advance: () => Promise<void>): Promise<void> {
  const { house } = sending;
  await inTime(
    untilItCan(() => house.receiver.find("anything")),
    "to reach the engine again",
  );
  await inTime(house.receiver.idle(), "to be idle");
  expect(await sending.untrue()).toEqual([]);
  // a claim that arrived, and whose end did not, is held for a lease
  await advance();
  await sending.sendAgain();
  await inTime(house.receiver.idle(), "to be idle again");
  expect(await sending.untrue()).toEqual([]);
  const found = await Promise.all(house.events.map(({ key }) => house.receiver.find(key)));
  expect(new Set(found.map((record) => record?.state))).toEqual(new Set(["settled"]));
  expect(sending.acknowledged().filter((id) => sending.handled(id) === 0)).toEqual([]);
}
