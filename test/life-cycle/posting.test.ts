/** How a callback is posted: by which method, let in by whom, and what its answer means. */
import { createReceiver, later } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, ask } from "../support/acme.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { countingClock, two } from "./support.ts";

const framework = two[0]!;
const done = { text: "Done." };

/** Acme, whose answers are posted in any case. @param post What differs in the post. */
function posting(post: object = {}, parts: object = {}, callback: object = {}) {
  return acme(
    {
      encode: (answer: any, { callbackUrl: url }: any) => ({
        reply: { status: 200, headers: {}, body: "" },
        ...(answer && { post: { url, body: JSON.stringify(answer), headers: { "x-fixed": "1" }, ...post } }),
      }),
      ...parts,
    },
    callback,
  );
}

async function answered(provider: unknown, given: HouseOptions = {}) {
  const clock = countingClock();
  const { options, ...rest } = given;
  const house = await openHouse(framework, "upsales", {
    provider,
    clock,
    handle: () => done,
    ...rest,
    options: { authenticate: false, ...options },
  });
  expect((await house.deliver(ask(1))).status).toBe(200);
  await expect.poll(() => house.observed.filter(({ kind }) => kind === "post").length).toBe(1);
  return { house, clock };
}

const answering = (status: number, body = "", headers = {}) => ({
  transport: async () => new Response(body, { status, headers }),
});

describe("any.40 a post", () => {
  it.each(["GET", "PUT", "PATCH", "POST"] as const)(
    "goes by %s where the provider says so",
    async (method) => {
      const inits: any[] = [];
      const transport = async (_url: string, init: any) => {
        inits.push(init);
        return new Response(null, { status: 200 });
      };
      const body = method === "GET" ? "" : JSON.stringify(done);
      await answered(posting({ method, body }), { transport });
      expect(inits).toMatchObject([{ method, redirect: "manual" }]);
      expect(inits[0].body).toBe(method === "GET" ? undefined : body);
    },
  );

  const judge = ({ status, headers, body }: any) => {
    if (status !== 200) return undefined;
    const { ok, again } = JSON.parse(body);
    if (again) return { againMs: again };
    return ok === headers["x-ok"] ? "taken" : "refused";
  };

  it.each([
    ["taken", answering(200, '{"ok":"yes"}', { "X-Ok": "yes" }), "accepted", "settled"],
    ["refused with 200", answering(200, '{"ok":"no"}'), "rejected", "dead"],
    ["what the status says", answering(404, "not JSON"), "rejected", "dead"],
  ])("any.40 is %s, as judge says", async (_, transport, outcome, state) => {
    const { house } = await answered(posting({}, { judge }), transport);
    expect(house.observed.find(({ kind }) => kind === "post")).toMatchObject({ outcome });
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state });
  });

  it("any.40 is sent again when judge says, and that is no use that may have arrived", async () => {
    const { house, clock } = await answered(posting({}, { judge }), answering(200, '{"again":20000}'));
    await clock.advance(19_000);
    expect(house.posts).toHaveLength(1);
    await clock.advance(1_500);
    await expect.poll(() => house.posts.length).toBe(2);
  });

  it("any.40 that is to come again by judge's word spends no use", async () => {
    let left = 7;
    const transport = async () => new Response(left-- > 0 ? '{"again":1000}' : '{"ok":null}');
    const said = (response: any) => judge({ ...response, headers: { "x-ok": null } });
    const { house, clock } = await answered(posting({}, { judge: said }), { transport });
    await clock.advance(1_500_000);
    await expect.poll(async () => (await house.receiver.find(house.events[0].key))?.state).toBe("settled");
    expect(house.posts).toHaveLength(8);
  });

  it("any.40 of its answer judge sees 64 KiB, and a judge that throws is told", async () => {
    const lengths: number[] = [];
    const seeing = ({ body }: any) => {
      lengths.push(body.length);
      throw new Error("no judgement");
    };
    const { house } = await answered(posting({}, { judge: seeing }), answering(200, "x".repeat(1_000_000)));
    expect(lengths).toEqual([65_536]);
    expect(house.told).toMatchObject([{ facts: { stage: "post", code: "callback_failed" } }]);
  });
});

