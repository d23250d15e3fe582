/** What the provider concludes of the app, attempt by attempt; the minutes between them take no time. */
import type { Contact } from "@answerback/core";
import { deliveries, faultsInTurn, play, type Journal } from "@answerback/simulator";
import { expect, it, onTestFinished, vi } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const registered = { mount: "/hooks", auth: { username: "postback", password: "a-password" } };

it("keeps a contact once, although the answer is lost twice", async () => {
  const { app, contacts } = start();
  const kept = vi.spyOn(contacts, "set");
  const created = deliveries.postback.contactCreate(registered);
  const journal = await play(app, created, { faults: faultsInTurn("drop response", "drop response") });
  expect(concluded(journal)).toEqual([
    "contact.create: will retry in 300 s, attempt 2 of 5",
    "contact.create: will retry in 300 s, attempt 3 of 5",
    "contact.create: acknowledged",
  ]);
  expect(kept).toHaveBeenCalledTimes(1);
});

it("takes an update that overtook its creation the second time", async () => {
  const { app, contacts } = start();
  const data = { id: "11e66c8a943ff4b2bf1b2102", email: "lue@example.com" };
  const created = deliveries.postback.contactCreate({ ...registered, data: { ...data, email: null } });
  const updated = deliveries.postback.contactUpdate({ ...registered, data });
  expect(concluded(await play(app, [updated, created]))).toEqual([
    "contact.update: will retry in 300 s, attempt 2 of 5",
    "contact.create: acknowledged",
    "contact.update: acknowledged",
  ]);
  expect(contacts.get(data.id)).toMatchObject({ email: data.email });
});

/** The app until the end of the test. */
function start() {
  const contacts = new Map<string, Contact>();
  const receiver = makeReceiver({ password: "a-password", contacts });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  return { app, contacts };
}

function concluded(journal: Journal): string[] {
  return journal.map(({ event, concluded: { says } }) => `${event}: ${says}`);
}
