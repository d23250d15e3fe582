/** Row "client goes away": whenever it does, the event is settled or released, its callback posted, its room freed. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { following, frameworks } from "../support/frameworks.ts";
import { besiege, bytesOf, fresh, statuses, type Besieged } from "../support/hostile.ts";
import type { HouseOptions, ProviderName } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { rawClient } from "../support/raw-client.ts";

const hello = { callback: { notify: "Hello!" } };
const names: readonly ProviderName[] = ["upsales", "uphance", "app-inbox", "postback"];

/** A house whose one client can be made to go away, seen from the server; room for one delivery. */
async function leaving(framework: (typeof frameworks)[number], name: ProviderName, given: HouseOptions) {
  const options = { maxConcurrent: 1, ...given.options };
  const house: Besieged = await besiege(framework, name, { ...given, options });
  const arrived = once(house.server, "connection") as Promise<[Socket]>;
  const one = fresh(name);
  return {
    house,
    one,
    send: (cut = 0) => rawClient(house.port, bytesOf(one, {}).subarray(0, cut || undefined)),
    /** Resolves once the server knows. */
    async leave(client: ReturnType<typeof rawClient>) {
      const [socket] = await arrived;
      const closed = new Promise<unknown>((resolve) => void socket.once("close", resolve));
      client.socket.destroy();
      await closed;
    },
  };
}

describe.each(frameworks)("$name", (framework) => {
  it.each(names)("any.3 %s: before its body was read, nothing runs, and its room is free", async (name) => {
    const { house, send, leave } = await leaving(framework, name, {});
    const begun = once(house.server, "request");
    const client = send(-3);
    await begun;
    await leave(client);
    await house.seen(1);
    expect(house.observed).toMatchObject([{ outcome: "refused", code: "aborted" }]);
    await house.unharmed();
  });

  it("any.20 between its body and the handler, the event is handled and its callback posted as the first use", async () => {
    const authenticate = async (delivery: any) => (await delivery.body(), await leave(client), true);
    const { house, send, leave } = await leaving(framework, "upsales", {
      handle: () => hello,
      options: { authenticate },
    });
    const client = send();
    await house.seen(3);
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
      { outcome: "accepted", attempt: 1 },
    ]);
    expect([house.events.length, house.posts.length]).toEqual([1, 1]);
    house.quiet();
  });

  it.each(names)(
    "any.9 any.20 %s: while the handler runs, the event is settled, and a retry is a duplicate",
    async (name) => {
      const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const { house, one, send, leave } = await leaving(framework, name, {
        handle: () => (begun.resolve(), done.promise),
      });
      const client = send();
      await begun.promise;
      await leave(client);
      done.resolve();
      await house.seen(2);
      expect(statuses(await house.attack(one))).toEqual([200]);
      expect(house.observed.at(-1)).toMatchObject({ outcome: "duplicate" });
      await house.unharmed({ handled: 1 });
    },
  );

  it("any.20 upsales.8 when the answer is about to be written, its callback is posted, once", async () => {
    let server: Socket | undefined;
    const observed: any[] = [];
    const observe = (record: any) => {
      observed.push(record);
      if (record.kind === "delivery") server?.destroy();
    };
    const { house, send } = await leaving(framework, "upsales", {
      handle: () => hello,
      options: { observe },
    });
    house.server.once("connection", (socket: Socket) => (server = socket));
    await send().closed;
    await house.receiver.idle();
    expect(observed.filter(({ kind }) => kind === "post")).toMatchObject([{ outcome: "accepted" }]);
    expect(house.posts).toHaveLength(1);
    expect(await house.receiver.deadLetters.list()).toEqual([]);
    house.quiet();
  });

  it("any.8 of two that are joined the first goes away: the other is answered, and the callback is posted", async () => {
    const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<object>()];
    const options = { maxConcurrent: 3 };
    const { house, one, send, leave } = await leaving(framework, "upsales", {
      handle: () => (begun.resolve(), done.promise),
      options,
    });
    const client = send();
    await begun.promise;
    const answer = house.attack(one);
    await once(house.server, "request");
    await leave(client);
    done.resolve({ ...hello, more: 1 });
    expect((await answer).split("\r\n\r\n")[1]).toBe('{"more":1}');
    await house.receiver.idle();
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
      { outcome: "accepted", attempt: 1 },
    ]);
    expect([house.events.length, house.posts.length]).toEqual([1, 1]);
    house.quiet();
  });
});

describe.each(following)("$name", (framework) => {
  it("upsales.8 one that never reads has its callback posted when it has surely hung up", async () => {
    const clock = manualClock();
    const handle = (event: any) =>
      event.data.object.id === 1 ? { ...hello, padding: "x".repeat(2 ** 24) } : undefined;
    const { house, send } = await leaving(framework, "upsales", { clock, handle });
    const client = send();
    client.socket.pause();
    await house.seen(2);
    expect(house.posts).toEqual([]);
    await clock.advance(37_000);
    await house.receiver.idle();
    expect(house.observed.at(-1)).toMatchObject({ kind: "post", outcome: "accepted", attempt: 2 });
    expect(house.posts).toHaveLength(1);
    client.socket.destroy();
    await client.closed;
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
    house.quiet();
  });
});
