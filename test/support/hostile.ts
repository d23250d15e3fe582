/** A house under attack: raw bytes at its door, an ear on all that it says, and what must hold after every one of them. */

import type { Observation } from "@answerback/core";
import { expect } from "vitest";
import { sample, type Sample } from "./deliveries.ts";
import type { Framework } from "./frameworks.ts";
import { openHouse, type House, type HouseOptions, type ProviderName } from "./house.ts";
import { listen } from "./ear.ts";
import { rawClient } from "./raw-client.ts";

/** How a delivery differs from the good one. */
export interface Attack {
  readonly method?: string;
  readonly path?: string;
  readonly version?: string;
  /** In place of the good one's of that name; a list sends it several times, an empty one not at all. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** A house under attack. */
export interface Besieged extends House {
  readonly provider: ProviderName;
  /** Sends a good delivery with something changed; resolves with all that came back when the connection is closed. */
  attack(change: Attack): Promise<string>;
  /** Resolves when so many records were observed. */
  seen(count: number): Promise<void>;
  /** Nothing secret was said to a log, an observer or a client, nothing crashed, no name was looked up. */
  quiet(): void;
  /** Holds it to the first paragraph of the list: nothing ran, leaked, crashed or was fetched, and the next one works. */
  unharmed(expected?: { readonly handled?: number; readonly posts?: number }): Promise<void>;
}

/** In every body; may be seen by the handler alone. */
export const marker = "marker-7c9e4d";

/** Of the house's providers all that must not be said anywhere, in every spelling. */
const secrets = [
  "a-key-of-the-app-4711",
  "0b6f4a3c9d1e4f7fa2c58e7d6b901234",
  "correct-horse-battery",
  ...["inbox:", "hook:", ""].map((user) => btoa(`${user}correct-horse-battery`).replace(/=+$/, "")),
  "integration.upsales.com/callback",
];

/** A good delivery of each provider that is another event each time. */
export function fresh(provider: ProviderName): Sample {
  serial += 1;
  const { path, headers, body } = sample(samples[provider]);
  return {
    path,
    headers,
    body: body.replace(ids[provider], `$&${serial}`).replace(said[provider], `$&${marker}`),
  };
}

let serial = 0;
const samples = {
  upsales: "upsales/order-insert",
  uphance: "uphance/pick-ticket-update",
  "app-inbox": "app-inbox/message",
  postback: "postback/contact-create-attempt-1",
} as const;
const ids = {
  upsales: /0305e82c3301/,
  uphance: /"id":123456/,
  "app-inbox": /0305e82c3301/,
  postback: /11e66c8a943ff4b2bf1b2102/,
} as const;
const said = {
  upsales: /"description":"/,
  uphance: /"customer_name":"/,
  "app-inbox": /"content":"/,
  postback: /%22last_name%22%3A%22/,
} as const;

/** The status of a provider's table for an outcome: App Inbox has its own. */
export function statusOf(provider: ProviderName, status: number): number {
  return provider === "app-inbox" ? (inbox.get(status) ?? status) : status;
}

const inbox = new Map([
  [403, 503],
  [404, 401],
  [408, 503],
  [413, 429],
  [415, 400],
]);

/** The statuses that came back on a connection, in order; interim ones left out. */
export function statuses(received: string): number[] {
  const found = received.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g);
  return Array.from(found, ([, status]) => Number(status));
}

/** Opens a house, and listens to it until the test is finished. */
export async function besiege(
  framework: Framework,
  provider: ProviderName,
  given: HouseOptions = {},
): Promise<Besieged> {
  const ear = listen();
  const observed: Observation[] = [];
  const looks = new Set<() => void>();
  const observe = (record: Observation): void => {
    observed.push(record);
    for (const look of looks) look();
  };
  const options = { onError: (...what: unknown[]) => ear.hear(what), observe, ...given.options };
  const house = { ...(await openHouse(framework, provider, { ...given, options })), observed };
  const answers: string[] = [];
  const attack = async (change: Attack): Promise<string> => {
    const answer = await rawClient(house.port, bytesOf(fresh(provider), change)).closed;
    answers.push(answer);
    return answer;
  };

  const quiet = (): void => {
    const said = [...ear.heard, ...answers, JSON.stringify([observed, house.warnings])].join("\n");
    expect(leaks(said, [...secrets, marker])).toEqual([]);
    expect([ear.crashes, ear.lookups()]).toEqual([[], []]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  };

  return {
    ...house,
    provider,
    attack,
    seen: (count) =>
      new Promise((resolve) => {
        const look = (): void => (observed.length >= count ? resolve() : undefined);
        looks.add(look);
        look();
      }),
    quiet,
    async unharmed({ handled = 0, posts = 0 } = {}) {
      expect(house.events).toHaveLength(handled);
      expect(statuses(await attack({}))).toEqual([200]);
      expect(house.events).toHaveLength(handled + 1);
      expect(house.posts).toHaveLength(posts);
      expect(leaks(JSON.stringify(await house.receiver.deadLetters.list()), secrets)).toEqual([]);
      quiet();
    },
  };
}

/** The secrets that were said. */
function leaks(said: string, kept: readonly string[]): string[] {
  return kept.filter((secret) => said.includes(secret));
}

/** The bytes of a delivery; the client says that it will close, so that the answer has an end. */
export function bytesOf(one: Sample, change: Attack): Buffer {
  const { method = "POST", path = one.path, version = "HTTP/1.1", body = one.body } = change;
  const content = Buffer.from(body as string);
  const headers: NonNullable<Attack["headers"]> = {
    Host: "test",
    ...one.headers,
    ...(!change.headers?.["Transfer-Encoding"] && { "Content-Length": String(content.length) }),
    Connection: "close",
    ...change.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  );
  const head = [`${method} ${path} ${version}`, ...lines, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), content]);
}

/** A handler that does this with the first event, and nothing with the next ones. */
export function onlyOnce<Given extends unknown[]>(
  first: (...given: Given) => unknown,
): (...given: Given) => unknown {
  let called = false;
  return (...given) => {
    if (called) return undefined;
    called = true;
    return first(...given);
  };
}
