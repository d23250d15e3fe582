/** What Upsales gets from the app, over HTTP; what is posted later ends in a list. */
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver, type Settings } from "../src/receiver.ts";

const callbackUrl = "https://integration.upsales.com/callback/3f2504e0-4f89-11d3-9a0c-0305e82c3301";

/** What every request of Upsales has. */
const base = {
  appId: 123,
  date: "2024-04-12T07:07:19.000Z",
  authenticationKey: "a-key",
  customer: { id: 10488, name: "Acme AB" },
  user: { id: 1, name: "User Name", email: "user@example.com" },
};

const run = { ...base, data: { companyIds: [1, 2] }, callbackUrl };
const callback = { status: 1, notify: "Crunched 2 companies" };

it("answers a run that is done in time with its callback, and posts nothing", async () => {
  const { app, receiver, posts } = start();
  await request(app).post("/hooks/external").send(run).expect(200, { callback });
  await receiver.idle();
  expect(posts).toEqual([]);
});

it("acknowledges a run that takes longer, and posts its callback once it is done", async () => {
  const { app, receiver, posts } = start({ crunchSeconds: 0.2, answerWithin: "50ms" });
  await request(app).post("/hooks/external").send(run).expect(200, {});
  await receiver.idle();
  expect(posts).toEqual([{ url: callbackUrl, body: callback }]);
});

it("answers a saved order at once", async () => {
  const { app } = start();
  const answer = await request(app)
    .post("/hooks/orderinsert/7")
    .send({ ...base, data: { object: { id: 7 } }, callbackUrl })
    .expect(200);
  expect(answer.body).toEqual({ callback: { message: "Order 7 of Acme AB was seen" } });
});

it("shows the log entry behind a notification as a widget", async () => {
  const { app } = start();
  const shown = await request(app)
    .post("/hooks/widget/notification")
    .send({ ...base, data: { id: 99, message: "**Done**" } })
    .expect(200);
  expect(shown.body.rows).toContainEqual({ type: "markdown", markdown: "**Done**" });
});

it("lets nobody in who does not have the key", async () => {
  const { app } = start();
  const answer = await request(app)
    .post("/hooks/external")
    .send({ ...run, authenticationKey: "a guess" });
  expect(answer.status).toBe(401);
});

/** The app until the end of the test, and what it posts. */
function start(settings: Partial<Settings> = {}) {
  const posts: { url: string; body: unknown }[] = [];
  const receiver = makeReceiver({
    key: "a-key",
    // stands where `fetch` does, so that no test posts to Upsales
    transport: async (url, { body }) => {
      posts.push({ url, body: JSON.parse(body ?? "") });
      return new Response();
    },
    ...settings,
  });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  return { app, receiver, posts };
}
