/** Sends one event as its provider would: attempt by attempt, until it is acknowledged or given up. */
import { sleep } from "../lib/clock.ts";
import type { Conclusion, Seen } from "../protocols/conclusion.ts";
import type { AnyDelivery, Protocol } from "../protocols/protocol.ts";
import type { Fault } from "./faults.ts";
import type { Scene } from "./scene.ts";
import { send } from "./send.ts";

/** Sends one event with all its attempts, the first `atMs` after the scenario began; then waits for its callback. */
export async function deliver(
  scene: Scene,
  delivery: AnyDelivery,
  at: { event: number; atMs: number },
): Promise<void> {
  const protocol = scene.protocolOf(delivery);
  await sleep(scene.clock, at.atMs);
  const began = scene.clock.now();
  for (let attempt = 1, seen: Seen | undefined; ; attempt++) {
    const fault = scene.faults({ event: at.event, attempt });
    if (fault?.kind === "late") await sleep(scene.clock, fault.byMs);
    const sent: Attempt = {
      delivery: attempt === 1 ? delivery : protocol.again(delivery, attempt, seen),
      protocol,
      attempt,
      fault,
      sinceMs: () => scene.clock.now() - began,
    };
    const copies = fault?.kind === "twice" ? [sent, sent] : [sent];
    const [first] = await Promise.all(copies.map((copy) => attemptOnce(scene, copy)));
    const { concluded } = first!;
    seen = first!.seen;
    if (fault?.kind === "again") {
      await sleep(scene.clock, fault.afterMs);
      await attemptOnce(scene, sent);
    }
    if (concluded.kind !== "will retry") break;
    await sleep(scene.clock, concluded.inMs ?? 0);
  }
  await callbackOf(scene, protocol.callback?.urlOf(delivery));
}

interface Attempt {
  readonly delivery: AnyDelivery;
  readonly protocol: Protocol;
  readonly attempt: number;
  readonly fault: Fault | undefined;
  /** ms since the first attempt began. */
  readonly sinceMs: () => number;
}

interface Outcome {
  readonly seen: Seen;
  readonly concluded: Conclusion;
}

async function attemptOnce(scene: Scene, sent: Attempt): Promise<Outcome> {
  const { delivery, protocol, attempt, fault } = sent;
  const { clock, url } = scene;
  const { patienceMs, callback } = protocol;
  const answered = callback && scene.callbacks.sent(delivery, callback);
  const atMs = scene.sinceMs();
  const seen = await scene.owe(send(delivery, url, { patienceMs, clock, fault }));
  const { provider, event, id } = delivery;
  const concluded = protocol.conclude(seen, { attempt, sinceMs: sent.sinceMs() });
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
  answered?.(seen, concluded.kind === "acknowledged");
  return { seen, concluded };
}

/** Waits until the provider takes nothing more at this address, at most `callbackWithinMs`. */
async function callbackOf(scene: Scene, url: string | undefined): Promise<void> {
  if (url === undefined || !scene.callbacks.isOpen(url)) return;
  const used = new Promise<void>((resolve) => {
    const end = () => {
      unsubscribe();
      cancel();
      resolve();
    };
    const cancel = scene.clock.after(scene.callbackWithinMs, end);
    const unsubscribe = scene.callbacks.subscribe(() => !scene.callbacks.isOpen(url) && end());
  });
  await scene.owe(used);
}
