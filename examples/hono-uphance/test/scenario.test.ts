/** What Uphance concludes of the app, attempt by attempt; the hours between them take no time. */
import { deliveries, faultsInTurn, play, type Journal } from "@answerback/simulator";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver, type Settings } from "../src/receiver.ts";

const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";

const shipped = deliveries.uphance.pickTicketUpdate({
  mount: `/hooks/${secret}`,
  headers: { "X-Forwarded-Proto": "https" },
  object: { status: "shipped" },
});

it("ships once what Uphance sends twice at the same time", async () => {
  let ships = 0;
  const app = start(() => void (ships += 1));
  const journal = await play(app, shipped, { faults: faultsInTurn("twice") });
  expect(concluded(journal)).toEqual(["acknowledged", "acknowledged"]);
  expect(ships).toBe(1);
});

it("ships at last what the warehouse could not take at first", async () => {
  let ships = 0;
  const app = start(() => {
    ships += 1;
    if (ships < 4) throw new Error("the warehouse is closed");
  });
  expect(concluded(await play(app, shipped))).toEqual([
    "will retry in 60 s, attempt 2",
    "will retry in 120 s, attempt 3",
    "will retry in 240 s, attempt 4",
    "acknowledged",
  ]);
});

/** The app until the end of the test. */
function start(ship: Settings["ship"]) {
  const receiver = makeReceiver({ secret, ship, onError: () => {} });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  return app;
}

function concluded(journal: Journal): string[] {
  return journal.map((entry) => entry.concluded.says);
}
