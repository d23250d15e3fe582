/** What Slack gets from the app, over HTTP; what is posted later ends in a list. */
import { senders, signed } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver, type Settings } from "../src/receiver.ts";

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const slack = senders.slack({ signingSecret });
const response_url = "https://hooks.slack.com/commands/T024BE7LD/1/3f2504e04f8911d39a0c";
const crunched = { response_type: "in_channel", text: "Crunched 11 letters." };

it("answers a command that is done in time, and posts nothing", async () => {
  const { command, receiver, posts } = start();
  await command("one two three").expect(200, crunched);
  await receiver.idle();
  expect(posts).toEqual([]);
});

it("acknowledges a command that takes longer, and posts its answer once it is done", async () => {
  const { command, receiver, posts } = start({ crunchSeconds: 0.2, answerWithin: "50ms" });
  await command("one two three").expect(200, "");
  await receiver.idle();
  expect(posts).toEqual([{ url: response_url, body: crunched }]);
});

it("tells who waits how far it is", async () => {
  const { command, receiver, posts } = start({ crunchSeconds: 0.2, tellAfterSeconds: 0.05 });
  await command("one two three").expect(200, "");
  await receiver.idle();
  expect(posts.map(({ body }) => body)).toEqual([
    { text: "Half of it is done: 6 letters so far." },
    crunched,
  ]);
});

it("says how it is used", async () => {
  const { command, posts } = start();
  await command(" ").expect(200, { text: "Crunch what? Try `/crunch one two three`." });
  expect(posts).toEqual([]);
});

it("lets nobody in but Slack", async () => {
  const { app, posts } = start();
  await request(app).post("/hooks").type("form").send({ command: "/crunch", text: "one" }).expect(401);
  expect(posts).toEqual([]);
});

/** The app until the end of the test, what it posts, and a way to send it what Slack would. */
function start(settings: Partial<Settings> = {}) {
  const posts: { url: string; body: unknown }[] = [];
  const receiver = makeReceiver({
    signingSecret,
    // stands where `fetch` does, so that no test posts to Slack
    transport: async (url, { body }) => {
      posts.push({ url, body: JSON.parse(body ?? "") });
      return new Response("ok");
    },
    ...settings,
  });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());

  const command = (text: string) => {
    const { path, headers, body } = signed(
      slack.command({ mount: "/hooks", fields: { text, response_url } }),
    );
    return request(app).post(path).set(headers).send(body);
  };
  return { app, receiver, posts, command };
}
