/** Order: the events of one entity are handled one at a time, by a lock on the entity that all processes share. */
import { AnswerbackError } from "../../contract/errors.ts";
import type { Cancellation } from "../../lib/cancellation.ts";
import { sleep } from "../../lib/timeout.ts";
import { entityOf, versionOf, type Order, type Version } from "../order.ts";
import { times } from "../patience.ts";
import { EntityLock } from "../record/entity-lock.ts";
import { entityKey } from "../record/keys.ts";
import { Lease } from "../record/lease.ts";
import type { Runtime } from "../runtime.ts";
import type { LoadedEvent } from "./event.ts";

/** The entity that an event is about. */
export interface EventEntity {
  /** The key of the entity's record. */
  readonly key: string;
  /** The event's version of it. */
  readonly version: Version | undefined;
}

/** How a run waits for its lock. */
export interface AcquireOptions {
  readonly cancellation: Cancellation;
  /** `false`: it does not wait at all. */
  readonly mayWait: boolean;
}

/** The entity of an event; `undefined`: nothing orders it. Throws what the option's functions throw. */
export function entityOfEvent(
  order: Order<any>,
  { view, stored, spec }: LoadedEvent,
): EventEntity | undefined {
  const entity = entityOf(order, view);
  if (entity === undefined) return undefined;
  const version = versionOf(order, view) ?? (order.version && spec?.deletes ? Infinity : undefined);
  return { key: entityKey(entity, stored.identity), version };
}

/** Acquires the lock. Rejects with `running` where it would have to wait and may not. */
export async function acquire(
  runtime: Runtime,
  { key, version }: EventEntity,
  options: AcquireOptions,
): Promise<EntityLock> {
  if (!options.mayWait && runtime.entityQueues.has(key)) throw busy();
  const leaveQueue = await queueUp(runtime.entityQueues, key, options.cancellation);
  try {
    const { lease, note } = await claim(runtime, key, options);
    lease.startRenewing();
    return new EntityLock({ lease, note, version, leaveQueue });
  } catch (error) {
    leaveQueue();
    throw error;
  }
}

/** Waits for those of this process who came before. Returns the function that lets the next one in. */
async function queueUp(
  queues: Runtime["entityQueues"],
  key: string,
  cancellation: Cancellation,
): Promise<() => void> {
  const before = queues.get(key);
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const allLeft: Promise<void> = Promise.all([before, left]).then(() => {
    if (queues.get(key) === allLeft) queues.delete(key);
  });
  queues.set(key, allLeft);
  await before;
  if (cancellation.isAborted) leave();
  cancellation.throwIfAborted();
  return leave;
}

/** Claims the entity's record, as soon as no other process has it. */
async function claim(
  runtime: Runtime,
  key: string,
  { cancellation, mayWait }: AcquireOptions,
): Promise<{ lease: Lease; note: string | null }> {
  for (;;) {
    const lease = new Lease(runtime, key);
    const claimed = await lease.claim();
    if (claimed.state === "claimed" && cancellation.isAborted) void runtime.tasks.track(release(lease));
    cancellation.throwIfAborted();
    if (claimed.state === "claimed") return { lease, note: claimed.note };
    if (!mayWait) throw busy();
    await sleep(times.entityAgain, runtime.clock, cancellation);
    cancellation.throwIfAborted();
  }
}

/** Nobody waits for the lock any more. */
async function release(lease: Lease): Promise<void> {
  try {
    await lease.saveUntilKnown({ forMs: 0 });
  } catch {
    // the lease ends by itself
  }
}

function busy(): AnswerbackError {
  return new AnswerbackError("running", "another event of the same entity is being handled");
}
