/** What a postback does to the contacts, and what is answered to it, over HTTP. */
import type { Contact } from "@answerback/core";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const lue = { id: "11e66c8a943ff4b2bf1b2102", last_name: "Lue", email: null };

it("keeps a contact that was created, changes it, and lets it go", async () => {
  const { contacts, postback } = start();
  await postback("CREATE", lue).expect(200);
  await postback("UPDATE", { ...lue, email: "lue@example.com" }).expect(200);
  expect(contacts.get(lue.id)).toMatchObject({ last_name: "Lue", email: "lue@example.com" });
  await postback("DELETE", { id: lue.id }).expect(200);
  expect(contacts.size).toBe(0);
});

it("handles a postback that comes again once", async () => {
  const { contacts, postback } = start();
  await postback("CREATE", lue).expect(200);
  contacts.clear();
  await postback("CREATE", lue, { attempt: 2 }).expect(200);
  expect(contacts.size).toBe(0);
});

it("asks for another attempt when an update overtook its creation", async () => {
  const { contacts, postback } = start();
  const changed = { ...lue, email: "lue@example.com" };
  await postback("UPDATE", changed).expect(503).expect("Retry-After", "300");
  await postback("CREATE", lue).expect(200);
  await postback("UPDATE", changed, { attempt: 2 }).expect(200);
  expect(contacts.get(lue.id)).toMatchObject({ email: "lue@example.com" });
});

it("acknowledges a contact that it can never keep, and keeps it as a dead letter", async () => {
  const { receiver, contacts, postback } = start();
  await postback("CREATE", { id: lue.id }).expect(200);
  expect(contacts.size).toBe(0);
  const [letter] = await receiver.deadLetters.list();
  expect(letter).toMatchObject({ name: "contact.create", error: { code: "permanent" } });
});

it("lets both passwords in while they rotate, and no other", async () => {
  const { contacts, postback } = start();
  await postback("CREATE", lue, { password: "a guess" }).expect(401);
  expect(contacts.size).toBe(0);
  await postback("CREATE", lue, { password: "old" }).expect(200);
  await postback("DELETE", lue, { password: "new" }).expect(200);
  expect(contacts.size).toBe(0);
});

/** The app until the end of the test, and a way to send it what the provider would. */
function start() {
  const contacts = new Map<string, Contact>();
  const receiver = makeReceiver({ password: "new", oldPassword: "old", contacts });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());

  const postback = (type: string, data: object, { attempt = 1, password = "new" } = {}) =>
    request(app)
      .post("/hooks")
      .auth("postback", password)
      .type("form")
      .send({ type, resource: "contact", number_of_attempts: attempt, data: JSON.stringify(data) });
  return { receiver, contacts, postback };
}
