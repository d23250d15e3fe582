/** An app with a receiver and its inspector, on each of the three mounts. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basicAuth, createReceiver, memory, PermanentError, postback, type Receiver } from "@answerback/core";
import type { Backend } from "@answerback/core/backend";
import { createExpressMiddleware } from "@answerback/express";
import { createInspector, type InspectorOptions } from "@answerback/inspector";
import { createKoaMiddleware } from "@answerback/koa";
import { createNodeHandler } from "@answerback/node";
import express from "express";
import Koa from "koa";
import koaMount from "koa-mount";
import { onTestFinished } from "vitest";

/** How an app mounts the inspector. */
export type Mount = "Express" | "Koa" | "node:http";
export const mounts: readonly Mount[] = ["Express", "Koa", "node:http"];

/** What a test says of the app. */
export interface Given extends Partial<InspectorOptions> {
  readonly backend?: Backend<any>;
  /** Any option of the receiver. */
  readonly receiving?: object;
}

/** An app with an inspector. */
export interface Inspected {
  readonly receiver: Receiver;
  readonly server: Server;
  /** Of the inspector, with a slash at its end. */
  readonly page: string;
  readonly origin: string;
  /** Delivers an event about a contact; its last name decides what becomes of it. */
  deliver(contact: {
    readonly id: string;
    readonly last_name?: string;
    readonly [field: string]: unknown;
  }): Promise<number>;
  readonly events: any[];
  readonly close: () => void;
}

const authorization = `Basic ${btoa("hook:correct-horse-battery")}`;

/** Serves the app until the test is finished. */
export async function inspected(mount: Mount, given: Given = {}): Promise<Inspected> {
  const { backend = memory(), receiving, ...options } = given;
  const events: any[] = [];
  const receiver = createReceiver(postback(), {
    authenticate: basicAuth({ username: "hook", password: "correct-horse-battery" }),
    backend,
    name: `contacts-${Math.random().toString(36).slice(2)}`,
    warn: () => {},
    onError: () => {},
    handle: (event) => {
      events.push(event);
      const { last_name: name = "" } = event.data as { last_name?: string };
      if (name.startsWith("dies of ")) throw new PermanentError(name.slice("dies of ".length));
    },
    ...receiving,
  });
  const path = mount === "node:http" ? { path: "/inspect" } : {};
  const inspector = createInspector({ receivers: receiver, authorize: false, ...path, ...options });
  const server = createServer(listenerOf(mount, receiver, inspector)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    inspector.close();
    await receiver.close({ within: "1s" });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    receiver,
    server,
    origin,
    page: `${origin}/inspect/`,
    events,
    close: inspector.close,
    async deliver(contact) {
      const fields = { type: "CREATE", resource: "contact", data: JSON.stringify(contact) };
      const body = new URLSearchParams(fields);
      const response = await fetch(`${origin}/hooks`, { method: "POST", headers: { authorization }, body });
      await response.text();
      return response.status;
    },
  };
}

function listenerOf(
  mount: Mount,
  receiver: Receiver,
  inspector: ReturnType<typeof createInspector>,
): RequestListener {
  if (mount === "Express") {
    const app = express();
    app.use("/hooks", createExpressMiddleware(receiver));
    app.use(express.json());
    app.use("/inspect", inspector.handler);
    return (req, res) => void app(req, res);
  }
  if (mount === "Koa") {
    const app = new Koa();
    app.use(createKoaMiddleware(receiver, { path: "/hooks" }));
    app.use(koaMount("/inspect", inspector.koa));
    const callback = app.callback();
    return (req, res) => void callback(req, res);
  }
  const handler = createNodeHandler(receiver, { path: "/hooks" });
  return (req, res) => {
    if (req.url?.startsWith("/hooks")) void handler(req, res);
    else inspector.handler(req, res);
  };
}

/** Memory whose verbs are looked at before they are called: what `before` throws they reject with, and they wait for it. */
export function memoryWith(before: (verb: string, args: readonly unknown[]) => unknown): Backend {
  const backend = memory();
  return {
    ...backend,
    async open(...given) {
      const records = await backend.open(...given);
      const get = (target: object, verb: string) => {
        const call: unknown = Reflect.get(target, verb);
        if (typeof call !== "function") return call;
        return (...args: unknown[]) => {
          const wait = before(verb, args);
          return wait === undefined
            ? call.apply(target, args)
            : Promise.resolve(wait).then(() => call.apply(target, args));
        };
      };
      return new Proxy(records, { get: (target, verb) => get(target, String(verb)) });
    },
  };
}
