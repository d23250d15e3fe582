/** What the app does with a topic's notifications, over HTTP. */
import { senders, signed, type RawDelivery } from "@answerback/simulator";
import request from "supertest";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";

const topicArn = "arn:aws:sns:eu-west-1:123456789012:MyTopic";
const sns = senders.sns({ topicArn });
const hello = { mount: "/hooks", fields: { Message: "Hello" } };

it("reads a message once, however often SNS sends it", async () => {
  const { read, send } = start();
  await send(sns.notification(hello)).expect(200);
  await send(sns.notification(hello)).expect(200);
  expect(read).toEqual(["Hello"]);
});

it("lets in no other topic, and nothing that Amazon has not signed", async () => {
  const { read, send } = start();
  await send(senders.sns({ topicArn: `${topicArn}2` }).notification(hello)).expect(401);
  await send(senders.sns({ topicArn }).notification(hello)).expect(401);
  expect(read).toEqual([]);
});

/** The app until the end of the test, and a way to send it a delivery. */
function start() {
  const read: string[] = [];
  const receiver = makeReceiver({
    topicArn,
    read: (message) => void read.push(message),
    fetch: async () => new Response(sns.certificate),
    onError: () => {},
  });
  onTestFinished(() => receiver.close());
  const app = createApp(receiver);
  const send = (delivery: RawDelivery) => {
    const { path, headers, body } = signed(delivery);
    return request(app).post(path).set(headers).send(body);
  };
  return { read, send };
}
