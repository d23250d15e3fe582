/** Slack as a sender: its bytes, its signature, its retries, and what it takes at a response_url. */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { callbackUrls, play, senders, signed } from "@answerback/simulator";
import type { AnyDelivery, Clock, Journal } from "@answerback/simulator";
import { describe, expect, test } from "vitest";

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const slack = senders.slack({ signingSecret });
const said = (journal: Journal) => journal.map(({ concluded }) => concluded.says);
const sleep = (clock: Clock, ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
const message = { method: "POST", headers: { "content-type": "application/json" }, body: '{"text":"Done"}' };

/** What a receiver that answers so and posts so brings about. */
async function answered(
  delivery: AnyDelivery,
  {
    status = 200,
    body = "",
    posts = 0,
    firstInMs = 40_000,
    headers = {},
  }: Partial<Record<"status" | "posts" | "firstInMs", number>> & {
    body?: string;
    headers?: Record<string, string>;
  },
) {
  const callbacks = callbackUrls();
  const { clock, transport } = callbacks;
  const url = delivery.protocol!.callback?.urlOf(delivery) ?? "";
  const replies: [number, string][] = [];
  let posting = Promise.resolve();
  const postAll = async () => {
    for (let n = 0; n < posts; n++) {
      const reply = await transport(url, message);
      replies.push([reply.status, await reply.text()]);
    }
  };
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
    if (posts > 0) posting = sleep(clock, firstInMs).then(postAll);
  });
  const journal = await play(server, delivery, { callbacks, callbackWithinMs: 3_600_000 });
  await posting;
  return { journal, replies };
}

describe("bytes", () => {
  test("a command is a flat form, as Bolt types it", () => {
    const { headers, body, id } = slack.command({ fields: { text: "94070", user_name: undefined } });
    const form = Object.fromEntries(new URLSearchParams(body));
    expect(headers).toMatchObject({ "Content-Type": "application/x-www-form-urlencoded" });
    expect(Object.keys(form)).toEqual([
      ...["token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "command", "text"],
      ...["api_app_id", "is_enterprise_install", "response_url", "trigger_id"],
    ]);
    expect(form).toMatchObject({ text: "94070", trigger_id: id });
    expect(form["response_url"]).toMatch(/^https:\/\/hooks\.slack\.com\/commands\/T/);
  });

  test("an interaction is one field of JSON", () => {
    const form = new URLSearchParams(slack.blockActions().body);
    expect([...form.keys()]).toEqual(["payload"]);
    expect(JSON.parse(form.get("payload")!)).toMatchObject({
      type: "block_actions",
      actions: [{ type: "button" }],
    });
    const modal = slack.viewSubmission();
    expect(modal.protocol!.callback!.urlOf(modal)).toBeUndefined();
  });

  test("an event stands in its envelope, with its id", () => {
    const { body, id } = slack.event({ fields: { type: "reaction_added" } });
    expect(JSON.parse(body)).toMatchObject({
      type: "event_callback",
      event_id: id,
      event: { type: "reaction_added" },
    });
  });

  test("the signature is that of the documentation's example", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const { headers } = signed({ ...slack.command(), body }, { at: 1_531_420_618_000 });
    expect(headers).toMatchObject({
      "X-Slack-Request-Timestamp": "1531420618",
      "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    });
  });
});

describe("what it concludes", () => {
  test("a command is sent once, an event four times, with the number and the reason of the retry", async () => {
    expect(said((await answered(slack.command(), { status: 500 })).journal)).toEqual([
      "will never retry: 500",
    ]);
    const seen: unknown[] = [];
    const flaky = createServer((request, response) => {
      const {
        "x-slack-retry-num": number,
        "x-slack-retry-reason": reason,
        "x-slack-request-timestamp": at,
      } = request.headers;
      let body = "";
      request
        .on("data", (chunk) => (body += String(chunk)))
        .on("end", () => {
          const digest = createHmac("sha256", signingSecret)
            .update(`v0:${String(at)}:${body}`)
            .digest("hex");
          seen.push([number, reason, request.headers["x-slack-signature"] === `v0=${digest}`]);
          if (seen.length !== 2) response.writeHead(503).end();
        });
    });
    const journal = await play(flaky, slack.event());
    expect(said(journal)).toEqual([
      "will retry in 0 ms, attempt 2",
      "will retry in 60 s, attempt 3",
      "will retry in 300 s, attempt 4",
      "gave up after 4 attempts",
    ]);
    expect(journal.map(({ atMs }) => atMs)).toEqual([0, 0, 63_000, 363_000]);
    expect(seen).toEqual([
      [undefined, undefined, true],
      ["1", "http_error", true],
      ["2", "http_timeout", true],
      ["3", "http_error", true],
    ]);
  });

  test("x-slack-no-retry turns the retries off", async () => {
    const { journal } = await answered(slack.event(), { status: 500, headers: { "x-slack-no-retry": "1" } });
    expect(said(journal)).toEqual(["gave up after 1 attempt"]);
  });

  test("the challenge may come back as text, as a form, or as JSON", async () => {
    const delivery = slack.urlVerification();
    const { challenge } = JSON.parse(delivery.body);
    for (const body of [challenge, `challenge=${challenge}`, JSON.stringify({ challenge })])
      expect(said((await answered(delivery, { body })).journal)).toEqual(["acknowledged"]);
    const { journal } = await answered(delivery, { body: "{}" });
    expect(said(journal)[0]).toMatch(/^will retry/);
  });
});

describe("the response_url", () => {
  test("takes five messages, the inline one not among them, and then says used_url", async () => {
    const { journal, replies } = await answered(slack.command(), { body: "One moment", posts: 6 });
    const accepted = Array.from({ length: 6 }, () => "callback accepted");
    expect(said(journal).slice(0, 7)).toEqual(["acknowledged", ...accepted]);
    expect(replies.slice(4)).toEqual([
      [200, "ok"],
      [404, '{"ok":false,"error":"used_url"}'],
    ]);
  });

  test("takes them for thirty minutes, and then says expired_url", async () => {
    const { replies } = await answered(slack.blockActions(), { posts: 1, firstInMs: 1_800_001 });
    expect(replies).toEqual([[404, '{"ok":false,"error":"expired_url"}']]);
  });

  test("takes messages alone", async () => {
    const { callbacks, url } = await opened();
    const refusals = [];
    for (const body of ["{", "[]", "{}"])
      refusals.push((await callbacks.transport(url, { ...message, body })).status);
    refusals.push((await callbacks.transport(url, { ...message, headers: {} })).status);
    refusals.push((await callbacks.transport(url, { ...message, method: "PUT" })).status);
    expect(refusals).toEqual([400, 400, 400, 400, 405]);
  });

  async function opened() {
    const callbacks = callbackUrls();
    const delivery = slack.command();
    await play((_, response) => response.end(), delivery, { callbacks });
    return { callbacks, url: delivery.protocol!.callback!.urlOf(delivery)! };
  }
});
