/** `receive()` without HTTP and the same by hand, in turns: µs a delivery. */
import type { Delivery } from "@answerback/core";
import { tell } from "../child.ts";
import { answerTo, isAuthorized, parsed } from "./by-hand.ts";
import { bodyOf, headersOf, idOf, type Format } from "./deliveries.ts";
import { receiverOf } from "./ours.ts";

const [format, rounds, perRound] = [
  process.argv[2] as Format,
  Number(process.argv[3]),
  Number(process.argv[4]),
];

const bytes = Buffer.from(bodyOf(format, idOf(0)));
const at = bytes.indexOf(idOf(0));
const headers = headersOf(format);
const every = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
const receiver = receiverOf(format);
let events = 0;

const delivery: Delivery = {
  ...{ method: "POST", path: "/", query: "", secure: false },
  headers: { ...every, "content-length": [String(bytes.length)] },
  body: async () => ({ kind: "bytes", bytes }),
};

async function ours(): Promise<string> {
  return (await receiver.receive(delivery))!.body;
}

async function byHand(): Promise<string> {
  if (!isAuthorized(headers["authorization"])) throw new Error("not authorized");
  return JSON.stringify(answerTo(format, parsed(format, bytes.toString())));
}

/** µs a delivery. */
async function timed(answer: () => Promise<string>): Promise<number> {
  const startedAt = performance.now();
  for (let count = 0; count < perRound; count += 1) {
    const id = idOf((events += 1));
    bytes.write(id, at, "latin1");
    if ((await answer()) !== `{"received":"${id}"}`) throw new Error("not answered");
  }
  return ((performance.now() - startedAt) * 1_000) / perRound;
}

const figures: { ours: number[]; byHand: number[] } = { ours: [], byHand: [] };
await timed(ours);
await timed(byHand);
for (let round = 0; round < rounds; round += 1) {
  figures.ours.push(await timed(ours));
  figures.byHand.push(await timed(byHand));
}
tell(figures);