describe("any.41 authorize", () => {
  it("gives the headers of a post at each send, and sees whose it is; nothing of it is stored", async () => {
    let count = 0;
    const asked: unknown[] = [];
    const authorize = async (...given: unknown[]) => {
      asked.push(given);
      return { authorization: `Bearer token-${(count += 1)}` };
    };
    const { house, clock } = await answered(posting({ account: { portal: 42 } }), {
      ...answering(503),
      options: { authorize, random: () => 0.999 },
    });
    await clock.advance(5_000);
    await expect
      .poll(() => house.posts.map(({ headers }) => headers))
      .toEqual([
        { "x-fixed": "1", authorization: "Bearer token-1" },
        { "x-fixed": "1", authorization: "Bearer token-2" },
      ]);
    const { key, type, name } = house.events[0];
    expect(asked[0]).toEqual([
      { url: "https://hooks.acme.example/1", method: undefined, account: { portal: 42 } },
      { key, type, name },
    ]);
    expect(JSON.stringify(await house.receiver.find(key))).not.toContain("token-");
  });

  it("that fails has sent nothing: it is told, and asked again", async () => {
    let count = 0;
    const authorize = () => {
      count += 1;
      if (count === 1) throw new Error("the token endpoint is away");
      return { authorization: "Bearer good" };
    };
    const { house, clock } = await answered(posting(), { options: { authorize } });
    expect(house.posts).toEqual([]);
    expect(house.told).toMatchObject([{ facts: { stage: "post", code: "callback_failed" } }]);
    await clock.advance(10_000);
    await expect
      .poll(() => house.observed.filter(({ kind }) => kind === "post").at(-1))
      .toMatchObject({
        outcome: "accepted",
        attempt: 1,
      });
  });

  it("that hangs is given up with the post", async () => {
    const clock = countingClock();
    const house = await openHouse(framework, "upsales", {
      provider: posting(),
      clock,
      handle: () => done,
      options: { authenticate: false, authorize: () => new Promise(() => {}) },
    });
    await house.deliver(ask(1));
    await clock.advance(10_000);
    await expect.poll(() => house.told[0]?.facts.code).toBe("callback_failed");
    expect(house.posts).toEqual([]);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "waiting", attempts: 0 });
  });
});

