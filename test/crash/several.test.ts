/** Several processes on one store: one dies, they are replaced one by one, or only some of them work what is due. */
import { seeded } from "@answerback/simulator";
import { expect, onTestFinished, test } from "vitest";
import { describeWith } from "../support/engines.ts";
import type { ReceiverName, Sent } from "./ledger.ts";
import { waysOn } from "./ways.ts";
import { World } from "./world.ts";

const leaseMs = 60_000;

/** Promised is a second; a busy machine may take longer. */
const withinASecond = { timeout: 10_000 };

const engines = ["redis", "postgres"] as const;

for (const engine of engines)
  describeWith(engine)(`several processes on ${engine}`, () => {
    const names = Object.keys(waysOn(engine)) as ReceiverName[];

    function worldOfTest(): World {
      const world = new World(engine);
      onTestFinished(() => world.close());
      return world;
    }

    /** Two of each. */
    function eventsOf(world: World, receivers: readonly ReceiverName[] = names): Sent[] {
      return [...receivers, ...receivers].map((name) => world.newEvent(name));
    }

    const deliverAll = (world: World, events: readonly Sent[]) =>
      Promise.all(events.map((event) => world.deliver(event)));

    test("the work of one that died is taken over within its lease and a second", async () => {
      const world = worldOfTest();
      const dying = await world.start();
      const events = eventsOf(world);
      const stuck = dying.becomesStuck(events.length);
      const delivered = deliverAll(world, events);
      await stuck;
      const other = await world.start();
      await dying.kill();
      // who is left goes on meanwhile
      const more = eventsOf(world);
      await deliverAll(world, more);
      await world.advance(leaseMs - 20_000);
      await world.idle();
      expect(events.flatMap((event) => world.handlersOf(event))).toEqual([]);
      await world.advance(20_000);
      await expect
        .poll(() => events.map((event) => world.handlersOf(event)), withinASecond)
        .toEqual(events.map(() => [other.name]));
      await delivered;
      expect(await world.faults([...events, ...more])).toEqual([]);
    });

    test("one that closes gives back at once what it holds", async () => {
      const world = worldOfTest();
      const closing = await world.start();
      const events = eventsOf(world);
      const stuck = closing.becomesStuck(events.length);
      const delivered = deliverAll(world, events);
      await stuck;
      const next = await world.start();
      expect(await closing.close()).toEqual([0, null]);
      await expect
        .poll(() => events.map((event) => world.handlersOf(event)), withinASecond)
        .toEqual(events.map(() => [next.name]));
      await delivered;
      expect(await world.faults(events)).toEqual([]);
    });

    test("restarted one after the other under load they lose nothing, and wait for no lease", async () => {
      const world = worldOfTest();
      const random = seeded(1);
      const events: Sent[] = [];
      let app = await world.start();
      let isOver = false;
      async function keepSending(): Promise<void> {
        while (!isOver) {
          const event = world.newEvent(random.pick(names));
          events.push(event);
          await world.deliver(event);
        }
      }
      const load = Promise.all(Array.from({ length: 8 }, keepSending));
      for (let restart = 1; restart <= 4; restart += 1) {
        const next = await world.start();
        expect(await app.close()).toEqual([0, null]);
        app = next;
      }
      isOver = true;
      await load;
      expect(await world.faults(events)).toEqual([]);
      expect(events.length).toBeGreaterThan(50);
    });

    test("apps that only answer leave to a worker what is left of one of them, and to another what the worker leaves", async () => {
      const world = worldOfTest();
      const dying = await world.start({ background: false });
      const events = eventsOf(world, ["late"]);
      const stuck = dying.becomesStuck(events.length);
      await Promise.all([deliverAll(world, events), stuck]);
      await world.start({ background: false });
      const worker = await world.start({ takesDeliveries: false });
      await dying.kill();
      worker.tell({ doomed: "after the post" });
      await world.advance(leaseMs);
      await worker.ended;
      const next = await world.start({ takesDeliveries: false });
      await world.advance(leaseMs);
      await expect
        .poll(async () => (await world.records(events)).map((record) => record?.work), withinASecond)
        .toEqual([null, null]);
      const handlers = events.flatMap((event) => world.handlersOf(event));
      expect([worker.name, next.name]).toEqual(expect.arrayContaining(handlers));
      expect(await world.faults(events)).toEqual([]);
    });
  });
