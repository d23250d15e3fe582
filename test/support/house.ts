/** A receiver in an app on a port: what most suites begin with. */
import type { Server } from "node:http";
import {
  createReceiver,
  memory,
  type ErrorFacts,
  type Observation,
  type Receiver,
  type Transport,
  type Warning,
} from "@answerback/core";
import { type Backend } from "@answerback/core/backend";
import { onTestFinished } from "vitest";
import type { Framework, MountOptions } from "./frameworks.ts";
import { send, type Answer, type Sample } from "./deliveries.ts";
import type { ManualClock } from "./manual-clock.ts";
import { providers, type ProviderName } from "./providers.ts";
import { serve } from "./serve.ts";

export { providers, type ProviderName } from "./providers.ts";

/** What a test says of its receiver; everything has a default. */
export interface HouseOptions {
  readonly provider?: any;
  readonly handle?: any;
  readonly backend?: Backend<any>;
  readonly clock?: ManualClock;
  readonly transport?: Transport;
  readonly mount?: MountOptions;
  /** Any other option of `createReceiver`. */
  readonly options?: Record<string, unknown>;
}

/** A receiver at work, and all that is seen of it. */
export interface House {
  readonly receiver: Receiver<any, any>;
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** What the handler saw, in order. */
  readonly events: any[];
  /** The callbacks that were posted. */
  readonly posts: {
    readonly url: string;
    readonly method: string;
    readonly body: any;
    readonly headers: Record<string, string>;
  }[];
  readonly observed: Observation[];
  readonly warnings: Warning[];
  /** What `onError` got, in order. */
  readonly told: { readonly error: any; readonly facts: ErrorFacts }[];
  deliver(sample: Sample): Promise<Answer>;
}

/** Mounts a receiver of a provider's on a framework until the test is finished. */
export async function openHouse(
  { mount }: Framework,
  name: ProviderName,
  given: HouseOptions = {},
): Promise<House> {
  const { make, at, authenticate } = providers[name];
  const { clock, handle = () => undefined } = given;
  const seen: Pick<House, "events" | "posts" | "observed" | "warnings" | "told"> = {
    events: [],
    posts: [],
    observed: [],
    warnings: [],
    told: [],
  };
  const transport = given.transport ?? (async () => new Response(null, { status: 200 }));
  const receiver: Receiver<any, any> = createReceiver(given.provider ?? make(), {
    authenticate,
    backend: given.backend ?? memory(clock ? { clock } : {}),
    ...(clock && { clock }),
    observe: (record) => seen.observed.push(record),
    warn: (warning) => seen.warnings.push(warning),
    onError: (error, facts) => seen.told.push({ error, facts }),
    transport: (url, init) => {
      const { method, headers } = init;
      seen.posts.push({ url, method, body: init.body ? JSON.parse(init.body) : undefined, headers });
      return transport(url, init);
    },
    ...given.options,
    handle: seeing(seen.events, handle),
  });
  onTestFinished(async () => {
    const closing = receiver.close({ within: "1s" });
    await given.clock?.advance(10_000);
    await closing;
  });
  const { url, port, server } = await serve(mount(receiver, { at, ...given.mount }));
  return { receiver, url, port, server, ...seen, deliver: (one) => send(url, one) };
}

/** The handlers, with a note of each event that they get. */
function seeing(events: unknown[], handle: any): any {
  if (typeof handle === "function") {
    return (event: unknown, context: unknown) => {
      events.push(event);
      return handle(event, context);
    };
  }
  return Object.fromEntries(Object.entries(handle).map(([type, one]) => [type, seeing(events, one)]));
}
