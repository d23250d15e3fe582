/** A workflow tool by a stranger's definition: a task is handed over, and its answer is posted to where the workflow waits. */
import { createGuardedFetch } from "@answerback/node";
import { judgeBy, printReport, scenariosFor, simulate } from "@answerback/simulator";
import { createReceiver, PermanentError } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { serveCallbacks, type Behave } from "../guarded-fetch/callback-server.ts";
import { localFetch } from "../guarded-fetch/guarded-post.ts";
import { manualClock } from "../support/manual-clock.ts";
import { n8n } from "./n8n.ts";
import { deliver, judged, openOwn, two } from "./support.ts";

const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";

const sender = simulate({
  name: "n8n",
  patience: "60s",
  retries: ["5s", "5s", "5s"],
  sign: () => ({ "x-workflow-secret": secret }),
  callback: {
    urlOf: ({ body }) => JSON.parse(String(body)).resumeUrl,
    acknowledgedFirst: true,
    refusal: (why) => ({ status: why === "already used" ? 409 : 404, body: { message: `it is ${why}` } }),
  },
  answer: { approved: true },
  example: (n) => task(n),
});

describe.each(two)("$name", (framework) => {
  it("any.37 posts the answer to any host, on a port of its own, by a guarded fetch", async () => {
    const waiting = await serveCallbacks();
    const house = await openOwn(framework, {
      provider: n8n(secret),
      transport: localFetch(),
      handle: () => ({ approved: true }),
    });
    const { status, text } = await deliver(house, sender.delivery(task(1, waiting.port)));
    expect([status, text]).toEqual([200, ""]);
    await house.receiver.idle();
    expect(waiting.requests).toMatchObject([
      {
        method: "POST",
        servername: "callback.example",
        path: "/webhook-waiting/1",
        body: '{"approved":true}',
      },
    ]);
  });

  it("any.37 any.40 posts again where the workflow does not wait yet, and once however often the task comes", async () => {
    const clock = manualClock();
    const answers: Behave[] = [
      (res) => res.writeHead(409).end('{"message":"The execution \\"1\\" is running already."}'),
      (res) => res.end("ok"),
    ];
    const waiting = await serveCallbacks((res, raw) => answers.shift()!(res, raw));
    const house = await openOwn(framework, {
      provider: n8n(secret),
      clock,
      transport: localFetch(),
      handle: () => ({ approved: true }),
    });
    await deliver(house, sender.delivery(task(1, waiting.port)));
    await expect.poll(() => waiting.requests.length).toBe(1);
    await expect.poll(async () => (await clock.advance(1_000), waiting.requests.length)).toBe(2);
    expect((await deliver(house, sender.delivery(task(1, waiting.port)))).status).toBe(200);
    await house.receiver.idle();
    expect([waiting.requests.length, house.events.length]).toEqual([2, 1]);
  });

  it("any.42 accepts with 202 what takes long", async () => {
    const clock = manualClock();
    const waiting = await serveCallbacks();
    const handle = () => new Promise((done) => void clock.after(600_000, () => done({ approved: false })));
    const options = { answerWithin: "5s" };
    const house = await openOwn(framework, {
      provider: n8n(secret),
      clock,
      transport: localFetch(),
      handle,
      options,
    });
    const answer = deliver(house, sender.delivery(task(1, waiting.port)));
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(5_000);
    expect((await answer).status).toBe(202);
    await clock.advance(600_000);
    await expect.poll(() => waiting.requests.map(({ body }) => body)).toEqual(['{"approved":false}']);
  });

  it("fails the node in time, and lets the workflow go on when its accepted task is dead", async () => {
    const clock = manualClock();
    const waiting = await serveCallbacks();
    const handle = async ({ data }: any) => {
      if (data.executionId === "2") await new Promise((done) => void clock.after(9_000, () => done(0)));
      throw new PermanentError("nobody knows this customer");
    };
    const options = { answerWithin: "5s" };
    const given = { provider: n8n(secret), clock, transport: localFetch(), handle, options };
    const house = await openOwn(framework, given);
    const inTime = await deliver(house, sender.delivery(task(1, waiting.port)));
    expect([inTime.status, inTime.text]).toEqual([422, '{"code":"permanent"}']);
    const late = deliver(house, sender.delivery(task(2, waiting.port)));
    await expect.poll(() => house.events.length).toBe(2);
    await clock.advance(5_000);
    expect((await late).status).toBe(202);
    await clock.advance(5_000);
    await expect
      .poll(() => waiting.requests.map(({ path, body }) => [path, body]))
      .toEqual([["/webhook-waiting/2", '{"error":"permanent"}']]);
  });

  it("any.37 reaches into no network of ours", async () => {
    const transport = createGuardedFetch({ ports: [5678] });
    const house = await openOwn(framework, {
      provider: n8n(secret),
      clock: manualClock(),
      transport,
      handle: () => ({}),
    });
    const send = (resumeUrl: string) => {
      const { json, ...one } = task(1);
      return deliver(house, sender.delivery({ ...one, json: { ...json, resumeUrl } }));
    };
    expect((await send("http://n8n.customer.example:5678/webhook-waiting/1")).status).toBe(400);
    expect((await send("https://127.0.0.1:5678/webhook-waiting/1")).status).toBe(200);
    await expect
      .poll(() => house.told.map(({ facts }) => facts.code))
      .toEqual(["malformed", "callback_failed"]);
    expect(house.told[1]!.error.cause).toMatchObject({ code: "ERR_BLOCKED_ADDRESS" });
  });

  it("any.37 asks for a transport of the app's", async () => {
    expect(() => createReceiver(n8n(secret), { handle: () => ({}) })).toThrow(/transport/);
  });
});

it("any.37 is what the tool expects of a receiver", async () => {
  const subject = judged(n8n(secret), ({ data }) => data.executionId, {
    answerWithin: "5s",
    otherwise: { approved: true },
  });
  const report = await judgeBy(scenariosFor(sender), subject, { mount: "/hooks/own" });
  expect(report.findings.length === 0 || printReport(report)).toBe(true);
});

function task(n: number, port = 5678) {
  const resumeUrl = `https://callback.example:${port}/webhook-waiting/${n}`;
  const json = { executionId: String(n), task: "approve", input: { total: 100 * n }, resumeUrl };
  return { event: "task", id: json.executionId, json, mount: "/hooks/own" };
}
