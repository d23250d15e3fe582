/** Sends one event as its provider would: attempt by attempt, until it is acknowledged or given up. */
import type { RawDelivery } from "../deliveries/delivery.ts";
import { sleep } from "../lib/clock.ts";
import { parsedObject } from "../lib/json.ts";
import type { Conclusion, Seen } from "../protocols/conclusion.ts";
import type { Fault } from "./faults.ts";
import type { Scene } from "./scene.ts";
import { send } from "./send.ts";

/** Sends one event with all its attempts, the first `atMs` after the scenario began; then waits for its callback. */
export async function deliver(
  scene: Scene,
  delivery: RawDelivery,
  at: { event: number; atMs: number },
): Promise<void> {
  const { again, conclude } = scene.protocols[delivery.provider];
  await sleep(scene.clock, at.atMs);
  const began = scene.clock.now();
  for (let attempt = 1; ; attempt++) {
    const fault = scene.faults({ event: at.event, attempt });
    if (fault?.kind === "late") await sleep(scene.clock, fault.byMs);
    const sent: Attempt = {
      delivery: attempt === 1 ? delivery : again(delivery, attempt),
      attempt,
      fault,
      concludes: (seen) => conclude(seen, { attempt, sinceMs: scene.clock.now() - began }),
    };
    const copies = fault?.kind === "twice" ? [sent, sent] : [sent];
    const [concluded] = await Promise.all(copies.map((copy) => attemptOnce(scene, copy)));
    if (fault?.kind === "again") {
      await sleep(scene.clock, fault.afterMs);
      await attemptOnce(scene, sent);
    }
    if (concluded?.kind !== "will retry") break;
    await sleep(scene.clock, concluded.inMs ?? 0);
  }
  await callbackOf(scene, delivery);
}

interface Attempt {
  readonly delivery: RawDelivery;
  readonly attempt: number;
  readonly fault: Fault | undefined;
  readonly concludes: (seen: Seen) => Conclusion;
}

async function attemptOnce(
  scene: Scene,
  { delivery, attempt, fault, concludes }: Attempt,
): Promise<Conclusion> {
  const { clock, url } = scene;
  const { patienceMs } = scene.protocols[delivery.provider];
  const callbackUrl = callbackUrlOf(delivery);
  if (callbackUrl !== undefined) {
    scene.urls.set(callbackUrl, delivery);
    scene.callbacks.open(callbackUrl);
  }
  const atMs = scene.sinceMs();
  const seen = await scene.owe(send(delivery, url, { patienceMs, clock, fault }));
  const { provider, event, id } = delivery;
  const concluded = concludes(seen);
  scene.note({
    kind: "attempt",
    atMs,
    provider,
    event,
    id,
    attempt,
    seen,
    concluded,
    ...(fault ? { fault } : {}),
  });
  if (provider === "upsales") readInline(scene, callbackUrl, seen);
  return concluded;
}

/**
 * "Respond with 200 OK and an app callback object as callback property in the json body."
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.5 upsales.5}
 */
function readInline(scene: Scene, url: string | undefined, seen: Seen): void {
  if (seen.kind !== "answered" || seen.status !== 200) return;
  const answer = parsedObject(seen.body);
  if (answer && "callback" in answer) scene.callbacks.inline(url, answer["callback"]);
}

/** Waits until the delivery's callbackUrl has been used, at most `callbackWithinMs`. */
async function callbackOf(scene: Scene, delivery: RawDelivery): Promise<void> {
  const url = callbackUrlOf(delivery);
  if (url === undefined || scene.callbacks.accepted(url) !== undefined) return;
  const used = new Promise<void>((resolve) => {
    const end = () => {
      unsubscribe();
      cancel();
      resolve();
    };
    const cancel = scene.clock.after(scene.callbackWithinMs, end);
    const unsubscribe = scene.callbacks.subscribe(() => scene.callbacks.accepted(url) !== undefined && end());
  });
  await scene.owe(used);
}

function callbackUrlOf(delivery: RawDelivery): string | undefined {
  const url = delivery.provider === "upsales" ? parsedObject(delivery.body)?.["callbackUrl"] : undefined;
  return typeof url === "string" ? url : undefined;
}
