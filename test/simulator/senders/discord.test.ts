/** Discord as a sender: its bytes, its signature, three seconds, and what it takes at an interaction's webhook. */
import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { callbackUrls, play, senders, signed } from "@answerback/simulator";
import type { AnyDelivery, Clock, Journal, TransportInit } from "@answerback/simulator";
import { describe, expect, test } from "vitest";

const discord = senders.discord();
const said = (journal: Journal) => journal.map(({ concluded }) => concluded.says);
const sleep = (clock: Clock, ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
const deferral = '{"type":5}';
const edit = { method: "PATCH", headers: { "content-type": "application/json" }, body: '{"content":"Done"}' };
const followUp = { ...edit, method: "POST" };
const original = "/messages/@original";

type Request = readonly [path: string, init: TransportInit];

/** What a receiver brings about that answers so, after `afterMs`, and posts so, after `postsInMs` or before its answer. */
async function answered(
  delivery: AnyDelivery,
  {
    body = deferral,
    status = 200,
    afterMs = 0,
    requests = [],
    postsInMs = 40_000,
  }: {
    body?: string;
    status?: number;
    afterMs?: number;
    requests?: readonly Request[];
    postsInMs?: number | "before";
  },
) {
  const callbacks = callbackUrls();
  const { clock, transport } = callbacks;
  const url = delivery.protocol!.callback?.urlOf(delivery) ?? "";
  const replies: [number, unknown][] = [];
  const post = async () => {
    for (const [path, init] of requests) {
      const reply = await transport(url + path, init);
      replies.push([reply.status, reply.status === 204 ? undefined : Object(await reply.json()).code]);
    }
  };
  const answer = async (response: ServerResponse) => {
    if (postsInMs === "before") await post();
    if (afterMs) await sleep(clock, afterMs);
    response.writeHead(status).end(body);
    if (postsInMs === "before") return;
    await sleep(clock, postsInMs);
    await post();
  };
  const server = createServer((request, response) => {
    request.resume();
    void answer(response);
  });
  const journal = await play(server, delivery, { callbacks, callbackWithinMs: 3_600_000 });
  return { journal, replies, callbacks };
}

describe("bytes", () => {
  test("an interaction has the fields of the page, and an Ed25519 signature over timestamp and body", () => {
    const delivery = signed(discord.command(), { at: 1_700_000_000_999 });
    expect(JSON.parse(delivery.body)).toMatchObject({
      type: 2,
      version: 1,
      data: { name: "crunch" },
      entitlements: [],
    });
    expect(delivery.headers["X-Signature-Timestamp"]).toBe("1700000000");
    const prefix = Buffer.from("302a300506032b6570032100", "hex");
    const key = createPublicKey({
      key: Buffer.concat([prefix, Buffer.from(discord.publicKey, "hex")]),
      format: "der",
      type: "spki",
    });
    const signature = Buffer.from(delivery.headers["X-Signature-Ed25519"]!, "hex");
    expect(verify(null, Buffer.from(`1700000000${delivery.body}`), key, signature)).toBe(true);
    expect(verify(null, Buffer.from(`1700000001${delivery.body}`), key, signature)).toBe(false);
  });

  test("a webhook event stands in its envelope", () => {
    expect(JSON.parse(discord.webhookEvent().body)).toMatchObject({
      version: 1,
      type: 1,
      event: { type: "APPLICATION_AUTHORIZED" },
    });
    expect(discord.component().event).toBe("component approve");
  });

  test("a key may be given, as PEM", () => {
    const pem =
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    const publicKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    expect(senders.discord({ privateKey: pem }).publicKey).toBe(publicKey);
  });
});

describe("what it concludes", () => {
  test.for<[string, AnyDelivery, string, number, string]>([
    ["a PING", discord.ping(), '{"type":1}', 200, "acknowledged"],
    ["a PING", discord.ping(), '{"type":5}', 200, 'will never retry: 200, it must be {"type":1}'],
    ["a webhook PING", discord.webhookPing(), "", 204, "acknowledged"],
    ["a webhook event", discord.webhookEvent(), "", 204, "acknowledged"],
    ["a webhook event", discord.webhookEvent(), "{}", 200, "will retry in 10 s, attempt 2 of 6"],
    ["a command", discord.command(), '{"type":4,"data":{"content":"Hi"}}', 200, "acknowledged"],
    ["a command", discord.command(), "{}", 200, "will never retry: 200, undefined is no type of a response"],
    ["a command", discord.command(), "", 202, "acknowledged"],
  ])("%s answered with %s %s", async ([, delivery, body, status, says]) => {
    expect(said((await answered(delivery, { body, status })).journal)[0]).toBe(says);
  });
});

describe("the interaction's webhook", () => {
  test("takes any number of edits after a deferral, for fifteen minutes", async () => {
    const many = Array.from({ length: 8 }, (): Request => [original, edit]);
    const { journal, callbacks } = await answered(discord.command(), { requests: many, postsInMs: 899_000 });
    expect(said(journal)).toEqual(["acknowledged", ...many.map(() => "callback accepted")]);
    expect(callbacks.uses[0]).toMatchObject({ method: "PATCH", how: "posted" });
    const late = await answered(discord.command(), { requests: [[original, edit]], postsInMs: 900_001 });
    expect(late.replies).toEqual([[401, 50_027]]);
  });

  test("knows nothing before the answer, and nothing when there was none in three seconds", async () => {
    const early = await answered(discord.command(), { requests: [[original, edit]], postsInMs: "before" });
    expect(early.replies).toEqual([[404, 10_015]]);
    expect(said(early.journal)[0]).toBe("callback refused: posted before the acknowledgement");
    const slow = await answered(discord.command(), {
      afterMs: 3_001,
      requests: [[original, edit]],
      postsInMs: 5_000,
    });
    expect(said(slow.journal)[0]).toBe("will never retry: no answer in 3 s");
    expect(slow.replies).toEqual([[404, 10_015]]);
  });

  test("takes edits after a message, follow-ups, and the same under another version of the API", async () => {
    const delivery = discord.command();
    const { journal, callbacks } = await answered(delivery, {
      body: '{"type":4,"data":{"content":"Hi"}}',
      requests: [
        [original, edit],
        ["", followUp],
        ["/messages/123?with_components=true", edit],
      ],
    });
    expect(said(journal)).toEqual(["acknowledged", ...Array.from({ length: 4 }, () => "callback accepted")]);
    const other = delivery.protocol!.callback!.urlOf(delivery)!.replace("/v10/", "/v9/");
    expect(callbacks.knows(other + original)).toBe(true);
    expect(callbacks.knows(`${other}x`)).toBe(false);
  });

  test.for<[string, Request, [number, unknown]]>([
    ["an empty message", [original, { ...edit, body: "{}" }], [400, 50_006]],
    [
      "too long a message",
      [original, { ...edit, body: JSON.stringify({ content: "x".repeat(2_001) }) }],
      [400, 50_035],
    ],
    ["no JSON", [original, { ...edit, body: "{" }], [400, 50_109]],
    ["a PATCH of the webhook", ["", edit], [405, 0]],
    ["a POST of a message", [original, followUp], [405, 0]],
    ["a PUT", [original, { ...edit, method: "PUT" }], [405, 0]],
    ["a DELETE, which is fine", [original, { method: "DELETE" }], [204, undefined]],
  ])("%s", async ([, request, reply]) => {
    const { replies } = await answered(discord.command(), { requests: [request] });
    expect(replies).toEqual([reply]);
  });

  test("takes five follow-ups where the app is installed for the user alone", async () => {
    const delivery = discord.command({
      fields: { authorizing_integration_owners: { "1": "80351110224678912" } },
    });
    const six = Array.from({ length: 6 }, (): Request => ["", followUp]);
    const message = await answered(delivery, { body: '{"type":4,"data":{"content":"Hi"}}', requests: six });
    expect(message.replies.map(([status]) => status)).toEqual([200, 200, 200, 200, 200, 400]);
    // the first after a deferral is an edit
    const deferred = await answered(delivery, { requests: six });
    expect(deferred.replies.map(([status]) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  });
});
