/** Clocks of the user's own: they may call back at once, and with whatever they like. */
import { createReceiver, memory, uphance } from "@answerback/core";
import { type Clock } from "@answerback/core/backend";
import { expect, test } from "vitest";
import { sample } from "../support/deliveries.ts";

const now = () => Date.now();
const clocks: [string, Clock][] = [
  [
    "hands its callbacks something",
    {
      now,
      after(ms, then) {
        const timer = setTimeout(() => (then as (what: string) => void)("tick"), ms);
        return () => clearTimeout(timer);
      },
    },
  ],
  [
    "calls back at once when it is time",
    {
      now,
      after(ms, then) {
        if (ms <= 0) then();
        const timer = setTimeout(then, ms);
        return () => clearTimeout(timer);
      },
    },
  ],
];

test.each(clocks)(
  "any.11 a delivery that has waited too long is told to come again, by a clock that %s",
  async (_, clock) => {
    const receiver = createReceiver(uphance(), {
      ...{ authenticate: false, clock, backend: memory({ clock }), warn: () => {} },
      handle: () => new Promise<void>(() => {}),
    });
    const { body } = sample("uphance/pick-ticket-update");
    const reply = await receiver.receive({
      ...{ method: "POST", path: "/", query: "", secure: true, receivedAt: Date.now() - 3_600_000 },
      headers: { "content-type": ["application/json"] },
      body: async () => ({ kind: "bytes", bytes: Buffer.from(body) }),
    });
    expect(reply).toMatchObject({ status: 503, body: '{"code":"running"}' });
    await receiver.close({ within: 0 });
  },
);
