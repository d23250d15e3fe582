/** A receiver that observes and rejects as a test says, and an inspector of it over HTTP. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Observation, Receiver, ReceiverRecords, Warning } from "@answerback/core";
import { createInspector, type InspectorOptions } from "@answerback/inspector";
import { onTestFinished } from "vitest";

/** An inspector of a scripted receiver. */
export interface Scripted {
  /** Of the inspector, with a slash at its end. */
  readonly page: string;
  readonly origin: string;
  readonly receiver: { readonly name: string };
  readonly warnings: Warning[];
  /** The receiver observes a run of the event. */
  observe(observation: Partial<Observation>): void;
  /** How many follow the feed. */
  looking(): number;
  /** How many times somebody began to. */
  followed(): number;
  /** How many watch the receiver. */
  watchers(): number;
  close(): void;
}

/** Serves the inspector of a receiver named `scripted` until the test is finished. */
export async function scripted(
  records: Partial<ReceiverRecords> = {},
  options: Partial<InspectorOptions> = {},
): Promise<Scripted> {
  const listeners = new Set<(observation: Observation) => void>();
  const warnings: Warning[] = [];
  const receiver = {
    name: "scripted",
    receive: () => undefined,
    records,
    watch(listener: (observation: Observation) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const inspector = createInspector({
    receivers: receiver as unknown as Receiver,
    authorize: false,
    actions: true,
    warn: (warning) => warnings.push(warning),
    ...options,
  });
  let [looking, followed] = [0, 0];
  const server = createServer((req, res) => {
    if (req.url?.startsWith("/api/feed")) {
      [looking, followed] = [looking + 1, followed + 1];
      res.once("close", () => (looking -= 1));
    }
    inspector.handler(req, res);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(async () => {
    inspector.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const usual = { kind: "run", receiver: "scripted", key: "k", type: "t", name: "t" } as const;
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    page: `${origin}/`,
    origin,
    receiver,
    warnings,
    observe(observation) {
      const run = { ...usual, outcome: "handled", attempt: 1, tookMs: 1, ...observation } as Observation;
      for (const listener of listeners) listener(run);
    },
    looking: () => looking,
    followed: () => followed,
    watchers: () => listeners.size,
    close: inspector.close,
  };
}
