/** Recipes: how a record comes to each state of the table. */
import type { Holder } from "./holder.ts";
import { day, hour, minute, month, type Scene } from "./suite.ts";

// JSON texts, as the receiver stores them
export const answer = '{"status":200}';
export const event = '{"event":"order.insert"}';
export const error = '"the handler failed"';

/** Makes a record with this key, and returns its holder. */
type Recipe = (scene: Scene, key: string) => Promise<Holder>;

/** A delivery is being handled. */
export const held: Recipe = async (scene, key) => {
  const holder = scene.holder(key);
  await holder.claim();
  return holder;
};

/** The handler failed for now, and the next delivery may claim the event. */
export const released: Recipe = async (scene, key) => {
  const holder = await held(scene, key);
  await holder.save({ note: error, forMs: 0 });
  return holder;
};

/** Acknowledged, and the handler goes on. */
export const accepted: Recipe = async (scene, key) => {
  const holder = await held(scene, key);
  await holder.save({ answer, work: event, attempts: 1, forMs: minute });
  return holder;
};

/** Acknowledged, and to be tried again in an hour. */
export const waiting: Recipe = async (scene, key) => {
  const holder = await accepted(scene, key);
  await holder.save({ note: error, forMs: hour, held: false });
  return holder;
};

/** Acknowledged, and to be worked now. */
export const due: Recipe = async (scene, key) => {
  const holder = await held(scene, key);
  await holder.save({ answer, work: event, attempts: 0, forMs: 0 });
  return holder;
};

/** Acknowledged, and given up: a dead letter, kept for a month. */
export const dead: Recipe = async (scene, key) => {
  const holder = await accepted(scene, key);
  await holder.save({ kind: "dead", note: error, forMs: month });
  return holder;
};

/** Handled, and remembered for a day. */
export const settled: Recipe = async (scene, key) => {
  const holder = await held(scene, key);
  await holder.save({ answer, work: null, note: error, forMs: day });
  return holder;
};