describe("any.37 the terms of an address", () => {
  it.each([
    ["https://hooks.acme.example:8443/1", { ports: [8_443] }],
    ["https://hooks.acme.example:5678/1", { ports: "any" }],
    ["https://n8n.customer.example/1", { hosts: "any" }],
    ["https://n8n.customer.example:5678/1", { hosts: "any", ports: [5_678] }],
  ])("any.37 let %s be posted to under %j", async (url, callback) => {
    const provider = posting({ url }, {}, callback);
    const { house } = await answered(provider);
    expect(house.posts.map((post) => post.url)).toEqual([url]);
  });

  it.each([
    ["https://hooks.acme.example:8443/1", {}],
    ["https://hooks.acme.example:444/1", { ports: [8_443] }],
    [
      "https://n8n.customer.example/1",
      { hosts: "any", accepts: ({ hostname }: URL) => hostname.startsWith("x") },
    ],
    ["http://n8n.customer.example/1", { hosts: "any", ports: "any" }],
    ["https://user:pass@n8n.customer.example/1", { hosts: "any", ports: "any" }],
    ["https://n8n.customer.example:0443/1", { hosts: "any", ports: "any" }],
    ["https://n8n.customer.example:99999/1", { hosts: "any", ports: "any" }],
  ])("any.37 refuse %s under %j, told with its host", async (url, callback) => {
    const { house } = await answered(posting({ url }, {}, callback));
    expect(house.posts).toEqual([]);
    expect(house.told.at(-1)).toMatchObject({ facts: { stage: "post", code: "callback_url_refused" } });
    expect(house.told.at(-1)!.error.message).toMatch(/acme.example|customer.example|no host/);
  });

  it("any.37 on any host need a transport that was given", () => {
    const given = { authenticate: false, handle: () => {} } as const;
    expect(() => createReceiver(acme({}, { hosts: "any" }), given)).toThrow(
      expect.objectContaining({ option: "transport", code: "missing" }),
    );
    return createReceiver(acme({}, { hosts: "any" }), { ...given, transport: fetch as never }).close();
  });

  it("any.37 end a post when the address does, counted from the event", async () => {
    const provider = posting({}, {}, { expires: "1m", retryFor: "1h", uses: 1 });
    const { house, clock } = await answered(provider, answering(503));
    await clock.advance(61_000);
    await expect.poll(() => house.observed.some(({ kind }) => kind === "dead")).toBe(true);
    const { length } = house.posts;
    await house.receiver.deadLetters.retry(house.events[0].key);
    await house.receiver.idle();
    expect(house.posts).toHaveLength(length);
    expect(house.told.at(-1)).toMatchObject({ facts: { code: "callback_expired" } });
  });

  it("any.37 abort the handler's signal when the address has expired, and its answer is a dead letter", async () => {
    const clock = countingClock();
    let signal: AbortSignal | undefined;
    const handled = Promise.withResolvers<object>();
    const house = await openHouse(framework, "upsales", {
      provider: acme({}, { expires: "1m" }),
      clock,
      handle: (_: unknown, context: any) => ((signal = context.signal), handled.promise),
      options: { authenticate: false },
    });
    const delivering = house.deliver(ask(1));
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(1_500);
    await delivering;
    await clock.advance(58_499);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(signal?.reason).toMatchObject({ code: "callback_expired" });
    handled.resolve(done);
    await expect
      .poll(() => house.observed.find(({ kind }) => kind === "dead"))
      .toMatchObject({
        work: "callback",
        code: "callback_expired",
      });
    expect(house.posts).toEqual([]);
  });

  it("any.37 keep an event that answers nowhere open no longer than its address", async () => {
    const clock = countingClock();
    const house = await openHouse(framework, "upsales", {
      provider: acme({}, { expires: "10m" }),
      clock,
      handle: () => later(),
      options: { authenticate: false },
    });
    await house.deliver(ask(1));
    await clock.advance(599_000);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "waiting" });
    await clock.advance(2_000);
    await expect.poll(() => house.observed.at(-1)).toMatchObject({ kind: "dead", code: "unanswered" });
    await expect(house.receiver.answer(house.events[0].key, done)).rejects.toMatchObject({
      code: "wrong_state",
    });
    expect(house.posts).toEqual([]);
  });

  it("any.37 of one type differ from the provider's, or are none", async () => {
    const events = { asked: { callback: { expires: "1m", uses: 2 } }, noted: { callback: false } };
    const provider = acme({ events });
    const house = await openHouse(framework, "upsales", { provider, options: { authenticate: false } });
    await house.deliver(ask(1));
    await house.deliver(ask(2, { type: "noted" }));
    await house.deliver(ask(3, { type: "other" }));
    expect(house.events.map(({ name, callback }) => [name, callback])).toEqual([
      ["asked", true],
      ["noted", false],
      ["other", true],
    ]);
  });
});

describe("any.40 what judge gives", () => {
  const asked = (parts: object) => answered(posting({}, parts), answering(200));

  it("asks for no time of its own where that is none, and the post is sent again", async () => {
    const judged: unknown[] = [{ againMs: NaN }, "taken"];
    const { house, clock } = await asked({ judge: () => judged.shift() });
    await clock.advance(10_000);
    await expect.poll(() => house.posts.length).toBe(2);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
  });

  it.each([
    ["a promise", async () => "taken"],
    ["another word", () => "ok"],
    ["a yes", () => true],
  ])("is none of its answers: %s, so nobody knows, and it is told", async (_, judge) => {
    const { house } = await asked({ judge });
    expect(house.observed.map(({ kind }) => kind)).toContain("dead");
    expect(house.told[0]?.error.cause).toMatchObject({ by: "judge", cause: expect.any(TypeError) });
  });
});

it("any.41 a post whose use was given up while authorize took its time is not sent", async () => {
  const clock = countingClock();
  const slow = Promise.withResolvers<object>();
  const tokens = [slow.promise, { authorization: "Bearer 2" }];
  const house = await openHouse(framework, "upsales", {
    provider: posting(),
    clock,
    handle: () => done,
    options: { authenticate: false, authorize: () => tokens.shift() },
  });
  await house.deliver(ask(1));
  await expect.poll(() => tokens.length).toBe(1);
  await clock.advance(10_000);
  slow.resolve({ authorization: "Bearer 1" });
  await clock.advance(10_000);
  await expect.poll(() => house.posts.map(({ headers }) => headers["authorization"])).toEqual(["Bearer 2"]);
});
