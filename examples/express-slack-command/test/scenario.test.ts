/** What Slack concludes of the app: of its answers, and of the messages that it gets in the reply or at the `response_url`. */
import { callbackUrls, play, realClock, senders } from "@answerback/simulator";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver, type Settings } from "../src/receiver.ts";

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const slack = senders.slack({ signingSecret });
const command = slack.command({ mount: "/hooks", fields: { text: "one two three" } });

it("shows the answer to a command in the reply when it is done in time", async () => {
  const { app, callbacks } = start();
  const journal = await play(app, command, { callbacks });
  expect(journal.map(({ concluded }) => concluded.says)).toEqual(["acknowledged", "callback accepted"]);
  expect(callbacks.uses.map(({ how }) => how)).toEqual(["inline"]);
});

it("shows how far it is, and then the answer, each once and after the acknowledgement", async () => {
  const { app, callbacks } = start({ crunchSeconds: 0.2, tellAfterSeconds: 0.05 });
  const journal = await play(app, command, { callbacks });
  expect(journal.map(({ concluded }) => concluded.says)).toEqual([
    "acknowledged",
    "callback accepted",
    "callback accepted",
  ]);
  expect(callbacks.uses.map(({ how, body }) => [how, JSON.parse(body).text])).toEqual([
    ["posted", "Half of it is done: 6 letters so far."],
    ["posted", "Crunched 11 letters."],
  ]);
});

/** The app until the end of the test, and the addresses that it may post to. */
function start(settings: Partial<Settings> = {}) {
  // the work of this app takes real time, so Slack lives in it too
  const callbacks = callbackUrls({ clock: realClock });
  const receiver = makeReceiver({ signingSecret, transport: callbacks.transport, ...settings });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  return { app, callbacks };
}
