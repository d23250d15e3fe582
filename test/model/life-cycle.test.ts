/**
 * The whole receiver against a small model, every await of it in the hands of fast-check's scheduler. A failure prints
 * its seed, path and schedule. Run it long with `MODEL_RUNS=20000`, and again with `MODEL_SEED` and `MODEL_PATH`.
 */
import { setImmediate } from "node:timers/promises";
import fc, { type Scheduler } from "fast-check";
import { expect, it } from "vitest";
import { deliver, hasCallback, play } from "./actions.ts";
import { calm, hostile, type Plan } from "./plan.ts";
import { openWorld, types, type World } from "./world.ts";

const { MODEL_RUNS, MODEL_SEED, MODEL_PATH } = process.env;
const parameters = {
  numRuns: Number(MODEL_RUNS ?? 300),
  endOnFailure: MODEL_PATH !== undefined,
  ...(MODEL_SEED && { seed: Number(MODEL_SEED) }),
  ...(MODEL_PATH && { path: MODEL_PATH }),
};

const scheduler = fc.scheduler({
  act: async (step) => {
    await step();
    await setImmediate();
  },
});

const name = "any.7 any.8 any.9 any.11 any.12 any.22 upsales.8 upsales.9";

it(`${name}: whatever is lost, late or crashes, nothing acknowledged is lost and nothing is done twice`, async () => {
  expect(await check(hostile, () => {})).toEqual([]);
}, 3_600_000);

it(`${name}: where nothing is lost and nobody crashes, each callback arrives once and is sent once`, async () => {
  expect(await check(calm, checkCalm)).toEqual([]);
}, 3_600_000);

/** Lives many lives. Resolves to the rejections that nobody caught. */
async function check(plans: fc.Arbitrary<Plan>, more: (world: World) => void): Promise<unknown[]> {
  const rejections: unknown[] = [];
  const rejected = (error: unknown) => void rejections.push(error);
  process.on("unhandledRejection", rejected);
  const property = fc.asyncProperty(scheduler, plans, async (schedule, plan) => {
    const world = await live(schedule, plan);
    await settleDown(world);
    checkEnd(world);
    more(world);
    await redeliver(world);
    await end(world);
    expect(rejections.splice(0)).toEqual([]);
  });
  await fc.assert(property, parameters).finally(() => process.off("unhandledRejection", rejected));
  return rejections;
}

/** Without faults the handler succeeds once, one post is enough, and none follows what was sent inline. */
function checkCalm({ events, callbacks }: World): void {
  for (const [type, { url, successes, retried }] of events) {
    const { posts, told } = callbacks.at(url);
    expect(retried ? 1 : successes, `successes of ${type}`).toBeLessThan(2);
    expect(posts, `posts of ${type}`).toBeLessThan(told ? 1 : 2);
  }
}

/** Plays the plan, and checks after each step. */
async function live(schedule: Scheduler, plan: Plan): Promise<World> {
  const world = await openWorld(schedule, plan);
  void play(world);
  await setImmediate();
  while (schedule.count() > 0) {
    await schedule.waitNext(1);
    // a deadline begins when its turn is over
    await setImmediate();
    expect(world.violations).toEqual([]);
  }
  return world;
}

/** All faults stop, who died comes back, and everything is worked until it is quiet. */
async function settleDown(world: World): Promise<void> {
  world.healed = true;
  for (const at of world.processes.keys()) world.restart(at);
  for (let steps = 0; ; steps += 1) {
    await world.drain();
    if (isQuiet(world)) break;
    expect(steps, "steps until it is quiet").toBeLessThan(3_000);
    world.step(Infinity);
  }
  for (const { receiver } of world.processes) await world.until("idle()", receiver.idle());
  expect(world.violations).toEqual([]);
}

function isQuiet({ model, clock }: World): boolean {
  const open = [...model.rows.values()].filter(({ answer, work, dead, until }) =>
    work === null ? answer === null && until > clock.now() : !dead,
  );
  return open.length === 0;
}

function checkEnd({ events, model, callbacks }: World): void {
  for (const [type, { key = "", url, acknowledged, successes, calledBack }] of events) {
    const row = model.rows.get(key);
    const isDead = row?.dead ?? false;
    const { used, spoiled } = callbacks.at(url);
    if (acknowledged) expect(isDead || successes > 0, `${type} was acknowledged and is lost`).toBe(true);
    if (row?.dead && JSON.parse(row.work!).kind === "post")
      expect(used, `${type} has a dead letter for a callback that arrived`).toBeUndefined();
    if (calledBack && successes === 1 && model.isSettled(key) && !spoiled)
      expect(used, `the callback of ${type} is lost`).toBeDefined();
  }
}

/** The provider sends everything again: what is settled is answered as before, and not handled. */
async function redeliver(world: World): Promise<void> {
  for (const type of types) {
    const known = world.event(type);
    const { answer = null } = world.model.rows.get(known.key ?? "") ?? {};
    if (answer === null) continue;
    const { runs } = known;
    const delivered = deliver(world, world.at(0), { type, fate: "fully" });
    await world.until("a delivery", delivered);
    const reply = (await delivered)!;
    expect({ status: reply.status, body: reply.body }).toEqual({
      status: JSON.parse(answer).status,
      body: JSON.parse(answer).body,
    });
    expect(hasCallback(reply.body)).toBe(false);
    expect(known.runs).toBe(runs);
  }
}

async function end(world: World): Promise<void> {
  for (const { receiver } of world.processes) await world.until("close()", receiver.close());
  expect(world.violations).toEqual([]);
}
