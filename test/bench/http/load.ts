/** Load on one server: as much as it takes, or so much a second. */
import { openConnection, type Connection } from "./connection.ts";
import { requestsOf, type Requests, type Traffic } from "./requests.ts";

const usualConnections = 16;

/** When a load ends: after so many ms, or requests. */
export type End = { readonly ms: number } | { readonly count: number };

/** Sends one request after the other on each connection. Resolves to how many of them got a reply. */
export async function saturate(port: number, traffic: Traffic, end: End): Promise<number> {
  const lines = linesTo(port, traffic);
  const startedAt = performance.now();
  let count = 0;
  const awake = stayAwake();
  await Promise.all(
    lines.map(async (line) => {
      while ("ms" in end ? performance.now() - startedAt < end.ms : count < end.count) {
        await sendOne(line, traffic);
        count += 1;
      }
      line.connection.close();
    }),
  );
  awake.end();
  return count;
}

/** Sends so many a second, whatever comes back. Resolves to the times to the whole response, in ms. */
export async function atRate(
  port: number,
  traffic: Traffic,
  { perSecond, ms }: { perSecond: number; ms: number },
): Promise<number[]> {
  const idle = linesTo(port, traffic);
  const took: number[] = [];
  const under: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let sent = 0; performance.now() - startedAt < ms; await tick()) {
    const isDue = () => sent < ((performance.now() - startedAt) * perSecond) / 1_000;
    for (; idle.length > 0 && isDue(); sent += 1) {
      const line = idle.pop()!;
      const at = startedAt + (sent * 1_000) / perSecond;
      under.push(
        sendOne(line, traffic).then(() => {
          took.push(performance.now() - at);
          idle.push(line);
        }),
      );
    }
  }
  await Promise.all(under);
  for (const { connection } of idle) connection.close();
  return took;
}

interface Line {
  readonly connection: Connection;
  readonly next: Requests;
}

function linesTo(port: number, traffic: Traffic): Line[] {
  const { connections: length = usualConnections } = traffic;
  return Array.from({ length }, () => ({
    connection: openConnection(port),
    next: requestsOf(traffic),
  }));
}

/** Sends until a reply comes: what met a server that closed its connection is sent once more on a new one. */
async function sendOne({ connection, next }: Line, traffic: Traffic): Promise<void> {
  const status = (await connection.send(next())) ?? (await connection.send(next()));
  if (status === traffic.status) return;
  throw new Error(status === undefined ? "no reply" : `${status} instead of ${traffic.status}`);
}

/**
 * Keeps the client's core from going idle while it waits: to wake it would cost the server a multiple of its own work
 * on a virtual machine, and the slower a server is the more often it would.
 */
function stayAwake(): { end(): void } {
  let over = false;
  const spin = () => void (over || setImmediate(spin));
  spin();
  return { end: () => (over = true) };
}

/** A timer would be a millisecond late. */
function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
