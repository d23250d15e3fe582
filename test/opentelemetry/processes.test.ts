/** One trace in two processes: the first accepts an event and is killed in the middle of its run, the second handles and posts. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { sample, send } from "../support/deliveries.ts";
import { fileOfTest, forkTool } from "../support/sqlite-file.ts";

/** What a process has said so far. */
interface Said {
  readonly port?: number;
  readonly span?: {
    readonly name: string;
    readonly traceId: string;
    readonly spanId: string;
    readonly parent?: string;
    readonly links: string[];
  };
  readonly handling?: string;
  readonly posting?: string;
}

function start(file: string, aheadMs: number, does: string) {
  const child = forkTool("../opentelemetry/traced-process.ts", [file, `${aheadMs}`, does]);
  const said: Said[] = [];
  child.on("message", (message: Said) => said.push(message));
  const spans = () => said.flatMap(({ span }) => span ?? []);
  return { child, said, spans };
}

it("a run and a post after a crash are in the trace of the delivery, as its children, and linked to it", async () => {
  const file = fileOfTest();
  const first = start(file, 0, "hangs");
  await expect.poll(() => first.said.find(({ port }) => port)).toBeDefined();
  const { port } = first.said.find((one) => one.port)!;
  expect((await send(`http://127.0.0.1:${port}`, sample("upsales/order-insert"))).status).toBe(200);
  await expect.poll(() => first.spans()).toHaveLength(1);
  await expect.poll(() => first.said.find(({ handling }) => handling)).toBeDefined();
  await kill(first.child);

  // as if the lease of the one that was killed had ended
  const second = start(file, 120_000, "");
  await expect.poll(() => second.spans()).toHaveLength(2);
  const [delivery] = first.spans();
  const { traceId, spanId } = delivery!;
  const place = { traceId, parent: spanId, links: [spanId] };
  expect(delivery).toMatchObject({ name: "deliver upsales", links: [] });
  expect(second.spans()).toMatchObject([
    { name: "process upsales", ...place },
    { name: "send upsales", ...place },
  ]);
  // what the handler and the transport do is inside as well
  expect(second.said).toContainEqual({ handling: traceId });
  expect(second.said).toContainEqual({ posting: traceId });
});

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
