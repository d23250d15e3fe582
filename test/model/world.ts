/** The world of one run: processes on one durable store, the provider, and time. */
import { setImmediate } from "node:timers/promises";
import { memory } from "@answerback/core";
import type { Poller, Records } from "@answerback/core/backend";
import type { Scheduler } from "fast-check";
import { Callbacks } from "./callbacks.ts";
import { steppedClock, type SteppedClock } from "./clock.ts";
import { handle } from "./handler.ts";
import { Model } from "./model.ts";
import type { Plan, PostFate, VerbFate } from "./plan.ts";
import { start, type Process } from "./process.ts";

/** Event types: each stands for one event. */
export const types = ["order.insert", "client.insert", "contact.insert"] as const;

/** What is known of one event, beside its record. */
export interface Known {
  readonly url: string;
  key?: string;
  runs: number;
  successes: number;
  /** A success of its handler had a callback. */
  calledBack: boolean;
  /** The provider has a 2xx. */
  acknowledged: boolean;
  /** A person had it handled again. */
  retried?: boolean;
}

/** Everything there is. */
export class World {
  readonly clock: SteppedClock;
  readonly store: Records;
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly model: Model;
  readonly callbacks: Callbacks;
  readonly events = new Map<string, Known>();
  readonly pollers = new Set<Poller>();
  readonly processes: Process[];
  readonly violations: string[] = [];
  readonly handle = handle;
  /** Nothing goes wrong any more. */
  healed = false;
  readonly #travelling = new Map<object, Process>();
  #verbs = 0;
  #posts = 0;

  constructor(scheduler: Scheduler, plan: Plan, { clock, store }: { clock: SteppedClock; store: Records }) {
    [this.scheduler, this.plan, this.clock, this.store] = [scheduler, plan, clock, store];
    const violated = (what: string) => void this.violations.push(what);
    this.model = new Model(clock.now, violated);
    this.callbacks = new Callbacks(violated);
    for (const type of types) {
      const url = `https://integration.upsales.com/callback/${type}`;
      this.events.set(type, { url, runs: 0, successes: 0, calledBack: false, acknowledged: false });
    }
    this.processes = Array.from({ length: plan.processes }, (_, at) => start(this, `p${at}`));
  }

  event(type: string): Known {
    return this.events.get(type)!;
  }

  /** A process; the numbers go round. */
  at(number: number): Process {
    return this.processes[number % this.processes.length]!;
  }

  crash(at: number): void {
    this.at(at).alive = false;
  }

  /** A new process in the place of one that died or closed. */
  restart(at: number): void {
    const number = at % this.processes.length;
    const before = this.processes[number]!;
    if (!before.alive || before.closed) this.processes[number] = start(this, `${before.name}'`);
  }

  nextVerb(): VerbFate {
    return (this.healed ? undefined : this.plan.verbs[this.#verbs++]) ?? "works";
  }

  nextPost(): PostFate {
    return (this.healed ? undefined : this.plan.posts[this.#posts++]) ?? "works";
  }

  wake(): void {
    for (const poller of this.pollers) for (const kind of ["run", "post"] as const) poller.wakeFor(0, kind);
  }

  untilDue(): number {
    const times = [...this.model.rows.values()].flatMap(({ work, until }) => (work === null ? [] : [until]));
    return Math.max(1_000, Math.min(...times) - this.clock.now());
  }

  /** A message of a process, until it has arrived or was lost. */
  async underWay<Value>(process: Process, message: () => Promise<Value>): Promise<Value> {
    const token = {};
    this.#travelling.set(token, process);
    try {
      return await message();
    } finally {
      this.#travelling.delete(token);
    }
  }

  get isTravelling(): boolean {
    return [...this.#travelling.values()].some(({ alive }) => alive);
  }

  /** To the next instant at which something happens by itself, and no further than `ms` (or an hour). */
  step(ms: number): void {
    const rows = [...this.model.rows.values()].map(({ until }) => until);
    const next = Math.min(this.clock.next(), ...rows.filter((until) => until > this.clock.now()));
    this.clock.jumpTo(Math.min(this.clock.now() + Math.min(ms, 3_600_000), next));
  }

  /** Lets everything happen that waits for its turn alone. */
  async drain(): Promise<void> {
    await setImmediate();
    while (this.scheduler.count() > 0) {
      await this.scheduler.waitNext(1);
      await setImmediate();
    }
  }

  /** Lets time pass until the promise has ended. */
  async until(what: string, promise: Promise<unknown>): Promise<void> {
    let ended = false;
    void promise.finally(() => (ended = true)).catch(() => {});
    for (let steps = 0; steps < 3_000; steps += 1) {
      await this.drain();
      if (ended) return;
      this.step(Infinity);
    }
    throw new Error(`${what} never ended`);
  }
}

/** A world at its beginning. */
export async function openWorld(scheduler: Scheduler, plan: Plan): Promise<World> {
  const clock = steppedClock();
  return new World(scheduler, plan, { clock, store: await memory({ clock }).open("shared") });
}
