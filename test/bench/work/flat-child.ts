/** Deliveries through a receiver on memory, far past the bound of what it remembers: the heap on the way, and the longest pause. */
import { memory } from "@answerback/core";
import { tell } from "../child.ts";
import { bodyOf, deliveryOf, idOf } from "./deliveries.ts";
import { receiverOf } from "./ours.ts";

/** Heap and buffers after a collection at each mark, in MB; ms. */
export interface FlatFigures {
  readonly heaps: number[];
  /** The delivery that took longest: no pause was longer, for whatever reason. */
  readonly longest: number;
}

const [maxKeys, ...marks] = process.argv.slice(2).map(Number) as [number, ...number[]];
const receiver = receiverOf("json", { backend: memory({ maxKeys }) });
const heaps: number[] = [];
let longest = 0;

for (let count = 1; count <= Math.max(...marks); count += 1) {
  const delivery = deliveryOf("json", Buffer.from(bodyOf("json", idOf(count))));
  const startedAt = performance.now();
  await receiver.receive(delivery);
  // the first are slow for V8's sake
  if (count > 1_000) longest = Math.max(longest, performance.now() - startedAt);
  if (count % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  if (marks.includes(count)) heaps.push(used());
}
tell({ heaps, longest } satisfies FlatFigures);

/** MB. */
function used(): number {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
