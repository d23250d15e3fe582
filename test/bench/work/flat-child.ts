/** Deliveries through a receiver on memory: the heap after a collection, at several numbers of them. */
import { memory, type Delivery } from "@answerback/core";
import { tell } from "../child.ts";
import { bodyOf, headersOf, idOf } from "./deliveries.ts";
import { receiverOf } from "./ours.ts";

const [maxKeys, ...marks] = process.argv.slice(2).map(Number) as [number, ...number[]];
const receiver = receiverOf("json", memory({ maxKeys }));
const headers = Object.fromEntries(Object.entries(headersOf("json")).map(([name, value]) => [name, [value]]));
const heaps: number[] = [];

for (let count = 1; count <= Math.max(...marks); count += 1) {
  const bytes = Buffer.from(bodyOf("json", idOf(count)));
  const body: Delivery["body"] = async () => ({ kind: "bytes", bytes });
  await receiver.receive({ method: "POST", path: "/", query: "", secure: false, headers, body });
  if (count % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  if (marks.includes(count)) heaps.push(used());
}
tell(heaps);

/** MB. */
function used(): number {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
