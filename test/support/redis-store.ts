/** Stores in Redis for the suites: a prefix of its own for each, a clock to put forward, and nothing left behind. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Backend } from "@answerback/core/backend";
import type { ConformanceOptions, Subject } from "@answerback/conformance";
import { redis, type RedisOptions } from "@answerback/redis";
import { Redis } from "ioredis";
import { expect } from "vitest";

/** A store and the way to more clients on it. */
export interface RedisStore extends Subject {
  readonly prefix: string;
  readonly open: (options?: RedisOptions) => Backend;
}

/** An empty store on a server: under a prefix that nobody else has, and with these options. */
export function storeIn(url: string, given: RedisOptions = {}): RedisStore {
  const prefix = `test-${randomUUID()}`;
  let offset = 0;
  const open = (options: RedisOptions = {}) =>
    redis({ ...(given.client ? {} : { url }), prefix, clockOffsetMs: () => offset, ...given, ...options });
  return {
    prefix,
    open,
    backend: open(),
    async advance(ms) {
      offset += ms;
    },
    destroy: () => removeAll(url, prefix),
  };
}

/** Removes whatever has the prefix, with a client's own in front or without. */
export async function removeAll(url: string, prefix: string): Promise<void> {
  const client = new Redis(url);
  for await (const keys of client.scanStream({ match: `*${prefix}:*`, count: 1_000 }))
    if (keys.length > 0) await client.unlink(keys as string[]);
  client.disconnect();
}

/** What all of them offer to the conformance suite. */
export const common: Omit<ConformanceOptions<RedisStore>, "name" | "create"> = {
  second: async ({ open }) => open(),
  async reopen({ backend, open }) {
    await backend.close();
    return open();
  },
  due: true,
  receivers: true,
  // the server's clock runs on while a law is shown
  driftMs: 5_000,
};

/** A store over a client as anybody has one: with the defaults of ioredis, a prefix of its own, and never closed by us. */
export function overTheirClient(url: string): RedisStore {
  const client = new Redis(url, { keyPrefix: "{app}:" });
  client.on("error", () => {});
  const store = storeIn(url, { client });
  const destroy = async () => {
    expect(client.status).not.toBe("end");
    client.disconnect();
    await store.destroy?.();
  };
  return { ...store, destroy };
}

/** Tries until it can. */
export async function untilItCan(verb: () => unknown): Promise<void> {
  for (;;) {
    try {
      await verb();
      return;
    } catch {
      await setTimeout(10);
    }
  }
}
