/** What a command of Discord's is answered with, over HTTP. */
import { senders, signed, type RawDelivery } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const discord = senders.discord();
const command = discord.command({ mount: "/hooks", fields: { data: { id: "1", name: "crunch", type: 1 } } });

it("answers a command that is done in time, and runs it once however often it comes", async () => {
  const { ran, send } = start();
  await send(command).expect(200, { type: 4, data: { content: "crunch: done" } });
  await send(command).expect(200);
  expect(ran).toEqual(["crunch"]);
});

it("answers the PING that comes when the address is saved", async () => {
  const { ran, send } = start();
  await send(discord.ping({ mount: "/hooks" })).expect(200, { type: 1 });
  expect(ran).toEqual([]);
});

it("lets nobody in but Discord", async () => {
  const { ran, send } = start();
  await send(senders.discord().command({ mount: "/hooks" })).expect(401);
  expect(ran).toEqual([]);
});

/** The app until the end of the test, and a way to send it a delivery. */
function start() {
  const ran: string[] = [];
  const receiver = makeReceiver({
    publicKey: discord.publicKey,
    run: (command) => (ran.push(command), `${command}: done`),
  });
  onTestFinished(() => receiver.close());
  const app = createApp(receiver);
  const send = (delivery: RawDelivery) => {
    const { path, headers, body } = signed(delivery);
    return request(app).post(path).set(headers).send(body);
  };
  return { ran, send };
}
