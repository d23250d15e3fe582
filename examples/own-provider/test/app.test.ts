/** What the app does with Acme's orders, over HTTP. */
import { signed } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver, type Settings } from "../src/receiver.ts";
import { acme, order, secret } from "./acme.ts";

it("answers an order in the reply, and once however often it comes", async () => {
  const { post, asked } = start(() => true);
  await post().expect(200, { accept: true });
  await post().expect(200, "");
  expect(asked).toEqual(["A-1"]);
});

it("says why it refuses", async () => {
  const { post, asked } = start(() => false);
  await post().expect(200, { accept: false, note: "out of stock" });
  expect(asked).toEqual(["A-1"]);
});

it("lets nobody in who does not sign, or signs something else", async () => {
  const { post, asked } = start(() => true);
  await post({ "X-Acme-Signature": "v1=00" }).expect(401);
  await post({ "X-Acme-Timestamp": "1" }).expect(401);
  expect(asked).toEqual([]);
});

/** The app until the end of the test, and a way to send it what Acme would. */
function start(inStock: Settings["inStock"]) {
  const asked: string[] = [];
  const receiver = makeReceiver({
    secret,
    inStock: (number) => (asked.push(number), inStock(number)),
    onError: () => {},
  });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  const post = (headers: Record<string, string> = {}) => {
    const { path, headers: own, body } = signed(acme.delivery(order()));
    return request(app)
      .post(path)
      .set({ ...own, ...headers })
      .send(body);
  };
  return { post, asked };
}
