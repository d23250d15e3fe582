/** What Upsales gets from the app, over HTTP: on both platforms, with Nest's `rawBody` and without. */
import { memory } from "@answerback/core";
import type { INestApplication } from "@nestjs/common";
import request from "supertest";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createExpressApp, createFastifyApp } from "../src/app.ts";
import { Orders } from "../src/orders.ts";
import { Upsales } from "../src/upsales.ts";

const order = {
  appId: 123,
  date: "2024-04-12T07:07:19.000Z",
  authenticationKey: "a-key",
  customer: { id: 10488, name: "Acme AB" },
  user: { id: 1, name: "User Name", email: "user@example.com" },
  data: { object: { id: 7 } },
  callbackUrl: "https://integration.upsales.com/callback/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
};

describe.each([
  ["Express", createExpressApp, false],
  ["Express, with rawBody", createExpressApp, true],
  ["Fastify", createFastifyApp, false],
  ["Fastify, with rawBody", createFastifyApp, true],
])("%s", (_platform, createApp, rawBody) => {
  /** The app until the end of the test. */
  async function start(): Promise<INestApplication> {
    const app = await createApp(
      { key: "a-key", backend: memory(), onError: () => {} },
      { rawBody, logger: false },
    );
    onTestFinished(() => app.close());
    await app.listen(0);
    return app;
  }

  it("answers a saved order by a service of the app", async () => {
    const app = await start();
    const answer = await request(app.getHttpServer()).post("/upsales/orderinsert/7").send(order).expect(200);
    expect(answer.body).toEqual({ callback: { message: "Order 7 is one of 1 today" } });
    expect(app.get(Orders).count()).toBe(1);
  });

  it("reads the body itself: what is no JSON does not get the answer of Nest's parser", async () => {
    const app = await start();
    const answer = await request(app.getHttpServer()).post("/upsales/external").type("json").send("{");
    expect([answer.status, answer.body]).toEqual([400, { code: "malformed" }]);
  });

  it("lets nobody in who does not have the key", async () => {
    const app = await start();
    const guess = { ...order, authenticationKey: "a guess" };
    await request(app.getHttpServer()).post("/upsales/orderinsert/7").send(guess).expect(401);
    expect(app.get(Orders).count()).toBe(0);
  });

  it("closes the receiver with the app", async () => {
    const app = await start();
    const close = vi.spyOn(app.get(Upsales).receiver, "close");
    await app.close();
    expect(close).toHaveBeenCalledOnce();
  });

  it("leaves what Upsales does not send to Nest", async () => {
    const app = await start();
    const answer = await request(app.getHttpServer()).post("/upsales/nothing").send({}).expect(404);
    expect(answer.body).toMatchObject({ message: "Cannot POST /upsales/nothing" });
  });
});
