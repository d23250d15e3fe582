/** What is left behind: no timer, listener or task after many deliveries, and no secret anywhere. */
import { getEventListeners } from "node:events";
import { bodySecret, createReceiver, memory, PermanentError, upsales, type Receiver } from "@answerback/core";
import { expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { countingClock, faulty, two } from "./support.ts";

const order = sample("upsales/order-insert");
const secretKey = "a-key-of-the-app-4711";

it("any.22 ten thousand deliveries leave no timer, no listener and no task behind", async () => {
  const clock = countingClock();
  const signals = new Set<AbortSignal>();
  const warned: string[] = [];
  const onWarning = ({ name }: Error) => void warned.push(name);
  process.on("warning", onWarning);
  const backend = memory({ clock, maxKeys: 100 });
  const receiver: Receiver = createReceiver(upsales(), {
    ...{ clock, backend, authenticate: false, random: () => 0 },
    warn: () => {},
    onError: () => {},
    onFailure: "refuse",
    transport: async (_, { signal }) => (signals.add(signal), new Response()),
    async handle({ params }, { signal }) {
      signals.add(signal);
      await Promise.resolve();
      const kind = Number(params["id" as never]) % 4;
      if (kind === 0) throw new Error("no");
      if (kind === 1) throw new PermanentError("never");
      return { callback: { notify: `${kind}` } };
    },
  });
  await clock.advance(0);
  const idleTimers = clock.waiting();
  for (let round = 0; round < 100; round += 1) {
    await Promise.all(
      Array.from({ length: 100 }, async (_, at) => {
        const id = round * 100 + at;
        const callbackUrl = `https://upsales.com/${id}`;
        const bytes = Buffer.from(JSON.stringify({ ...JSON.parse(order.body), callbackUrl }));
        const reply = await receiver.receive({
          ...{ method: "POST", path: `/orderinsert/${id}`, query: "", secure: true },
          headers: { "content-type": ["application/json"] },
          body: async () => ({ kind: "bytes", bytes }),
        });
        reply?.sent?.(id % 8 < 4 ? "fully" : "not");
      }),
    );
    await receiver.idle();
    for (const { key } of await receiver.deadLetters.list()) await receiver.deadLetters.discard(key);
  }
  await clock.advance(0);
  expect(clock.waiting()).toBe(idleTimers);
  expect([...signals].filter((signal) => getEventListeners(signal, "abort").length > 0)).toEqual([]);
  process.off("warning", onWarning);
  expect(warned).toEqual([]);
  await receiver.close();
}, 60_000);

it("any.14 upsales.2 no secret is in a record of the observer, a warning, a dead letter or what find says", async () => {
  const framework = two[0]!;
  const said: unknown[] = [];
  const listener = (warning: Error) => void said.push(warning);
  process.on("warning", listener);
  for (const fails of ["claim", "save", undefined] as const) {
    const clock = countingClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "upsales", {
      clock,
      backend,
      handle: () => {
        throw new PermanentError("never");
      },
      options: { authenticate: bodySecret("authenticationKey", secretKey), answerWithin: 0 },
      transport: async () => new Response(null, { status: 410 }),
    });
    backend.faults[fails ?? "open"] = fails && "throws";
    const answers = [
      await house.deliver(order),
      await house.deliver({ ...order, body: order.body.replace(secretKey, "another-key") }),
      await house.deliver({ ...order, body: `${order.body},` }),
      await house.deliver({ ...order, body: order.body.replace("https://", "http://") }),
    ];
    backend.faults[fails ?? "open"] = undefined;
    await clock.advance(10_000);
    await house.receiver.idle();
    said.push(answers.map(({ text, headers }) => [text, ...headers]));
    said.push(house.observed, house.warnings, await house.receiver.deadLetters.list());
    for (const { key } of house.events) {
      said.push(await house.receiver.find(key), await house.receiver.deadLetters.get(key));
    }
  }
  process.off("warning", listener);
  const text = JSON.stringify(said);
  expect(text).toContain("never");
  for (const secret of [secretKey, "another-key", JSON.parse(order.body).callbackUrl]) {
    expect(text).not.toContain(secret);
  }
});
