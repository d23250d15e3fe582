/** A receiver on node:http that is sent tickets while things go wrong, and the promises that its replies made. */
import type { Found } from "@answerback/core";
import type { Backend } from "@answerback/core/backend";
import { sample, withFields, type Sample } from "../support/deliveries.ts";
import { frameworkNamed } from "../support/frameworks.ts";
import { openHouse, type House } from "../support/house.ts";

const onNode = frameworkNamed("node:http");
const ticket = sample("uphance/pick-ticket-update");

/** Promised are 2 s or less; a busy machine may take longer. */
const atMostMs = 10_000;

/** What a test says of its receiver. */
export interface SendingOptions {
  readonly backend: Backend;
  /** What the handler does with the ticket of this id. */
  readonly handle?: (id: number) => unknown;
  /** Of `createReceiver`. */
  readonly options?: Record<string, unknown>;
}

/** A receiver, and who sends. */
export interface Sending {
  readonly house: House;
  /** Sends these at once. Resolves to the statuses; throws for a reply that takes too long, or that is not one of ours. */
  send(ids: readonly number[]): Promise<number[]>;
  /** The ids that were acknowledged. */
  acknowledged(): number[];
  /** How often the handler got it. */
  handled(id: number): number;
  /** The ids that were acknowledged, though no record says that they are settled or will be. */
  untrue(): Promise<number[]>;
  /** Sends whatever was not acknowledged, again and again until it is. */
  sendAgain(): Promise<void>;
}

/** Opens one until the test is finished. */
export async function openSending({ backend, handle = () => {}, options }: SendingOptions): Promise<Sending> {
  const sent = new Set<number>();
  const acknowledged = new Set<number>();
  const house = await openHouse(onNode, "uphance", {
    backend,
    handle: { "pick_ticket.update": ({ data }: any) => handle(data.id) },
    options: { backendWithin: "1s", ...options },
  });

  async function sendOne(id: number): Promise<number> {
    sent.add(id);
    const { status, json, headers } = await inTime(house.deliver(ticketOf(id)), `the reply for ${id}`);
    if (status === 200) acknowledged.add(id);
    else if (status !== 503 || !(Number(headers.get("retry-after")) > 0))
      throw new Error(`${id} was answered ${status} ${JSON.stringify(json)}`);
    return status;
  }

  async function isTrue(id: number): Promise<boolean> {
    const event = house.events.find(({ data }) => data.id === id);
    const found: Found | undefined = event && (await house.receiver.find(event.key));
    return found?.state === "settled" || (found?.work === "event" && found.state !== "dead");
  }

  return {
    house,
    send: (ids) => Promise.all(ids.map(sendOne)),
    acknowledged: () => [...acknowledged],
    handled: (id) => house.events.filter(({ data }) => data.id === id).length,
    async untrue() {
      const untrue: number[] = [];
      // one after the other: hundreds at once would take longer than a verb may on a busy machine
      for (const id of acknowledged) if (!(await isTrue(id))) untrue.push(id);
      return untrue;
    },
    async sendAgain() {
      const until = Date.now() + atMostMs;
      for (;;) {
        const open = [...sent].filter((id) => !acknowledged.has(id));
        if (open.length === 0) return;
        if (Date.now() > until) throw new Error(`not acknowledged: ${open.join(", ")}`);
        await Promise.all(open.map(sendOne));
      }
    },
  };
}

/** One whose handler of the tickets 1 to 4 waits for the test. */
export async function openWaiting(given: Omit<SendingOptions, "handle">): Promise<{
  readonly sending: Sending;
  /**
   * Sends these four, again where the machine was too busy for one to begin, until all wait. Resolves once all have their
   * last reply.
   */
  readonly sendWaiting: () => Promise<unknown>;
  /** Resolves once all four wait. */
  readonly begun: Promise<void>;
  readonly release: () => void;
}> {
  const begun = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const waiting = new Set<number>();
  const handle = (id: number) => {
    if (id > 4) return undefined;
    if (waiting.add(id).size === 4) begun.resolve();
    return released.promise;
  };
  const sending = await openSending({ ...given, handle });
  const sendUntilItWaits = async (id: number) => {
    do await sending.send([id]);
    while (!waiting.has(id));
  };
  const sendWaiting = () => Promise.all(idsFrom(1, 4).map(sendUntilItWaits));
  return { sending, sendWaiting, begun: begun.promise, release: released.resolve };
}

/** Throws when it takes much longer than was promised. */
export async function inTime<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} took more than ${atMostMs} ms`)), atMostMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** From `first` on, so many. */
export function idsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function ticketOf(id: number): Sample {
  return withFields(ticket, { pick_ticket: { id, updated_at: "2024-03-27T09:20:18.123Z" } });
}
