/** any.52: a reply whose way the adapter cannot follow is not given what would be lost with it. */
import type { DeliveryReceiver, Reply } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, handOver } from "../support/acme.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { two } from "./support.ts";

const answer = { text: "Done." };

/** A receiver of addresses with so many uses. */
function open(clock: ManualClock, uses: number, handle: () => unknown = () => answer): Promise<House> {
  return openHouse(two[0]!, "upsales", {
    ...{ clock, handle, provider: acme({}, { uses }), options: { authenticate: false } },
  });
}

/** Hands a delivery over as an adapter does that cannot follow its replies. */
async function deliver({ receiver }: House, clock: ManualClock, id = 1): Promise<Reply> {
  const blind: DeliveryReceiver = {
    receive: (delivery) => receiver.receive({ ...delivery, tellsSent: false }),
  };
  return (await handOver(blind, id, clock.now()))!;
}

describe("any.52 a callback that the reply would use up", () => {
  it("is posted as the first use, a second after the reply", async () => {
    const clock = manualClock();
    const house = await open(clock, 1);
    expect((await deliver(house, clock)).body).toBe("");
    await clock.advance(999);
    expect(house.posts).toEqual([]);
    await clock.advance(1);
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ body: answer }]);
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([{ attempt: 1 }]);
  });

  it("is posted sooner where the adapter says that the reply has gone", async () => {
    const clock = manualClock();
    const house = await open(clock, 1);
    (await deliver(house, clock)).sent!("perhaps");
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ body: answer }]);
  });

  it("is in no reply to a duplicate, and posted once", async () => {
    const clock = manualClock();
    const house = await open(clock, 1);
    await deliver(house, clock);
    expect((await deliver(house, clock)).body).toBe("");
    await clock.advance(1_000);
    await house.receiver.idle();
    expect([house.events.length, house.posts.length]).toEqual([1, 1]);
  });

  it("is posted a second after its acknowledgement, where it is late", async () => {
    const clock = manualClock();
    const done = Promise.withResolvers<object>();
    const house = await open(clock, 1, () => done.promise);
    const replying = deliver(house, clock);
    await clock.advance(1_500); // half of what the provider waits
    expect((await replying).body).toBe("wait");
    done.resolve(answer);
    await clock.advance(999);
    expect(house.posts).toEqual([]);
    await clock.advance(1);
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ body: answer }]);
  });
});

describe("any.52 a callback that the reply does not use up", () => {
  it("goes inline, and counts as sent", async () => {
    const clock = manualClock();
    const house = await open(clock, 5);
    expect(JSON.parse(String((await deliver(house, clock)).body))).toEqual(answer);
    await clock.advance(60_000);
    await house.receiver.idle();
    expect([house.posts, house.told]).toEqual([[], []]);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({
      state: "settled",
      work: undefined,
    });
  });

  it("is posted where the adapter knows that the reply never went out", async () => {
    const clock = manualClock();
    const house = await open(clock, 5);
    (await deliver(house, clock)).sent!("not");
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ body: answer }]);
  });
});
