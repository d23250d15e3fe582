/** A process that is killed and started again, a provider that goes on sending, and the ledger of what came of it. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import {
  callbackUrls,
  deliveries,
  realClock,
  send,
  serveCallbacks,
  type CallbackUrls,
  type RawDelivery,
} from "@answerback/simulator";
import { temporaryFile } from "../support/sqlite-file.ts";
import { authenticationKey, credentials, type Answer, type Order } from "./orders.ts";

const app = fileURLToPath(new URL("app.ts", import.meta.url));
const execArgv = [
  "--conditions=source",
  "--experimental-strip-types",
  "--disable-warning=ExperimentalWarning",
];

/** By how much each process's clock is ahead of the one before: more than any lease. */
const aheadMs = 120_000;

/** Is sent again, as by any provider. */
const notNow = new Set([429, 503]);

export type ReceiverName = "inline" | "late" | "contacts";

/** One event of a receiver's, to be sent until it is acknowledged. */
export interface Sent {
  readonly receiver: ReceiverName;
  readonly delivery: RawDelivery;
  readonly callbackUrl: string | undefined;
}

export class World {
  readonly callbacks: CallbackUrls = callbackUrls({ clock: realClock });
  readonly #sent: Sent[] = [];
  readonly #store = temporaryFile();
  readonly #ledger = `${this.#store.file}.ledger`;
  #callbackServer: Awaited<ReturnType<typeof serveCallbacks>> | undefined;
  #process: ChildProcess | undefined;
  #url: Promise<URL> = new Promise(() => {});
  #nextStart = Promise.withResolvers<void>();
  #starts = 0;
  #seed = 0;

  /** Starts the process, for the first time or again. */
  async start(): Promise<void> {
    this.#callbackServer ??= await serveCallbacks(this.callbacks);
    const { file } = this.#store;
    const ahead = String(aheadMs * this.#starts++);
    const process = fork(app, [file, this.#ledger, this.#callbackServer.url.href, ahead], { execArgv });
    this.#process = process;
    this.#url = heard(process).then((answer) => new URL("url" in answer ? answer.url : ""));
    this.#nextStart.resolve();
    this.#nextStart = Promise.withResolvers();
    await this.#url;
  }

  tell(order: Order): void {
    this.#process?.send(order);
  }

  /** Kills the process when the next callback was taken, and before it hears so. */
  killWhilePosting(): void {
    const stop = this.callbacks.subscribe(({ how }) => {
      if (how === "inline") return;
      stop();
      this.#process?.kill("SIGKILL");
    });
  }

  /** Resolves once the process has died and another listens. */
  async fall(): Promise<void> {
    const dying = this.#process!;
    if (dying.exitCode === null && dying.signalCode === null) await once(dying, "exit");
    await this.start();
  }

  /** An event of its own each time. */
  newEvent(receiver: ReceiverName): Sent {
    const given = { seed: ++this.#seed, mount: `/${receiver}` };
    const delivery =
      receiver === "contacts"
        ? deliveries.postback.contactCreate({ ...given, auth: credentials })
        : deliveries.upsales.orderInsert({ ...given, authenticationKey, body: { user: undefined } });
    const callbackUrl = /"callbackUrl":"([^"]+)"/.exec(delivery.body)?.[1];
    if (callbackUrl) this.callbacks.open(callbackUrl);
    const sent = { receiver, delivery, callbackUrl };
    this.#sent.push(sent);
    return sent;
  }

  /** Sends it as its provider would, had it no limit: again, whenever it was not acknowledged. */
  async deliver({ delivery, callbackUrl }: Sent): Promise<void> {
    for (;;) {
      const url = this.#url;
      const seen = await send(delivery, await url);
      if (seen.kind !== "answered") {
        if (url === this.#url) await this.#nextStart.promise;
      } else if (seen.status === 200) {
        const { callback } = seen.body === "" ? {} : JSON.parse(seen.body);
        if (callback) this.callbacks.inline(callbackUrl, callback);
        return;
      } else if (!notNow.has(seen.status)) throw new Error(`answered ${seen.status}: ${seen.body}`);
    }
  }

  /** What the process gave up, once nothing is left to do. */
  async deadLetters(): Promise<readonly unknown[]> {
    const answer = heard(this.#process!);
    this.tell({ whenIdle: true });
    const said = await answer;
    return "deadLetters" in said ? said.deadLetters : [];
  }

  /** What is wrong with an event that was acknowledged. */
  faultsOf({ receiver, delivery, callbackUrl }: Sent): string[] {
    const handled = existsSync(this.#ledger) ? readFileSync(this.#ledger, "utf8").split("\n") : [];
    const uses = this.callbacks.uses.filter(({ url }) => url === callbackUrl);
    const accepted = uses.filter(({ concluded }) => concluded.kind === "callback accepted").length;
    const faults = {
      "was never handled": !handled.includes(`${receiver} ${delivery.id}`),
      [`had ${accepted} callbacks`]: callbackUrl !== undefined && accepted !== 1,
      // one that is posted twice cannot always be helped; a reply always knows
      "had a callback inline after it had one": uses.some((use) => use.how === "inline" && use !== uses[0]),
    };
    const names = Object.entries(faults).flatMap(([name, isSo]) => (isSo ? name : []));
    return names.map((name) => `${receiver} ${delivery.id} ${name}`);
  }

  /** What is wrong with any event so far. */
  faults(): string[] {
    return this.#sent.flatMap((sent) => this.faultsOf(sent));
  }

  /** Ends the process and says of each record that is left how it stands. */
  async lastRecords(): Promise<{ work: unknown; answered: unknown }[]> {
    await this.#end();
    const database = new DatabaseSync(this.#store.file);
    const rows = database.prepare("SELECT work, answer IS NOT NULL AS answered FROM records").all();
    database.close();
    return rows.map(({ work, answered }) => ({ work, answered }));
  }

  async close(): Promise<void> {
    await this.#end();
    await this.#callbackServer?.close();
    await this.#store.destroy();
  }

  async #end(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, "exit");
    process.kill("SIGKILL");
    await ended;
  }
}

async function heard(process: ChildProcess): Promise<Answer> {
  const [answer] = await once(process, "message");
  return answer;
}
