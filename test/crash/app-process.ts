/** One process of an app's: started, told what to do, asked, killed, and closed in order. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Order, Orders } from "./orders.ts";

const app = fileURLToPath(new URL("app.ts", import.meta.url));
/** Most of the time a process needs to start is for reading its sources. */
const cache = fileURLToPath(new URL("../node_modules/.cache/crash", import.meta.url));
const env = { ...process.env, NODE_COMPILE_CACHE: cache };
const execArgv = [
  "--conditions=source",
  "--experimental-strip-types",
  "--disable-warning=ExperimentalWarning",
];

export class AppProcess {
  readonly name: string;
  /** Where it listens, once it does. */
  readonly url: Promise<URL>;
  /** Resolves to its exit code and the signal that ended it. */
  readonly ended: Promise<unknown[]>;
  readonly #child: ChildProcess;

  constructor(orders: Orders) {
    this.name = orders.name;
    this.#child = fork(app, [JSON.stringify(orders)], { execArgv, env });
    this.ended = once(this.#child, "exit");
    this.url = this.#says("url").then((url) => new URL(url));
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  tell(order: Order): void {
    // one that has died meanwhile, which nobody knows yet, hears nothing
    if (this.isAlive) this.#child.send(order, () => {});
  }

  /** Tells it something, and resolves to what it says of that. */
  async ask<Word extends keyof Answer>(order: Order, word: Word): Promise<NonNullable<Answer[Word]>> {
    const said = this.#says(word);
    this.tell(order);
    return said;
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  /** As a deployment would. Resolves as `ended`. */
  async close(): Promise<unknown[]> {
    this.#child.kill("SIGTERM");
    return this.ended;
  }

  /** Resolves once handlers of it will never end, so many of them, for as long as it lives. */
  async becomesStuck(handlers: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let count = 0;
    this.#child.on("message", ({ stuck }: Answer) => {
      if (stuck && (count += 1) === handlers) resolve();
    });
    this.tell({ stuck: true });
    return promise;
  }

  /** The next time that it says this. Never resolves once it has died. */
  #says<Word extends keyof Answer>(word: Word): Promise<NonNullable<Answer[Word]>> {
    return new Promise((resolve) => {
      const child = this.#child;
      child.on("message", function hear(answer: Answer) {
        const said = answer[word];
        if (said === undefined) return;
        child.off("message", hear);
        resolve(said);
      });
    });
  }
}
