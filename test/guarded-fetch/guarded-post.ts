/** Requests to a callback server on loopback, which `guardedFetch` would refuse but for its options. */
import type { Transport } from "@answerback/core";
import { createGuardedFetch, type GuardedFetchOptions, type Lookup } from "@answerback/node";
import { ca } from "./callback-server.ts";

/** Finds 127.0.0.1 for every host, and allows it with the port that the URL has. */
export function localFetch(options: GuardedFetchOptions = {}): Transport {
  const lookup = () => Promise.resolve([{ address: "127.0.0.1" }]);
  return (url, init) => {
    const ports = [Number(new URL(url).port || 443)];
    return createGuardedFetch({ lookup, allow: ["127.0.0.1"], ports, ca, ...options })(url, init);
  };
}

/** A lookup that answers each call with the next list, and notes what it was asked. */
export function scriptedLookup(...script: readonly (readonly string[])[]): {
  readonly lookup: Lookup;
  readonly asked: readonly string[];
} {
  const asked: string[] = [];
  const lookup: Lookup = async (hostname) => {
    asked.push(hostname);
    return (script[asked.length - 1] ?? []).map((address) => ({ address }));
  };
  return { asked, lookup };
}

/** What a test says of its post; everything has a default. */
export interface Said {
  readonly host?: string;
  readonly path?: string;
  readonly method?: "GET" | "POST" | "PUT" | "PATCH";
  readonly headers?: Record<string, string>;
  /** A GET has none. */
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Posts to a host on that port. */
export function postTo(port: number, transport: Transport, said: Said = {}): Promise<Response> {
  const { host = "callback.example", path = "/callback/secret-path", method = "POST" } = said;
  return transport(`https://${host}:${port}${path}`, {
    method,
    headers: said.headers ?? {},
    ...(method !== "GET" && { body: said.body ?? '{"secret":"body"}' }),
    redirect: "manual",
    signal: said.signal ?? new AbortController().signal,
  });
}

/** What a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<any> {
  const settled = await Promise.allSettled([promise]);
  if (settled[0].status === "rejected") return settled[0].reason;
  throw new Error("it did not reject");
}
