/** X's Account Activity API by a stranger's definition, and by X as a sender. */
import { createHmac } from "node:crypto";
import { judgeBy, printReport, scenariosFor, simulate, type DeliveryOptions } from "@answerback/simulator";
import { describe, expect, it } from "vitest";
import { deliver, judged, openOwn, two } from "./support.ts";
import { x } from "./x.ts";

const secret = "k3y-of-the-consumer-0b6f4a3c9d1e";
const mac = (text: string | Uint8Array) =>
  `sha256=${createHmac("sha256", secret).update(text).digest("base64")}`;

const sender = simulate({
  name: "x",
  patience: "3s",
  retries: ["10s", "1m", "3m"],
  taken: ({ status }) => status === 200,
  sign: ({ body }) => ({ "x-twitter-webhooks-signature": mac(body) }),
  handshakes: [challenge("bNjRoN4Y3D4e"), challenge("Zm9v+/YmFy==")],
  repeats: true,
  example: (n) => ({ event: "tweet_create_events", id: `90${n}`, json: tweets(`90${n}`) }),
});

describe.each(two)("$name", (framework) => {
  it("any.34 answers a crc_token again and again, each with its own digest", async () => {
    const house = await openOwn(framework, { provider: x(secret) });
    for (const token of ["bNjRoN4Y3D4e", "Zm9v+/YmFy==", "bNjRoN4Y3D4e"]) {
      const { status, text } = await deliver(
        house,
        sender.delivery({ ...challenge(token), mount: "/hooks/own" }),
      );
      expect([status, JSON.parse(text)]).toEqual([200, { response_token: mac(token) }]);
    }
    expect((await fetch(`${house.url}/hooks/own`)).status).toBe(404);
  });

  it("any.34 signs no crc_token that is a body", async () => {
    const house = await openOwn(framework, { provider: x(secret) });
    const forged = JSON.stringify(tweets("1"));
    const query = new URLSearchParams({ crc_token: forged });
    const answer = await fetch(`${house.url}/hooks/own?${query.toString()}`);
    expect([answer.status, await answer.text()]).toEqual([400, '{"code":"malformed"}']);
    expect(house.told.map(({ facts }) => facts.code)).toEqual(["malformed"]);
  });

  it("any.7 takes a batch apart, and each of its events once", async () => {
    const house = await openOwn(framework, { provider: x(secret) });
    const follow = { type: "follow", created_timestamp: "1", target: { id: "3" }, source: { id: "4" } };
    const json = { ...tweets("901", "902"), follow_events: [follow], users: { 4: { name: "Ada" } } };
    const delivery = sender.delivery({ event: "several", json, mount: "/hooks/own" });
    expect((await deliver(house, delivery)).status).toBe(200);
    expect((await deliver(house, delivery)).status).toBe(200);
    await house.receiver.idle();
    expect(house.events.map(({ type, data }) => [type, data.id_str ?? data.type])).toEqual([
      ["tweet_create_events", "901"],
      ["tweet_create_events", "902"],
      ["follow_events", "follow"],
    ]);
    expect(house.events[0]).toMatchObject({ forUserId: "22", beside: { users: { 4: { name: "Ada" } } } });
  });

  it("keeps posts apart whose number differs past what a number can hold", async () => {
    const house = await openOwn(framework, { provider: x(secret) });
    const near = ["1790000000000000001", "1790000000000000002"];
    const body = `{"for_user_id":"22","tweet_create_events":[${near.map((id) => `{"id":${id},"id_str":"${id}"}`).join()}]}`;
    const headers = { "content-type": "application/json" };
    await deliver(house, sender.delivery({ event: "near", body, headers, mount: "/hooks/own" }));
    await house.receiver.idle();
    expect(house.events.map(({ data }) => data.id_str)).toEqual(near);
  });

  it("hands on the revocation, which is no list, and refuses what nobody signed or holds no event", async () => {
    const house = await openOwn(framework, { provider: x(secret) });
    const revoke = { user_event: { revoke: { date_time: "2026-01-01", source: { user_id: "63046977" } } } };
    const send = (json: unknown, headers = {}) =>
      deliver(house, sender.delivery({ event: "e", json, mount: "/hooks/own" }), headers);
    expect((await send(revoke)).status).toBe(200);
    expect((await send(revoke, { "x-twitter-webhooks-signature": mac("{}") })).status).toBe(401);
    expect((await send({ for_user_id: "22" })).status).toBe(400);
    await house.receiver.idle();
    expect(house.events.map(({ type, data }) => [type, data])).toEqual([["user_event", revoke.user_event]]);
  });
});

it("is what X expects of a receiver", async () => {
  const subject = judged(x(secret), ({ data }) => data.id_str);
  const report = await judgeBy(scenariosFor(sender), subject, { mount: "/hooks/own" });
  expect(report.findings.length === 0 || printReport(report)).toBe(true);
});

function challenge(token: string): DeliveryOptions {
  return {
    event: `crc ${token}`,
    method: "GET",
    path: `/?${new URLSearchParams({ crc_token: token }).toString()}`,
    taken: ({ status, body }) => status === 200 && JSON.parse(body).response_token === mac(token),
  };
}

function tweets(...ids: readonly string[]) {
  return { for_user_id: "22", tweet_create_events: ids.map((id_str) => ({ id_str, text: "Hello" })) };
}
