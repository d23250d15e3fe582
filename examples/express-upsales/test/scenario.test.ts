/** What Upsales concludes of the app: of its answers, and of the callbacks that it gets inline or by post. */
import { callbackUrls, deliveries, faultsInTurn, play, realClock } from "@answerback/simulator";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver, type Settings } from "../src/receiver.ts";

const registered = { mount: "/hooks", authenticationKey: "a-key" };
const run = deliveries.upsales.external({ ...registered, data: { companyIds: [1, 2] } });
const callback = { status: 1, notify: "Crunched 2 companies" };

it("answers a run inline when it is done in time", async () => {
  const { app, callbacks } = start();
  const journal = await play(app, run, { callbacks });
  expect(journal.map(({ concluded }) => concluded.says)).toEqual(["acknowledged", "callback accepted"]);
  expect(callbacks.uses.map(({ how }) => how)).toEqual(["inline"]);
});

it("posts one callback of a longer run, although its request came twice", async () => {
  const { app, callbacks } = start({ crunchSeconds: 0.2, answerWithin: "50ms" });
  const journal = await play(app, run, { callbacks, faults: faultsInTurn("twice") });
  expect(journal.map(({ concluded }) => concluded.says)).toEqual([
    "acknowledged",
    "acknowledged",
    "callback accepted",
  ]);
  expect(callbacks.uses.map(({ how, body }) => [how, JSON.parse(body)])).toEqual([["posted", callback]]);
});

/** The app until the end of the test, and the callback addresses that it may post to. */
function start(settings: Partial<Settings> = {}) {
  // the work of this app takes real time, so its provider lives in it too
  const callbacks = callbackUrls({ clock: realClock });
  const receiver = makeReceiver({ key: "a-key", transport: callbacks.transport, ...settings });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  return { app, callbacks };
}
