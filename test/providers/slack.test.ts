/** Slack: signed as Bolt checks it, commands and actions answered in time or at their `response_url`, and events. */
import { later, PermanentError } from "@answerback/core";
import { slack } from "@answerback/providers/slack";
import { senders, signed, type AnyDelivery } from "@answerback/simulator";
import { isValidSlackRequest } from "@slack/bolt";
import { describe, expect, it } from "vitest";
import { faulty, two } from "../life-cycle/support.ts";
import type { Sample } from "../support/deliveries.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const sender = senders.slack({ signingSecret });
const mount = "/upsales";

/** A delivery as Slack signs it. */
function sign(delivery: AnyDelivery, { at = Date.now(), secret = signingSecret } = {}): Sample {
  const by = senders.slack({ signingSecret: secret }).command().protocol;
  return signed({ ...delivery, protocol: by } as AnyDelivery, { at }) as Sample;
}

const command = (fields = {}, seed = 1) => sender.command({ mount, seed, fields });
const action = (fields = {}, seed = 1) => sender.blockActions({ mount, seed, fields });
const submission = (fields = {}, seed = 1) => sender.viewSubmission({ mount, seed, fields });
const event = (fields = {}, seed = 1) => sender.event({ mount, seed, fields });

/** A form or JSON that the simulator does not make. */
function other(body: object | string, type: "form" | "json" = "form"): AnyDelivery {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const payload = new URLSearchParams({ payload: text }).toString();
  const headers =
    type === "json"
      ? { "Content-Type": "application/json" }
      : { "Content-Type": "application/x-www-form-urlencoded" };
  return { ...command(), headers, body: type === "json" ? text : payload };
}

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, options = {}) =>
    openHouse(framework, "upsales", {
      provider: slack({ signingSecret, ...options }),
      ...given,
      options: { authenticate: undefined, requireHttps: false, ...given.options },
    });

  /** A house on a clock that stands still, and a durable backend. */
  async function openOnClock(given: HouseOptions = {}) {
    const clock = manualClock();
    const house = await open({ clock, backend: faulty(clock), ...given });
    const deliver = (one: AnyDelivery) => house.deliver(sign(one, { at: clock.now() }));
    return { ...house, clock, deliver };
  }

  describe("slack.1 the signature", () => {
    const stale = Date.now() - 301_000;
    it.each([
      ["good", sign(command()), true],
      ["good, of an event", sign(event()), true],
      ["good, with the older of two secrets", sign(command(), { secret: "the-older-one" }), true],
      ["stale", sign(command(), { at: stale }), false],
      ["of another secret", sign(command(), { secret: "a-stranger's" }), false],
      ["of another body", { ...sign(command()), body: sign(command({ text: "x" })).body }, false],
    ])("of a delivery that is %s is judged as Bolt judges it", async (_, delivery, isGood) => {
      const secrets = [signingSecret, "the-older-one"];
      const headers: any = Object.fromEntries(
        Object.entries(delivery.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      headers["x-slack-request-timestamp"] = Number(headers["x-slack-request-timestamp"]);
      const valid = secrets.some((secret) =>
        isValidSlackRequest({ signingSecret: secret, body: delivery.body, headers }),
      );
      expect(valid).toBe(isGood);
      const house = await open({}, { signingSecret: secrets });
      expect((await house.deliver(delivery)).status).toBe(isGood ? 200 : 401);
    });

    it("is missed before the body is believed", async () => {
      const house = await open({ handle: () => "hello" });
      const { headers: _, ...unsigned } = command();
      const bare = { ...unsigned, headers: { "content-type": "application/x-www-form-urlencoded" } };
      expect((await house.deliver(bare)).status).toBe(401);
      expect(house.told[0]!.error.message).toContain(
        ": no signature of Slack is there; compare the password or secret",
      );
      expect(house.events).toEqual([]);
    });
  });

  it("slack.2 a command is one type; its token and its address are stripped", async () => {
    const house = await open({ handle: { command: () => {} } });
    await house.deliver(sign(command({ text: "main", command: "/deploy" })));
    expect(house.events).toMatchObject([
      { type: "command", callback: true, data: { command: "/deploy", text: "main" } },
    ]);
    const { data } = house.events[0];
    expect(data).toHaveProperty("trigger_id");
    for (const secret of ["token", "response_url"]) expect(data).not.toHaveProperty(secret);
  });

  it("slack.2 an interaction has the type of its payload, which is its data", async () => {
    const house = await open();
    await house.deliver(sign(action()));
    await house.deliver(sign(submission()));
    await house.deliver(sign(other({ type: "dialog_submission", user: { id: "U1" }, trigger_id: "1.2.3" })));
    expect(house.events).toMatchObject([
      { type: "block_actions", callback: true, data: { actions: [{ action_id: "approve" }] } },
      { type: "view_submission", callback: false, data: { view: { callback_id: "order" } } },
      { type: "*", name: "dialog_submission", data: { user: { id: "U1" } } },
    ]);
    expect(JSON.stringify(house.events)).not.toContain("hooks.slack.com");
  });

  it.each([
    ["a payload that is no JSON", other("{")],
    ["a payload that is a list", other("[]")],
    ["a payload without a user", other({ type: "block_actions" })],
    ["a payload with a prototype", other('{"type":"x","user":{"id":"U1"},"__proto__":{"a":1}}')],
    ["a command without a trigger", command({ trigger_id: undefined })],
    ["a form that is neither", { ...command(), body: "a=1" }],
    ["JSON without a type", other({ event: {} }, "json")],
    ["an event without an id", other({ type: "event_callback", event: { type: "message" } }, "json")],
    ["an event without a type", other({ type: "event_callback", event_id: "Ev1", event: {} }, "json")],
    ["a challenge without one", other({ type: "url_verification" }, "json")],
  ])("slack.9 %s is malformed, and not sent again", async (_, delivery) => {
    const house = await open();
    const answer = await house.deliver(sign(delivery));
    expect([answer.status, answer.headers.get("x-slack-no-retry")]).toEqual([400, "1"]);
    expect(house.events).toEqual([]);
  });

  it("slack.9 what fails for now is sent again, and what fails for good is acknowledged", async () => {
    const errors = [new Error("away"), new PermanentError("no such channel")];
    const house = await open({
      handle: () => {
        throw errors.shift();
      },
    });
    const failed = await house.deliver(sign(event()));
    expect([failed.status, failed.headers.get("x-slack-no-retry")]).toEqual([500, null]);
    expect((await house.deliver(sign(event()))).status).toBe(200);
  });

  it("slack.3 a check of the certificate is an empty 200, signed or not, and nothing else", async () => {
    const house = await open();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const check = { path: mount, headers, body: "ssl_check=1&token=x&command=%2Fdeploy&trigger_id=1" };
    expect(await house.deliver(check)).toMatchObject({ status: 200, text: "" });
    expect(await house.deliver(sign({ ...command(), body: check.body }))).toMatchObject({ status: 200 });
    const long = `ssl_check=1&text=${"x".repeat(1_000)}`;
    for (const body of ["ssl_check=0&command=%2Fdeploy&trigger_id=1", "ssl_check=%zz", "", long])
      expect((await house.deliver({ ...check, body })).status).toBe(401);
    expect(house.events).toEqual([]);
  });

  it("slack.4 a challenge is answered, if it is signed", async () => {
    const house = await open();
    const challenge = sender.urlVerification({ mount, fields: { challenge: "3eZbrw1a", other: 1 } });
    expect((await house.deliver(sign(challenge))).json).toEqual({ challenge: "3eZbrw1a" });
    expect((await house.deliver(sign(challenge, { secret: "a-stranger's" }))).status).toBe(401);
    expect(house.events).toEqual([]);
  });

  it("slack.5 an event has the type of the inner one; its envelope stands beside it, the attempt is told", async () => {
    const house = await open();
    const sent = event({ text: "hello" });
    await house.deliver(sign(sent));
    expect(house.events).toMatchObject([
      {
        type: "app_mention",
        data: { type: "app_mention", text: "hello" },
        event_id: sent.id,
        authorizations: [{ is_bot: true }],
        deliveryAttempt: 1,
        callback: false,
      },
    ]);
    expect(house.events[0]).not.toHaveProperty("token");
    await house.deliver(
      sign({ ...event({ type: "brand_new" }, 2), headers: { ...sent.headers, "X-Slack-Retry-Num": "3" } }),
    );
    expect(house.events[1]).toMatchObject({ type: "*", name: "brand_new", deliveryAttempt: 4 });
  });

  it("slack.5 what is JSON and no event is told under its own type", async () => {
    const house = await open();
    const limited = {
      type: "app_rate_limited",
      token: "t",
      team_id: "T1",
      minute_rate_limited: 1_518_467_820,
    };
    for (let times = 0; times < 2; times += 1) await house.deliver(sign(other(limited, "json")));
    expect(house.events).toMatchObject([{ type: "*", name: "app_rate_limited", data: { team_id: "T1" } }]);
    expect(house.events[0].data).not.toHaveProperty("token");
  });

  it.each([
    ["a command", command(), command({}, 2)],
    ["an action", action(), action({}, 2)],
    ["a submission", submission(), submission({}, 2)],
    ["an event", event(), event({}, 2)],
    [
      "a view that was closed",
      other({ type: "view_closed", user: { id: "U1" }, view: { id: "V1", hash: "1" }, is_cleared: false }),
      other({ type: "view_closed", user: { id: "U1" }, view: { id: "V1", hash: "2" }, is_cleared: false }),
    ],
  ])("slack.2 slack.5 %s that comes again is handled once", async (_, one, another) => {
    const house = await open();
    for (const delivery of [one, one, another]) await house.deliver(sign(delivery));
    expect(house.events).toHaveLength(2);
  });

  it("slack.2 the same trigger in another workspace is another event", async () => {
    const house = await open();
    for (const team_id of ["T1", "T2"]) await house.deliver(sign(command({ team_id, trigger_id: "1.2.3" })));
    expect(house.events).toHaveLength(2);
  });

  describe("slack.6 a command", () => {
    it.each([
      ["a text", "Deployed.", { text: "Deployed." }],
      [
        "a message",
        { text: "Deployed.", delete_original: true },
        { text: "Deployed.", delete_original: true },
      ],
    ])("is answered in time with %s, and nothing is posted", async (_, answer, message) => {
      const house = await open({ handle: { command: () => answer } });
      expect(await house.deliver(sign(command()))).toMatchObject({ status: 200, json: message });
      await house.receiver.idle();
      expect(house.posts).toEqual([]);
      expect((await house.deliver(sign(command()))).text).toBe("");
    });

    it("is acknowledged after 2.5 s, and answered at its response_url when it is done", async () => {
      const handled = Promise.withResolvers<string>();
      const { deliver, clock, ...house } = await openOnClock({ handle: { command: () => handled.promise } });
      const delivering = deliver(command());
      await expect.poll(() => house.events.length).toBe(1);
      await clock.advance(2_500);
      expect(await delivering).toMatchObject({ status: 200, text: "" });
      await clock.advance(37_500);
      expect(house.posts).toEqual([]);
      handled.resolve("Deployed.");
      await house.receiver.idle();
      const { response_url: url } = Object.fromEntries(new URLSearchParams(command().body));
      expect(house.posts).toMatchObject([{ url, method: "POST", body: { text: "Deployed." } }]);
    });

    it("shows what later() says, and is answered up to five times", async () => {
      const house = await open({ handle: { command: () => later("Working on it…") } });
      expect((await house.deliver(sign(command()))).json).toEqual({ text: "Working on it…" });
      const { key } = house.events[0];
      for (const text of ["1", "2", "3", "4"]) await house.receiver.answer(key, { text }, { final: false });
      await house.receiver.answer(key, { text: "Done", replace_original: true });
      expect(house.posts.map(({ body }) => body.text)).toEqual(["1", "2", "3", "4", "Done"]);
    });

    it("whose answer was perhaps shown in the reply is not shown again by a post", async () => {
      const house = await open({ handle: { command: () => "Deployed." } });
      const { headers, body } = sign(command());
      const reply = await house.receiver.receive({
        ...{ method: "POST", path: "/", query: "", secure: true },
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]),
        ),
        body: async () => ({ kind: "bytes", bytes: new TextEncoder().encode(body) }),
      });
      reply?.sent?.("perhaps");
      await house.receiver.idle();
      expect(house.posts).toEqual([]);
      expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
    });

    it("is ours to run again where it fails, since Slack does not send it again", async () => {
      let runs = 0;
      const { deliver, clock, ...house } = await openOnClock({
        handle: {
          command: () => {
            runs += 1;
            if (runs === 1) throw new Error("away");
            return "Deployed.";
          },
        },
      });
      expect(await deliver(command())).toMatchObject({ status: 200, text: "" });
      await clock.advance(10_000);
      await house.receiver.idle();
      expect(house.posts.map(({ body }) => body)).toEqual([{ text: "Deployed." }]);
    });

    it.each([
      ["nothing to show", {}],
      ["51 blocks", { blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) }],
      ["a type that Slack has not", { text: "x", response_type: "public" }],
      ["an empty text", ""],
    ])("with %s is a wrong answer", async (_, answer) => {
      const house = await open({ handle: { command: () => answer } });
      expect((await house.deliver(sign(command()))).status).toBe(500);
      expect(house.told).toMatchObject([{ facts: { code: "invalid_answer" } }]);
    });
  });

  describe("slack.7 an action", () => {
    it("is answered at its response_url, since Slack reads no message in the reply", async () => {
      const house = await open({
        handle: { block_actions: () => ({ text: "Approved.", replace_original: true }) },
      });
      expect(await house.deliver(sign(action()))).toMatchObject({ status: 200, text: "" });
      await house.receiver.idle();
      expect(house.posts.map(({ body }) => body)).toEqual([{ text: "Approved.", replace_original: true }]);
    });

    it("of a view has no address, and a message is dropped with a warning", async () => {
      const house = await open({ handle: { block_actions: () => "Approved." } });
      await house.deliver(sign(action({ response_url: undefined, message: undefined })));
      await house.receiver.idle();
      expect(house.posts).toEqual([]);
      expect(house.warnings).toMatchObject([{ code: "callback_dropped" }]);
    });

    it("shows nothing of what later() says, and that is told", async () => {
      const house = await open({ handle: { block_actions: () => later("Working on it…") } });
      expect((await house.deliver(sign(action()))).text).toBe("");
      expect(house.warnings).toMatchObject([{ code: "callback_dropped" }]);
      await house.receiver.answer(house.events[0].key, "Approved.");
      expect(house.posts.map(({ body }) => body)).toEqual([{ text: "Approved." }]);
    });
  });

  describe("slack.8 in time or never:", () => {
    const errors = { response_action: "errors", errors: { amount: "It must be a number" } };
    const suggestion = other({
      ...{ type: "block_suggestion", user: { id: "U1" }, action_id: "city", block_id: "b" },
      value: "Ber",
    });
    const options = [{ text: { type: "plain_text", text: "Berlin" }, value: "ber" }];

    it("what becomes of a modal is the reply, and nothing closes it", async () => {
      const house = await open({ handle: { view_submission: () => errors } });
      expect((await house.deliver(sign(submission()))).json).toEqual(errors);
      const quiet = await open();
      expect(await quiet.deliver(sign(submission()))).toMatchObject({ status: 200, text: "" });
    });

    it("a modal whose handler is late closes; the handler goes on, and its answer is dropped", async () => {
      const handled = Promise.withResolvers<object>();
      const { deliver, clock, ...house } = await openOnClock({
        handle: { view_submission: () => handled.promise },
      });
      const delivering = deliver(submission());
      await expect.poll(() => house.events.length).toBe(1);
      await clock.advance(2_500);
      expect(await delivering).toMatchObject({ status: 200, text: "" });
      handled.resolve(errors);
      await house.receiver.idle();
      expect(house.warnings).toMatchObject([{ code: "late_answer_dropped" }]);
    });

    it("options are the reply, each time that they are asked for", async () => {
      const house = await open({ handle: { block_suggestion: () => ({ options }) } });
      for (let times = 0; times < 2; times += 1)
        expect((await house.deliver(sign(suggestion))).json).toEqual({ options });
      expect(house.events).toHaveLength(2);
    });

    it("options that fail are a 500, since nobody waits for a second try", async () => {
      const handle = { block_suggestion: () => Promise.reject(new Error("away")) };
      const house = await open({ handle });
      expect((await house.deliver(sign(suggestion))).status).toBe(500);
    });

    it.each([
      ["view_submission", submission(), { response_action: "close" }],
      ["view_submission", submission(), { errors: {} }],
      ["block_suggestion", suggestion, { options: {} }],
      ["block_suggestion", suggestion, { choices: [] }],
    ])("%s is not answered with %#", async (type, delivery, answer) => {
      const house = await open({ handle: { [type]: () => answer } });
      expect((await house.deliver(sign(delivery))).status).toBe(500);
      expect(house.told).toMatchObject([{ facts: { code: "invalid_answer" } }]);
    });
  });

  it.each([
    ["ok", 200, "ok", "settled"],
    ["ok as JSON", 200, '{"ok":true}', "settled"],
    ["an error with 200", 200, '{"ok":false,"error":"expired_url"}', "dead"],
    ["an error with 404", 404, '{"ok":false,"error":"used_url"}', "dead"],
  ])("slack.10 a response_url that answers %s", async (_, status, body, state) => {
    const house = await open({
      handle: { block_actions: () => "Approved." },
      transport: async () => new Response(body, { status }),
    });
    await house.deliver(sign(action()));
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state });
  });

  it("slack.10 an address on another host is never posted to", async () => {
    const house = await open({ handle: { block_actions: () => "Approved." } });
    await house.deliver(sign(action({ response_url: "https://hooks.slack.com.evil.example/actions/1" })));
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
  });

  it("slack.2 of a malformed body nothing is kept that opens or answers", async () => {
    const house = await open({ options: { malformed: "acknowledge" } });
    await house.deliver(sign(command({ command: "" })));
    await house.deliver(sign(other({ type: "block_actions", response_url: "https://hooks.slack.com/x" })));
    const letters = await house.receiver.deadLetters.list();
    expect(letters).toHaveLength(2);
    expect(JSON.stringify(letters)).not.toMatch(/hooks\.slack\.com|trigger_id|"token"/);
  });

  it("slack.11 the manifest names the address, the events that are handled, and the commands", async () => {
    const handle = { app_mention: () => {}, message: () => {}, block_actions: () => {} };
    const { receiver } = await open({ handle });
    const url = "https://example.com/slack";
    const commands = { "/deploy": "Deploys a branch" };
    expect(receiver.registration({ url, commands } as { url: string })).toEqual({
      features: { slash_commands: [{ command: "/deploy", url, description: "Deploys a branch" }] },
      settings: {
        interactivity: { is_enabled: true, request_url: url, message_menu_options_url: url },
        event_subscriptions: { request_url: url, bot_events: ["app_mention", "message"] },
      },
    });
  });
});
