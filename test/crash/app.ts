/** The process that is killed: three receivers on one SQLite file, and a step's name at each place where it may end. */
import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  basicAuth,
  bodySecret,
  createReceiver,
  postback,
  systemClock,
  upsales,
  type Backend,
  type Records,
  type Transport,
} from "@answerback/core";
import { createNodeHandler } from "@answerback/node";
import { sqlite } from "@answerback/sqlite";
import { authenticationKey, credentials, type Order } from "./orders.ts";

const [file = "", ledger = "", callbacks = "", aheadMs = "0"] = process.argv.slice(2);

/** Later than it is, so that no lease of an earlier process has to be waited for. */
const clock = { now: () => Date.now() + Number(aheadMs), after: systemClock.after };
const backend = killing(sqlite({ file, clock }));
const options = { backend, clock, transport, maxAttempts: 100, warn: () => {} };
const authenticate = bodySecret("authenticationKey", authenticationKey);

let doomed = "";
let stepsLeft = Infinity;

const receivers = [
  createReceiver(upsales(), {
    ...options,
    authenticate,
    name: "inline",
    handle: ({ data }) => handled("inline", idOf(data)),
  }),
  createReceiver(upsales(), {
    ...options,
    authenticate,
    name: "late",
    answerWithin: 0,
    handle: ({ data }) => handled("late", idOf(data)),
  }),
  createReceiver(postback(), {
    ...options,
    authenticate: basicAuth(credentials),
    name: "contacts",
    handle: { "contact.create": async ({ data }) => void (await handled("contacts", data.id)) },
  }),
];

/** Ends the process here, if this is the step; there is no way to be more sudden. */
function step(name: string): void {
  stepsLeft -= 1;
  if (name === doomed || stepsLeft === 0) process.kill(process.pid, "SIGKILL");
}

async function handled(receiver: string, id: unknown) {
  step(`${receiver}: as the handler begins`);
  // in the page cache at once, which outlives the process
  appendFileSync(ledger, `${receiver} ${String(id)}\n`);
  step(`${receiver}: as the handler ends`);
  return { callback: { notify: `${String(id)} is done` } };
}

/** Of the order that an Upsales event is about. */
function idOf(data: unknown): unknown {
  return (data as { object: { id: number } }).object.id;
}

/** A backend whose verbs are steps. */
function killing(inner: Backend): Backend {
  return { ...inner, open: async (name) => stepping(name, await inner.open(name)) };
}

function stepping(name: string, records: Records): Records {
  const around = async <Value>(verb: string, call: () => Promise<Value>): Promise<Value> => {
    step(`${name}: before ${verb}`);
    const value = await call();
    step(`${name}: after ${verb}`);
    return value;
  };
  return {
    ...records,
    claim: (key, hold) => around("the claim", () => records.claim(key, hold)),
    save: (key, hold, change) => around(`save ${hold.step}`, () => records.save(key, hold, change)),
    work: (worker) =>
      records.work({
        ...worker,
        each: (taken, token) => (step(`${name}: after a take`), worker.each(taken, token)),
      }),
  };
}

/** Posts to the callbacks' server, whatever host the address names. */
async function transport(...[url, init]: Parameters<Transport>): Promise<Response> {
  step("before the post");
  const response = await fetch(new URL(new URL(url).pathname, callbacks), init);
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
  if ("whenIdle" in order) void sayWhenIdle();
});

async function sayWhenIdle(): Promise<void> {
  await Promise.all(receivers.map((receiver) => receiver.idle()));
  const dead = await Promise.all(receivers.map(({ deadLetters }) => deadLetters.list()));
  process.send?.({ deadLetters: dead.flat() });
}

server.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
