/** Recipes: how a record comes to each state of the table. */
import type { About, Entry } from "@answerback/core/backend";
import type { Holder } from "./holder.ts";
import { day, hour, minute, month, type Scene } from "./suite.ts";

// JSON texts, as the receiver stores them
export const answer = '{"status":200}';
export const event = '{"event":"order.insert"}';
export const error = '"the handler failed"';

/** What the records of the recipes are about, unless said otherwise. */
export const about: About = { name: '"order.insert"', id: '"4711"' };

/** Makes a record with this key, and returns its holder. */
export type Recipe = (scene: Pick<Scene, "holder">, key: string, of?: About) => Promise<Holder>;

/** A delivery is being handled. */
export const held: Recipe = async (scene, key, of = about) => {
  const holder = scene.holder(key);
  await holder.claim(of);
  return holder;
};

/** The handler failed for now, and the next delivery may claim the event. */
export const released: Recipe = async (scene, key, of) => {
  const holder = await held(scene, key, of);
  await holder.save({ note: error, forMs: 0 });
  return holder;
};

/** Acknowledged, and the handler goes on. */
export const accepted: Recipe = async (scene, key, of) => {
  const holder = await held(scene, key, of);
  await holder.save({ answer, work: event, attempts: 1, forMs: minute });
  return holder;
};

/** Acknowledged, and to be tried again in an hour. */
export const waiting: Recipe = async (scene, key, of) => {
  const holder = await accepted(scene, key, of);
  await holder.save({ note: error, forMs: hour, held: false });
  return holder;
};

/** Acknowledged, and to be worked now. */
export const due: Recipe = async (scene, key, of) => {
  const holder = await held(scene, key, of);
  await holder.save({ answer, work: event, attempts: 0, forMs: 0 });
  return holder;
};

/** Acknowledged, and to wait until somebody ends the pause. */
export const paused: Recipe = async (scene, key, of) => {
  const holder = await held(scene, key, of);
  await holder.save({ answer, work: event, kind: "paused", attempts: 0, note: error });
  return holder;
};

/** Acknowledged, and given up: a dead letter, kept for a month. */
export const dead: Recipe = async (scene, key, of) => {
  const holder = await accepted(scene, key, of);
  await holder.save({ kind: "dead", note: error, forMs: month });
  return holder;
};

/** Handled, and remembered for a day. */
export const settled: Recipe = async (scene, key, of) => {
  const holder = await held(scene, key, of);
  await holder.save({ answer, work: null, note: error, forMs: day });
  return holder;
};

/** Handled, remembered for a day, and its event kept for an hour. */
export const kept: Recipe = async (scene, key, of) => {
  const holder = await held(scene, key, of);
  await holder.save({ answer, work: null, note: error, forMs: day, kept: event, keptForMs: hour });
  return holder;
};

/** All of them, by their names. */
export const recipes: Readonly<Record<string, Recipe>> = {
  held,
  released,
  accepted,
  waiting,
  due,
  paused,
  dead,
  settled,
  kept,
};

/** Records in every state, and in each way in which they come there. */
export async function everyState(scene: Scene): Promise<void> {
  await held(scene, "left behind");
  await accepted(scene, "died");
  await scene.advance(2 * minute);
  for (const [key, recipe] of Object.entries(recipes)) await recipe(scene, key);
  for (const [key, forMs] of Object.entries({ post: 0, "post later": hour })) {
    const one = await held(scene, key);
    await one.save({ answer, work: '"callback"', kind: "post", forMs, held: false });
  }
  const again = await held(scene, "again later");
  await again.save({ note: error, forMs: hour, held: false });
  await due(scene, "taken");
  await scene.holder("taken").take();
}

/** The keys that {@link everyState} makes, by their state. */
export const inEveryState: Readonly<Record<Entry["state"], readonly string[]>> = {
  held: ["accepted", "held", "taken"],
  free: ["left behind", "released"],
  due: ["died", "due", "post"],
  waiting: ["again later", "post later", "waiting"],
  paused: ["paused"],
  dead: ["dead"],
  settled: ["kept", "settled"],
};
