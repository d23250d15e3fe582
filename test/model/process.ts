/** One process: a receiver with its own backend object over the shared store, every await of which is scheduled. */
import { createReceiver, upsales, type Receiver } from "@answerback/core";
import { createPoller, type Backend, type MaybePromise, type Records } from "@answerback/core/backend";
import { aborted, broken } from "./callbacks.ts";
import type { World } from "./world.ts";

/** A process, until it crashes. */
export interface Process {
  readonly name: string;
  readonly receiver: Receiver<any, any>;
  alive: boolean;
  closed?: Promise<void>;
}

/** What a dead process waits for. */
const never = (): Promise<never> => new Promise(() => {});

/** Starts a process. */
export function start(world: World, name: string): Process {
  const { plan, clock } = world;
  const process = { name, alive: true } as { -readonly [Key in keyof Process]: Process[Key] };
  const { answerWithin } = plan;
  process.receiver = createReceiver(
    upsales(plan.whenDead ? { whenDead: (_, { code }) => ({ message: code }) } : {}),
    {
      authenticate: false,
      ...{ answerWithin, retention: "7d", handleWithin: "3m", maxAttempts: 3, random: () => 0.5 },
      backend: backendOf(world, process),
      clock: { now: clock.now, after: (ms, call) => clock.after(ms, () => process.alive && call()) },
      ...{ warn: () => {}, onError: () => {} },
      handle: ((event: any, context: any) => world.handle(process, event, context)) as any,
      transport: (url, init) => Promise.race([post(world, process, url), aborted(init)]),
    },
  );
  return process;
}

/** Waits for its turn; for ever, when the process has died meanwhile. */
export async function turn(world: World, process: Process, label: string): Promise<void> {
  await world.scheduler.schedule(Promise.resolve(), `${process.name}: ${label}`);
  if (!process.alive) await never();
}

/** A verb of the backend: its request and its answer travel, and either can get lost. */
async function verb<Value>(
  world: World,
  process: Process,
  label: string,
  act: () => MaybePromise<Value>,
): Promise<Value> {
  const fate = world.nextVerb();
  return world.underWay(process, async () => {
    await turn(world, process, `${label} asks`);
    if (fate === "lost") throw new Error("connection refused");
    if (fate === "hangs") return never();
    const value = await act();
    await turn(world, process, `${label} answers`);
    if (fate === "unanswered") throw new Error("connection reset");
    return value;
  });
}

function backendOf(world: World, process: Process): Backend {
  const { store, model } = world;
  const run = <Value>(label: string, act: () => MaybePromise<Value>) => verb(world, process, label, act);
  const take: Records["take"] = (lease, from) =>
    run("take", async () => {
      const taken = await store.take(lease, from);
      model.taken(lease, from, taken);
      return taken;
    });
  const records: Records = {
    take,
    claim: (key, lease, about) =>
      run("claim", async () => {
        const claimed = await store.claim(key, lease, about);
        model.claimed(key, lease, claimed);
        return claimed;
      }),
    save: (key, lease, change) =>
      run(`save ${JSON.stringify({ ...change, work: change.work && "…" })}`, async () => {
        const ours = await store.save(key, lease, change);
        model.saved(key, lease, change, ours);
        if (change.forMs !== undefined) world.wake();
        return ours;
      }),
    get: (key) => run("get", () => store.get(key)),
    list: (page) => run("list", () => store.list(page)),
    stats: (upTo) => run("stats", () => store.stats(upTo)),
    causes: (limit) => run("causes", () => store.causes(limit)),
    erase: (key, erased) => run("erase", () => store.erase(key, erased)),
    work(worker) {
      const poller = createPoller(take, { clock: world.clock, sleepMs: () => world.untilDue() });
      world.pollers.add(poller);
      const stop = poller.start(worker);
      return () => (world.pollers.delete(poller), stop());
    },
    close: async () => {},
  };
  return { durable: true, open: () => run("open", async () => records), close: async () => {} };
}

/** One post: its request and its answer travel, and either can get lost. */
async function post(world: World, process: Process, url: string): Promise<Response> {
  const fate = world.nextPost();
  return world.underWay(process, async () => {
    await turn(world, process, "a post leaves");
    if (fate === "unconnected") throw broken("ECONNREFUSED");
    if (fate === "lost") throw broken("ECONNRESET");
    const response = world.callbacks.post(url, fate);
    await turn(world, process, `a post is answered ${response.status}`);
    if (fate === "unanswered") throw broken("ECONNRESET");
    return fate === "hangs" ? never() : response;
  });
}
