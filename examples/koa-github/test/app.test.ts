/** What GitHub's events do, and what is answered to them, over HTTP. */
import { senders, signed } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const github = senders.github({ secret: "a-secret" });
const squeaks = { number: 7, title: "The door squeaks" };

it("keeps the title of an issue until it is closed", async () => {
  const { issues, send } = start();
  await send("opened", squeaks).expect(200);
  expect(issues.get(7)).toBe("The door squeaks");
  await send("closed", squeaks).expect(200);
  expect(issues.size).toBe(0);
});

it("handles an event that is delivered again once", async () => {
  const { issues, send } = start();
  await send("opened", squeaks).expect(200);
  issues.clear();
  await send("opened", squeaks).expect(200);
  expect(issues.size).toBe(0);
});

it("lets in what GitHub has signed, and nothing else", async () => {
  const { issues, send } = start();
  await send("opened", squeaks, senders.github({ secret: "a-guess" })).expect(401);
  expect(issues.size).toBe(0);
});

it("acknowledges the ping of a new webhook, and what it has no handler for", async () => {
  const { issues, deliver } = start();
  await deliver(github.ping({ mount: "/hooks" })).expect(200);
  await deliver(github.push({ mount: "/hooks" })).expect(200);
  expect(issues.size).toBe(0);
});

/** The app until the end of the test, and a way to send it what GitHub would. */
function start() {
  const issues = new Map<number, string>();
  const receiver = makeReceiver({
    secret: "a-secret",
    tokenOf: async () => "ghs_token",
    check: async () => [],
    issues,
  });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());

  const deliver = (delivery: ReturnType<typeof github.push>, at = Date.now()) => {
    const { path, headers, body } = signed(delivery, { at });
    return request(app).post(path).set(headers).send(body);
  };
  const send = (action: string, issue: object, from = github) =>
    deliver(
      from.event("issues", {
        mount: "/hooks",
        seed: action === "opened" ? 1 : 2,
        fields: { action, issue },
      }),
    );
  return { issues, deliver, send };
}
