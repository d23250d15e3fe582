/** A receiver on SQLite whose disk is full: refused until there is room, and nothing untrue is said. */
import { setTimeout } from "node:timers/promises";
import { sqlite } from "@answerback/sqlite";
import { expect, test } from "vitest";
import { fileOfTest } from "../support/sqlite-file.ts";
import { steppingClock } from "../support/stepping-clock.ts";
import { idsFrom, openSending } from "./sending.ts";

const maxBytes = 200_000;
const day = 86_400_000;

test.each([
  ["answered in time", {}],
  ["accepted first", { answerWithin: 0 }],
])("any.22 a full disk refuses what is new until there is room: %s", async (_, options) => {
  const clock = steppingClock();
  const backend = sqlite({ file: fileOfTest(), clock, maxBytes });
  const sending = await openSending({ backend, options: { ...options, clock } });
  const { send, house } = sending;
  let next = 1;
  // until it is full for whoever comes
  while ((await send(idsFrom(next, 50))).some((status) => status === 200)) next += 50;
  // what was handled and found no room for its answer is written when there is some: nothing is idle before
  await Promise.race([house.receiver.idle(), setTimeout(1_000)]);
  expect(sending.acknowledged().length).toBeGreaterThan(50);
  expect(await sending.untrue()).toEqual([]);
  const ids = sending.acknowledged();
  const runs = ids.map((id) => sending.handled(id));
  expect(new Set(await send(ids))).toEqual(new Set([200]));
  expect(ids.map((id) => sending.handled(id))).toEqual(runs);
  // what is remembered is forgotten, and swept a while later
  clock.step(30 * day);
  await sending.sendAgain();
  expect(sending.acknowledged().length).toBeGreaterThan(ids.length);
});
