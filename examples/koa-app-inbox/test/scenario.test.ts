/** What App Inbox concludes of the app, attempt by attempt; the minutes between them take no time. */
import { deliveries, faultsInTurn, play, type Journal } from "@answerback/simulator";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

it("shows a list once its password is right", async () => {
  const { app, shown } = start();
  const wrong = await play(app, listFrom("a guess"), { appInbox: { attempts: 2 } });
  expect(concluded(wrong)).toEqual(["will retry in 60 s, attempt 2 of 2", "gave up after 2 attempts"]);
  expect(shown).toEqual([]);

  expect(concluded(await play(app, listFrom("a-password")))).toEqual(["acknowledged"]);
  expect(shown).toHaveLength(3);
});

it("shows each message of a list once, although the answer is lost", async () => {
  const { app, shown } = start();
  const journal = await play(app, listFrom("a-password"), { faults: faultsInTurn("drop response") });
  expect(concluded(journal)).toEqual(["will retry in 60 s, attempt 2 of 10", "acknowledged"]);
  expect(shown).toHaveLength(3);
});

function listFrom(password: string) {
  return deliveries.appInbox.list({
    mount: "/hooks",
    auth: { username: "inbox", password },
    count: 3,
  });
}

/** The app until the end of the test. */
function start() {
  const shown: string[] = [];
  const receiver = makeReceiver({ password: "a-password", show: ({ id }) => void shown.push(id) });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  return { app, shown };
}

function concluded(journal: Journal): string[] {
  return journal.map((entry) => entry.concluded.says);
}
