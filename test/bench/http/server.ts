/** One server in a process of its own: it says its port, and what it has cost when asked. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Format } from "../work/deliveries.ts";
import type { App, AppKind } from "./app.ts";
import type { Question } from "./fleet.ts";

const [kind, name, format] = process.argv.slice(2) as [AppKind, string, Format];
const { apps } = (await import(`./apps/${kind}.ts`)) as { apps: Record<string, App> };
const made = await apps[name]!(format);
const served = typeof made === "function" ? { listener: made } : made;
const server = createServer(served.listener);

const answers: Readonly<Record<Question, () => unknown>> = {
  cpu: () => process.cpuUsage(),
  idle: () => ("idle" in served ? served.idle() : undefined),
  close: () => ("close" in served ? served.close() : undefined),
};

process.on("message", (question: Question) => void answer(question));
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send!({ answer: (server.address() as AddressInfo).port }));

async function answer(question: Question): Promise<void> {
  process.send!({ answer: await answers[question]() });
}
