/** What the host of a handler can do beside taking a Response, and what is told where it cannot. */

import { emitWarning, type DeliveryReceiver, type Reply } from "@answerback/core/adapter";
import { freezingHost } from "./freezing-host.ts";

/** Has the host wait for work that goes on behind a reply. */
export type WaitUntil = (work: Promise<unknown>) => void;

/**
 * What the host of one request can do. Its own object does: `ctx` of Cloudflare, `context` of Vercel and Netlify,
 * `c.executionCtx` of Hono, `event` of h3.
 */
export interface FetchHost {
  /** Has the host wait for what goes on behind this reply. Default: the option of that name. */
  waitUntil?(work: Promise<unknown>): void;
  /**
   * Follows this reply to its end, and tells its `sent`, where the host knows how far a reply goes: then a callback goes inline.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.52 any.52}
   */
  follow?(reply: Reply): unknown;
}

/**
 * Makes the function that hands to the host what goes on behind a reply. Where the host would freeze that, and nobody gave a
 * `waitUntil`, it is told once, as the warning `no_wait_until`.
 */
export function createGoOn(
  receiver: DeliveryReceiver,
  waitUntil: WaitUntil | undefined,
): (host: FetchHost) => void {
  let isTold = false;
  return (host) => {
    const waiting = host.waitUntil ? host : waitUntil && { waitUntil };
    if (!waiting) {
      if (!isTold) tellFreezing();
      isTold = true;
      return;
    }
    if (!receiver.idle || !receiver.isBusy?.()) return;
    const idle = receiver.idle().catch(() => {}); // the receiver tells what is wrong with its records
    void askHost("waitUntil", () => waiting.waitUntil!(idle));
  };
}

/** Asks the host for something. The reply goes out, whatever the host throws; that is told as the warning `host_failed`. */
export async function askHost(name: keyof FetchHost, ask: () => unknown): Promise<void> {
  try {
    await ask();
  } catch (error) {
    emitWarning({ code: "host_failed", message: `createFetchHandler: ${name} threw: ${String(error)}` });
  }
}

function tellFreezing(): void {
  const host = freezingHost();
  if (!host) return;
  const message =
    `createFetchHandler: ${host} may freeze the process when a reply is out, and with it what goes on behind the reply: ` +
    "late handlers, callbacks, retries; give waitUntil, as an option or beside the request, and have what is due later " +
    "worked by a process with the same receiver on a durable backend (here background: false then), or by a cron route " +
    "that awaits receiver.idle()";
  emitWarning({ code: "no_wait_until", message });
}
