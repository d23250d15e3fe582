/** `receive()` without HTTP, the floor and the same by hand, in turns: µs a delivery. */
import { tell } from "../child.ts";
import { answerTo, isAuthorized, parsed } from "./by-hand.ts";
import { bodyOf, deliveryOf, headersOf, idOf, type Format } from "./deliveries.ts";
import { createFloor } from "./floor.ts";
import { receiverOf } from "./ours.ts";

/** µs a delivery, one figure a round. */
export interface ReceiveFigures {
  readonly ours: number[];
  readonly floor: number[];
  readonly byHand: number[];
}

const format = process.argv[2] as Format;
const [rounds, perRound, warmUp] = process.argv.slice(3).map(Number) as [number, number, number];

const bytes = Buffer.from(bodyOf(format, idOf(0)));
const at = bytes.indexOf(idOf(0));
const { Authorization: authorization } = headersOf(format);
const delivery = deliveryOf(format, bytes);
const receiver = receiverOf(format);
let events = 0;
let observed = 0;
const floor = createFloor(format, () => (observed += 1));

const ways: Readonly<Record<keyof ReceiveFigures, () => Promise<string>>> = {
  ours: async () => String((await receiver.receive(delivery))!.body),
  floor: async () => (await floor(authorization, () => bytes)).text,
  async byHand() {
    if (!isAuthorized(authorization)) throw new Error("not authorized");
    return JSON.stringify(answerTo(format, parsed(format, bytes.toString())));
  },
};

/** µs a delivery. */
async function timed(answer: () => Promise<string>, deliveries: number): Promise<number> {
  const startedAt = performance.now();
  for (let count = 0; count < deliveries; count += 1) {
    const id = idOf((events += 1));
    bytes.write(id, at, "latin1");
    if ((await answer()) !== `{"received":"${id}"}`) throw new Error("not answered");
  }
  return ((performance.now() - startedAt) * 1_000) / deliveries;
}

const figures: ReceiveFigures = { ours: [], floor: [], byHand: [] };
const names = Object.keys(ways) as (keyof ReceiveFigures)[];
for (const name of names) await timed(ways[name], warmUp);
for (let round = 0; round < rounds; round += 1) {
  for (const name of names) figures[name].push(await timed(ways[name], perRound));
}
tell(figures);
