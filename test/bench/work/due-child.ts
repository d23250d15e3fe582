/** A receiver that starts on a file of due callbacks: what that takes, and how deliveries fare meanwhile. */
import { sqlite } from "@answerback/sqlite";
import { tell } from "../child.ts";
import { runOf, runsReceiver } from "./runs.ts";

/** Times in ms, memory in MB. */
export interface DueFigures {
  readonly firstReply: number;
  readonly allPosted: number;
  readonly took: number[];
  readonly grownBy: number;
}

const [file, due] = [process.argv[2]!, Number(process.argv[3])];
const startedAt = performance.now();
const before = process.memoryUsage.rss();
let [posted, peak] = [0, before];
const took: number[] = [];

const receiver = runsReceiver({
  backend: sqlite(file),
  transport: async () => {
    posted += 1;
    return new Response();
  },
});

let firstReply = 0;
for (let number = 1; posted < due; number += 1) {
  const sentAt = performance.now();
  const reply = await receiver.receive(runOf(due + number));
  if (reply?.status !== 200) throw new Error(`a delivery was answered ${reply?.status}`);
  reply.sent?.("fully");
  took.push(performance.now() - sentAt);
  firstReply ||= performance.now() - startedAt;
  peak = Math.max(peak, process.memoryUsage.rss());
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const allPosted = performance.now() - startedAt;
await receiver.close();
tell({ firstReply, allPosted, took, grownBy: (peak - before) / 2 ** 20 } satisfies DueFigures);
