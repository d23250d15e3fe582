/** Processes that are killed and started again, a provider that goes on sending, and the ledger of what came of it. */
import { setTimeout } from "node:timers/promises";
import {
  callbackUrls,
  deliveries,
  play,
  realClock,
  send,
  senders,
  serveCallbacks,
  type CallbackUrls,
} from "@answerback/simulator";
import type { DeadLetter } from "@answerback/core";
import { AppProcess } from "./app-process.ts";
import {
  faultsIn,
  fromPostback,
  nameOf,
  readRuns,
  type Ran,
  type ReceiverName,
  type Sent,
  type SlowName,
} from "./ledger.ts";
import { authenticationKey, credentials, signingSecret, type EventAt, type Standing } from "./orders.ts";
import { stores, type CrashEngine, type Store } from "./stores.ts";

/** More than any lease. */
export const overAnyLeaseMs = 120_000;

/** Is sent again, as by any provider. */
const notNow = new Set([429, 503]);

const discord = senders.discord();

/** What makes the deliveries of a provider that never sends again. */
const commands = { slack: senders.slack({ signingSecret }).command, discord: discord.command } as const;

/** What became of an event that is sent once. */
export interface Outcome {
  /** Was it acknowledged while its provider waited? */
  readonly acknowledged: boolean;
  /** What its address took, or did not: "callback accepted". */
  readonly uses: readonly string[];
  /** The codes of the dead letters that it left. */
  readonly dead: readonly string[];
}

