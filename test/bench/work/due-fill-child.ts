/** Fills an SQLite file with callbacks that are due: runs whose replies never went out. */
import { sqlite } from "@answerback/sqlite";
import { tell } from "../child.ts";
import { runOf, runsReceiver } from "./runs.ts";

const [file, count] = [process.argv[2]!, Number(process.argv[3])];
const receiver = runsReceiver({ backend: sqlite(file), background: false });
let next = 0;

async function one(): Promise<void> {
  while (next < count) (await receiver.receive(runOf((next += 1))))?.sent?.("not");
}

await Promise.all(Array.from({ length: 64 }, one));
await receiver.idle();
await receiver.close();
tell(next);
