/** A receiver that follows a script, and remembers what it was handed and told. */

import type { Body, Delivery, DeliveryReceiver, Reply, Sent } from "@answerback/core";

/** What the script says to a delivery; `read` reads its body first. */
export interface Script {
  readonly reply?: Partial<Reply> | undefined;
  readonly ours?: (delivery: Delivery) => boolean;
  readonly read?: { readonly limit?: number; readonly withinMs?: number };
  /** Waited for before it replies. */
  readonly until?: () => Promise<unknown>;
}

/** A {@link DeliveryReceiver} to look into. */
export interface FakeReceiver extends DeliveryReceiver {
  readonly deliveries: Delivery[];
  readonly bodies: Body[];
  /** How far each reply went, in the order told. */
  readonly sent: Sent[];
  /** Resolves with `sent` once it has `count` entries. */
  readonly told: (count?: number) => Promise<Sent[]>;
  /** Resolves when the script has been asked `count` times. */
  readonly asked: (count?: number) => Promise<void>;
}

const plain = { status: 200, headers: { "content-type": "application/json" }, body: '{"ok":true}' };

/** Answers every delivery with 200 and `{"ok":true}` unless the script says otherwise. */
export function fakeReceiver(script: Script = {}): FakeReceiver {
  const deliveries: Delivery[] = [];
  const bodies: Body[] = [];
  const sent: Sent[] = [];
  const { changed, wait } = waiter();
  return {
    deliveries,
    bodies,
    sent,
    told: (count = 1) => wait(() => sent.length >= count).then(() => sent),
    asked: (count = 1) => wait(() => deliveries.length >= count),
    async receive(delivery) {
      deliveries.push(delivery);
      changed();
      if (script.ours && !script.ours(delivery)) return undefined;
      const { limit = 1_048_576, withinMs = 5_000 } = script.read ?? {};
      if (script.read) bodies.push(await delivery.body(limit, withinMs));
      changed();
      await script.until?.();
      const tell = (how: Sent): void => {
        sent.push(how);
        changed();
      };
      return { ...plain, ...script.reply, sent: tell };
    },
  };
}

/** Wakes those who wait for something to be so, whenever something changed. */
function waiter(): { changed: () => void; wait: (isSo: () => boolean) => Promise<void> } {
  const looks = new Set<() => void>();
  const changed = (): void => looks.forEach((look) => look());
  const wait = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  return { changed, wait };
}