export class World {
  /** On the clock of the processes, so that what is signed is not too old for them. */
  readonly callbacks: CallbackUrls = callbackUrls({
    clock: { ...realClock, now: () => this.#store?.now() ?? Date.now() },
  });
  readonly #engine: CrashEngine;
  #store: Store | undefined;
  #callbackServer: Awaited<ReturnType<typeof serveCallbacks>> | undefined;
  #processes: AppProcess[] = [];
  #apps: AppProcess[] = [];
  #nextStart = Promise.withResolvers<void>();
  #turn = 0;
  #seed = 0;

  constructor(engine: CrashEngine) {
    this.#engine = engine;
  }

  /** Starts a process that takes deliveries, unless it only works. */
  async start({ background = true, takesDeliveries = true } = {}): Promise<AppProcess> {
    this.#callbackServer ??= await serveCallbacks(this.callbacks);
    this.#store ??= await stores[this.#engine]();
    const name = `process-${this.#processes.length + 1}`;
    const callbacks = this.#callbackServer.url.href;
    const process = new AppProcess({
      place: this.#store.place,
      name,
      callbacks,
      publicKey: discord.publicKey,
      background,
    });
    this.#processes.push(process);
    await process.url;
    if (takesDeliveries) this.#apps.push(process);
    this.#nextStart.resolve();
    this.#nextStart = Promise.withResolvers();
    return process;
  }

  /** The one that was started last. */
  get process(): AppProcess {
    return this.#processes.at(-1)!;
  }

  async advance(ms: number): Promise<void> {
    await this.#store!.advance(ms);
  }

  /** Kills the process when the next callback was taken, and before it hears so. */
  killWhilePosting(): void {
    const stop = this.callbacks.subscribe(({ how }) => {
      if (how === "inline") return;
      stop();
      void this.process.kill();
    });
  }

  /** Resolves once the process has died and another listens, for which no lease of the dead one's is left. */
  async fall(): Promise<void> {
    await this.process.ended;
    await this.advance(overAnyLeaseMs);
    await this.start();
  }

  /** Kills it now, and starts another one in the same way. */
  async fallNow(): Promise<void> {
    await this.process.kill();
    await this.fall();
  }

  /** An event of its own each time. */
  newEvent(receiver: ReceiverName): Sent {
    const id = ++this.#seed;
    const given = { seed: id, mount: `/${receiver}` };
    const delivery = fromPostback.includes(receiver)
      ? deliveries.postback.contactCreate({ ...given, auth: credentials, data: { id: `contact-${id}` } })
      : deliveries.upsales.orderInsert({
          ...given,
          authenticationKey,
          data: { id },
          body: { user: undefined },
        });
    const callbackUrl = /"callbackUrl":"([^"]+)"/.exec(delivery.body)?.[1];
    if (callbackUrl) this.callbacks.open(callbackUrl);
    return { receiver, delivery, callbackUrl };
  }

  /** An event of its own each time, of a provider that never sends again. */
  newCommand(receiver: SlowName): Sent {
    const delivery = commands[receiver]({ seed: ++this.#seed, mount: `/${receiver}` });
    return { receiver, delivery, callbackUrl: delivery.protocol?.callback?.urlOf(delivery) };
  }

  /** Sends it once, as its provider would. Resolves to whether it was acknowledged while that waited. */
  async play({ delivery }: Sent): Promise<boolean> {
    const options = { callbacks: this.callbacks, callbackWithinMs: 0 };
    const [attempt] = await play(await this.#nextUrl(), delivery, options);
    return attempt?.concluded.kind === "acknowledged";
  }

  /** What became of it, once nothing is left to do. */
  async outcome(event: Sent, acknowledged: boolean): Promise<Outcome> {
    const letters = await this.idle();
    const ran = this.#runs().find(({ name }) => name === nameOf(event));
    return {
      acknowledged,
      uses: this.callbacks.uses.flatMap(({ url, concluded }) =>
        url.startsWith(event.callbackUrl!) ? [concluded.says] : [],
      ),
      dead: letters.flatMap(({ key, error }) => (key === ran?.key ? [error?.code ?? "none"] : [])),
    };
  }

  /** Sends it as its provider would, had it no limit: again, to whoever lives, whenever it was not acknowledged. */
  async deliver({ delivery, callbackUrl }: Sent): Promise<void> {
    for (let times = 1; ; times += 1) {
      // held for a long time: a claim that was stored after the clock was moved on (see `faults`)
      if (times % 1_000 === 0) await this.advance(overAnyLeaseMs);
      const seen = await send(delivery, await this.#nextUrl());
      if (seen.kind === "answered" && seen.status === 200) {
        const { callback } = seen.body === "" ? {} : JSON.parse(seen.body);
        if (callback) this.callbacks.inline(callbackUrl, callback);
        return;
      }
      if (seen.kind === "answered" && !notNow.has(seen.status))
        throw new Error(`answered ${seen.status}: ${seen.body}`);
      // even an impatient provider leaves the others some time
      await setTimeout(10);
    }
  }

  /** They take turns, those that live. */
  async #nextUrl(): Promise<URL> {
    for (;;) {
      this.#apps = this.#apps.filter(({ isAlive }) => isAlive);
      const app = this.#apps[this.#turn++ % this.#apps.length];
      if (app) return app.url;
      await this.#nextStart.promise;
    }
  }

  /** Resolves when no process has anything left to do, to what was given up. */
  async idle(): Promise<readonly DeadLetter[]> {
    const alive = this.#processes.filter(({ isAlive }) => isAlive);
    const [dead] = await Promise.all(
      alive.toReversed().map((one) => one.ask({ whenIdle: true }, "deadLetters")),
    );
    return dead ?? [];
  }

  /** The names of the processes that handled it; one that was killed may have, and another again. */
  handlersOf(event: Sent): string[] {
    return this.#runs().flatMap(({ name, by }) => (name === nameOf(event) ? by : []));
  }

  /** How the records of these events stand, as the process that was started last sees them. */
  async records(events: readonly Sent[]): Promise<readonly Standing[]> {
    const keys = new Map(this.#runs().map(({ name, key }) => [name, key]));
    const look = events.map((event): EventAt => [event.receiver, keys.get(nameOf(event)) ?? ""]);
    return this.process.ask({ look }, "records");
  }

  /** What is wrong with events that were acknowledged, once nothing is left to do. */
  async faults(events: readonly Sent[]): Promise<string[]> {
    const faults = await this.#faultsNow(events);
    if (faults.length === 0) return faults;
    // what a process sent to its engine before it was killed may be stored after the clock was moved on, so that the end
    // of its lease, or of the provider's patience, is still to come
    await this.advance(overAnyLeaseMs);
    return this.#faultsNow(events);
  }

  async #faultsNow(events: readonly Sent[]): Promise<string[]> {
    const dead = await this.idle();
    const ledger = {
      ran: this.#runs(),
      rows: await this.#store!.rows(),
      uses: this.callbacks.uses,
      records: await this.records(events),
    };
    return [...dead.map((letter) => `given up: ${JSON.stringify(letter)}`), ...faultsIn(ledger, events)];
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.filter(({ isAlive }) => isAlive).map((process) => process.kill()));
    await this.#callbackServer?.close();
    await this.#store?.destroy();
  }

  #runs(): Ran[] {
    return readRuns(this.#store!.place.ledger);
  }
}
