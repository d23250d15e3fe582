/** Sends one attempt over its own connection, with the fault that it shall meet. */
import { Buffer } from "node:buffer";
import { request as requestPlain } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestSecure } from "node:https";
import { aClock, anything, readOptions, withDefault } from "@answerback/core/provider";
import type { Clock } from "../lib/clock.ts";
import { realClock } from "../lib/clock.ts";
import { ms } from "../lib/numbers.ts";
import type { Answered, Seen } from "../protocols/conclusion.ts";
import type { AnyDelivery } from "../protocols/protocol.ts";
import type { Fault } from "./faults.ts";

/** How one attempt is sent. */
export interface SendOptions {
  /** How long the whole answer may take: ms. Default 60,000. */
  readonly patienceMs?: number;
  /** The clock of the provider. Default `realClock`. */
  readonly clock?: Clock;
  /**
   * What goes wrong: one of the drops, or `stall`. The other kinds are about more than one attempt and change nothing
   * here. Default: nothing.
   */
  readonly fault?: Fault | undefined;
}

/**
 * Sends a delivery once, signed as its sender does, and says what came back. Never rejects.
 *
 * @throws OptionError for a mistake in the options.
 * @example const seen = await send(deliveries.appInbox.message(), new URL("http://127.0.0.1:3000"));
 */
export function send(delivery: AnyDelivery, to: URL, options: SendOptions = {}): Promise<Seen> {
  const { patienceMs, clock, fault } = readOptions("send", options, known);
  const began = clock.now();
  const since = () => clock.now() - began;
  if (fault?.kind === "drop request") return Promise.resolve({ kind: "connection lost", tookMs: since() });
  return new Promise((resolve) => {
    const request = open(signed(delivery, { at: began, to }), to);
    const cancelTimeout = clock.after(patienceMs, () => end({ kind: "timed out", tookMs: since() }));
    const end = (seen: Seen) => {
      cancelTimeout();
      resolve(seen);
      request.destroy();
    };
    request.on("error", (error) =>
      end({ kind: isRefused(error) ? "refused" : "connection lost", tookMs: since() }),
    );
    request.on("response", (response) => {
      if (fault?.kind === "drop response") return end({ kind: "connection lost", tookMs: since() });
      void read(response).then(
        (body) => end({ kind: "answered", ...headOf(response), body, tookMs: since() }),
        () => end({ kind: "connection lost", tookMs: since() }),
      );
    });
    write(request, Buffer.from(delivery.body), fault);
  });
}

const known = {
  patienceMs: withDefault(ms, 60_000),
  clock: withDefault(aClock, realClock),
  fault: anything,
};

/**
 * The delivery with the headers that show who sends it. Headers that it has already stay as they are.
 *
 * @param at - The provider's clock: ms since the epoch. Default: now.
 * @param to - Where it goes to; only the origin matters. Default `http://127.0.0.1`.
 * @example
 * const { headers, body } = signed(acme.delivery({ event: "order.paid", json: { id: "o-1" } }));
 */
export function signed<Delivery extends AnyDelivery>(
  delivery: Delivery,
  { at = Date.now(), to = new URL("http://127.0.0.1") }: { readonly at?: number; readonly to?: URL } = {},
): Delivery {
  const sign = delivery.protocol?.sign;
  if (!sign) return delivery;
  const own = new Set(Object.keys(delivery.headers).map((name) => name.toLowerCase()));
  const made = Object.entries(sign(delivery, { at, url: new URL(delivery.path, to) }));
  const missing = made.filter(([name]) => !own.has(name.toLowerCase()));
  return { ...delivery, headers: { ...delivery.headers, ...Object.fromEntries(missing) } };
}

function open(delivery: AnyDelivery, to: URL): ClientRequest {
  const request = to.protocol === "https:" ? requestSecure : requestPlain;
  const length = Buffer.byteLength(delivery.body);
  const headers = {
    ...delivery.headers,
    ...(length > 0 || bodied.has(delivery.method) ? { "Content-Length": length } : {}),
  };
  // a connection of its own: a fault of one attempt must not touch another
  return request(new URL(delivery.path, to), { method: delivery.method, headers, agent: false });
}

/** The methods that have a body, be it empty. */
const bodied = new Set(["POST", "PUT"]);

function write(request: ClientRequest, body: Buffer, fault: Fault | undefined): void {
  if (fault?.kind !== "stall" && fault?.kind !== "drop connection") {
    request.end(body);
    return;
  }
  request.write(body.subarray(0, body.length >> 1), () => {
    if (fault.kind === "drop connection") request.destroy(new Error("dropped"));
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function headOf({ statusCode = 0, headers }: IncomingMessage): Pick<Answered, "status" | "headers"> {
  const texts = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return { status: statusCode, headers: Object.fromEntries(texts) };
}

const isRefused = (error: Error) => "code" in error && error.code === "ECONNREFUSED";
