/** A process that is killed: receivers on one place, and a step's name at each moment at which it may end. */
import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { flushCompileCache } from "node:module";
import type { AddressInfo } from "node:net";
import {
  basicAuth,
  bodySecret,
  createReceiver,
  postback,
  upsales,
  type Receiver,
  type Transport,
} from "@answerback/core";
import { createNodeHandler } from "@answerback/node";
import { discord } from "@answerback/providers/discord";
import { slack } from "@answerback/providers/slack";
import {
  authenticationKey,
  credentials,
  signingSecret,
  type Answer,
  type Order,
  type Orders,
} from "./orders.ts";
import { openPlace } from "./places.ts";
import { watched } from "./steps.ts";

const orders: Orders = JSON.parse(process.argv[2] ?? "{}");
const { place, name: own, callbacks, publicKey, background } = orders;

let doomed = "";
let stepsLeft = Infinity;
let isStuck = false;
let done = Promise.withResolvers<void>();

const { backend, opened, clock, close } = watched(await openPlace(place, step), step);
const authenticate = bodySecret("authenticationKey", authenticationKey);
const options = { backend, clock, background, transport, maxAttempts: 100, warn: () => {} };
const fromUpsales = { ...options, authenticate };
const fromPostback = { ...options, authenticate: basicAuth(credentials) };
// the 2.5 s of the providers' would be real ones
const answeredLate = { ...options, answerWithin: "100ms" } as const;
const untilDone = () => done.promise;

const receivers: Receiver<any, any>[] = [
  createReceiver(upsales(), { ...fromUpsales, name: "inline", handle: handled("inline") }),
  createReceiver(upsales(), { ...fromUpsales, name: "late", answerWithin: 0, handle: handled("late") }),
  createReceiver(postback(), {
    ...fromPostback,
    name: "contacts",
    handle: { "contact.create": handled("contacts") },
  }),
  createReceiver(slack({ signingSecret }), {
    ...answeredLate,
    handle: {
      command: handled("slack", {
        idOf: ({ data }) => data.trigger_id,
        work: untilDone,
        answer: (text) => ({ text }),
      }),
    },
  }),
  createReceiver(discord({ publicKey }), {
    ...answeredLate,
    handle: {
      APPLICATION_COMMAND: handled("discord", {
        idOf: ({ id }) => id,
        work: untilDone,
        answer: (content) => ({ content }),
      }),
    },
  }),
];
if (place.engine === "postgres")
  receivers.push(
    createReceiver(postback(), {
      ...fromPostback,
      name: "rows",
      handle: { "contact.create": written("rows") },
    }),
    createReceiver(upsales(), {
      ...fromUpsales,
      name: "late-rows",
      answerWithin: 0,
      handle: written("late-rows"),
    }),
  );

/** Ends the process here, if this is the step; there is no way to be more sudden. */
function step(name: string): void {
  stepsLeft -= 1;
  if (name === doomed || stepsLeft === 0) process.kill(process.pid, "SIGKILL");
}

/** What is special of a handler. */
interface Handling {
  readonly idOf?: (event: any) => string | number;
  readonly work?: (id: string, context: any) => Promise<unknown>;
  readonly answer?: (text: string) => object;
}

/** A handler that notes in the ledger that it runs, works, and answers. */
function handled(
  receiver: string,
  {
    idOf = ({ data }) => data.object?.id ?? data.id,
    work,
    answer = (notify) => ({ callback: { notify } }),
  }: Handling = {},
): any {
  return async (event: any, context: any) => {
    step(`${receiver}: as the handler begins`);
    if (isStuck) await new Promise(() => say({ stuck: receiver }));
    const id = String(idOf(event));
    // in the page cache at once, which outlives the process
    appendFileSync(place.ledger, `${receiver} ${id} ${event.key} ${own}\n`);
    await work?.(id, context);
    step(`${receiver}: as the handler ends`);
    return event.callback ? answer(`${id} is done`) : undefined;
  };
}

/** One that also writes a row, in the transaction that settles its event. */
function written(receiver: string): any {
  const insert = `INSERT INTO ${place.engine === "postgres" ? place.rows : ""} VALUES ($1, $2)`;
  const work = async (id: string, { transaction }: any) => {
    await transaction((db: any) => db.query(insert, [receiver, id]));
    step(`${receiver}: after the write`);
  };
  return handled(receiver, { work });
}

/** Posts to the callbacks' server, whatever host the address names. */
async function transport(...[url, init]: Parameters<Transport>): Promise<Response> {
  step("before the post");
  const headers = { ...init.headers, "simulated-url": url };
  const response = await fetch(new URL(new URL(url).pathname, callbacks), { ...init, headers });
  step("after the post");
  return response;
}

const handlers = new Map(
  receivers.map((receiver) => [receiver.name, createNodeHandler(receiver, { path: `/${receiver.name}` })]),
);

const server = createServer((req: IncomingMessage, res: ServerResponse) => {
  const name = req.url?.split("/")[1] ?? "";
  const { end } = res;
  res.end = (...given: any[]) => {
    step(`${name}: before the reply`);
    return Reflect.apply(end, res, given);
  };
  res.on("finish", () => step(`${name}: after the reply`));
  void handlers.get(name)?.(req, res);
});

process.on("message", (order: Order) => {
  if ("doomed" in order) doomed = order.doomed;
  if ("stepsLeft" in order) stepsLeft = order.stepsLeft;
  if ("stuck" in order) isStuck = true;
  if ("slow" in order) {
    if (order.slow) done = Promise.withResolvers();
    else done.resolve();
  }
  if ("whenIdle" in order) void sayWhenIdle();
  if ("look" in order) void look(order.look);
});

function say(answer: Answer): void {
  process.send?.(answer);
}

async function sayWhenIdle(): Promise<void> {
  await Promise.all(receivers.map((receiver) => receiver.idle()));
  const dead = await Promise.all(receivers.map(({ deadLetters }) => deadLetters.list()));
  say({ deadLetters: dead.flat() });
}

async function look(events: Extract<Order, { look: unknown }>["look"]): Promise<void> {
  const entries = events.map(async ([receiver, key]) => (await opened(receiver)).get(key));
  const records = (await Promise.all(entries)).map(
    (entry) => entry && { work: entry.work, answered: entry.answer !== null },
  );
  say({ records });
}

// an app's own end: what it holds is given back, and the process has nothing to stay for
process.once("SIGTERM", () => void closeInOrder());

async function closeInOrder(): Promise<void> {
  await Promise.all(receivers.map((receiver) => receiver.close({ within: "200ms" })));
  await close();
  server.close();
  process.disconnect?.();
}

await Promise.all(receivers.map((receiver) => receiver.find("nothing")));
// who is killed keeps nothing for the next one
flushCompileCache();
server.listen(0, "127.0.0.1", () =>
  say({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
