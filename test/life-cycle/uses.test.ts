/** Addresses of many uses: progress before the answer, each use counted, none of them beyond what the provider grants. */
import { later, memory } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, ask, handOver } from "../support/acme.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { asTwo, countingClock, faulty, two } from "./support.ts";

const done = { text: "Done." };
const options = { authenticate: false } as const;
const texts = (house: { posts: readonly any[] }) => house.posts.map(({ body }) => body.text);

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}) =>
    openHouse(framework, "upsales", { provider: acme(), options, ...given });

  it("any.39 a partial answer acknowledges the event, is posted after that, and the answer follows", async () => {
    const handle = async (_: unknown, { post }: any) => {
      await post({ text: "Half of it." });
      return done;
    };
    const house = await open({ handle });
    expect((await house.deliver(ask(1))).text).toBe("wait");
    await house.receiver.idle();
    expect(texts(house)).toEqual(["Half of it.", "Done."]);
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
      { attempt: 1, final: false, outcome: "accepted" },
      { attempt: 2, final: true, outcome: "accepted" },
    ]);
  });

  it("any.39 an answer in time goes inline, and leaves all uses", async () => {
    const house = await open({ handle: () => done });
    expect((await house.deliver(ask(1))).json).toEqual(done);
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
  });

  it("any.39 the last use is the answer's, and what is beyond is refused and told", async () => {
    const handle = async (_: unknown, { post }: any) => {
      for (let count = 1; count <= 4; count += 1) await post({ text: `${count}` });
      await post({ text: "5" }).catch(() => {});
      return done;
    };
    const house = await open({ handle });
    await house.deliver(ask(1));
    await house.receiver.idle();
    expect(texts(house)).toEqual(["1", "2", "3", "4", "Done."]);
    expect(house.told).toMatchObject([{ facts: { stage: "post", code: "callback_spent" } }]);
  });

  it("any.39 a handler that waits for each of its posts comes to its answer, also when the uses are spent", async () => {
    const handle = async (_: unknown, { post }: any) => {
      for (const text of ["1", "2", "3"]) await post({ text });
      return done;
    };
    const house = await open({ provider: acme({}, { uses: 3 }), handle });
    await house.deliver(ask(1));
    await house.receiver.idle();
    expect(texts(house)).toEqual(["1", "2", "Done."]);
    expect(house.told).toMatchObject([{ facts: { stage: "post", code: "callback_spent" } }]);
  });

  it("any.39 posts that are not awaited go one after the other, and the answer comes last", async () => {
    const answers: PromiseWithResolvers<Response>[] = [];
    const transport = () => {
      answers.push(Promise.withResolvers<Response>());
      return answers.at(-1)!.promise;
    };
    const returned = Promise.withResolvers<void>();
    const handle = async (_: unknown, { post }: any) => {
      for (const text of ["1", "2", "3"]) void post({ text });
      await returned.promise;
      return done;
    };
    const house = await open({ handle, transport });
    await house.deliver(ask(1));
    await expect.poll(() => texts(house)).toEqual(["1"]);
    returned.resolve();
    await new Promise((resolve) => void setTimeout(resolve, 20));
    expect(texts(house)).toEqual(["1"]);
    answers[0]!.resolve(new Response());
    await expect.poll(() => texts(house).at(-1)).toBe("Done.");
    answers.at(-1)!.resolve(new Response());
    await house.receiver.idle();
    // what was not begun when the run ended is not sent, and is told
    expect(texts(house)).toEqual(["1", "Done."]);
    expect(house.told.map(({ facts }) => facts.code)).toEqual(["wrong_state", "wrong_state"]);
  });

  it("any.39 post() is over with the run", async () => {
    let kept: any;
    const handle = (_: unknown, { post }: any) => {
      kept = post;
      return done;
    };
    const house = await open({ handle });
    await house.deliver(ask(1));
    await expect(kept({ text: "too late" })).rejects.toMatchObject({ code: "wrong_state" });
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
  });

  it("any.39 post() rejects when the address has expired", async () => {
    const clock = countingClock();
    const codes: unknown[] = [];
    const later = Promise.withResolvers<void>();
    const handle = async (_: unknown, { post }: any) => {
      await post({ text: "1" });
      await later.promise;
      await post({ text: "2" }).catch((error: any) => codes.push(error.code));
    };
    const provider = acme({}, { expires: "1m" });
    const house = await open({ provider, clock, handle });
    await house.deliver(ask(1));
    await expect.poll(() => texts(house)).toEqual(["1"]);
    await clock.advance(60_000);
    later.resolve();
    await expect.poll(() => codes).toEqual(["callback_expired"]);
    expect(texts(house)).toEqual(["1"]);
  });

  it.each([
    ["where the address is good for one use", acme({}, { uses: 1 }), "callback_spent"],
    ["where no answer fits", acme(), "invalid_answer", { words: 1 }],
  ])("any.39 post() rejects %s", async (_, provider, code, partial: unknown = done) => {
    const codes: unknown[] = [];
    const handle = async (_event: unknown, { post }: any) => {
      await post(partial).catch((error: any) => codes.push(error.code));
      return done;
    };
    const house = await open({ provider, handle });
    await house.deliver(ask(1));
    await house.receiver.idle();
    expect(codes).toEqual([code]);
    expect(house.told).toMatchObject([{ facts: { code } }]);
  });

  it("any.39 a run after a crash counts on where the first one stopped", async () => {
    const clock = manualClock();
    const inner = memory({ clock });
    let runs = 0;
    const handle = async (_: unknown, { post }: any) => {
      runs += 1;
      await post({ text: `run ${runs}` });
      if (runs === 1) return new Promise(() => {});
      for (const text of ["2", "3", "4"]) await post({ text }).catch(() => {});
      return done;
    };
    const one = await open({ clock, handle, backend: faulty(clock, inner) });
    const delivering = one.deliver(ask(1));
    await expect.poll(() => texts(one)).toEqual(["run 1"]);
    expect((await delivering).text).toBe("wait");
    const closing = one.receiver.close({ within: "1s" });
    await clock.advance(10_000);
    await closing;
    const two = await open({ clock, handle, backend: faulty(clock, inner) });
    await clock.advance(60_000);
    await expect.poll(() => texts(two)).toEqual(["run 2", "2", "3", "Done."]);
  });

  it("any.39 receiver.answer brings partial answers, and the event waits on", async () => {
    const house = await open({ handle: () => later() });
    await house.deliver(ask(1));
    const { key } = house.events[0];
    for (const text of ["1", "2", "3", "4"]) await house.receiver.answer(key, { text }, { final: false });
    expect(await house.receiver.find(key)).toMatchObject({ state: "waiting", uses: 4 });
    await expect(house.receiver.answer(key, done, { final: false })).rejects.toMatchObject({
      code: "callback_spent",
    });
    await house.receiver.answer(key, done);
    expect(texts(house)).toEqual(["1", "2", "3", "4", "Done."]);
    expect(await house.receiver.find(key)).toMatchObject({ state: "settled" });
  });

  it("any.39 a partial answer that is not taken rejects, and the event waits on", async () => {
    const house = await open({
      handle: () => later(),
      transport: async () => new Response(null, { status: 404 }),
    });
    await house.deliver(ask(1));
    const { key } = house.events[0];
    await expect(house.receiver.answer(key, done, { final: false })).rejects.toMatchObject({
      code: "callback_rejected",
    });
    expect(await house.receiver.find(key)).toMatchObject({ state: "waiting" });
  });

  it("any.39 a crash in the middle of a partial answer leaves it counted, and the event waits on", async () => {
    const clock = countingClock();
    const [here, there] = asTwo(memory({ clock }));
    const backend = faulty(clock, here);
    const provider = acme({}, { uses: 2 });
    const given = { provider, clock, handle: () => later() };
    const house = await open({ ...given, backend, transport: () => new Promise(() => {}) });
    await house.deliver(ask(1));
    const { key } = house.events[0];
    house.receiver.answer(key, { text: "1" }, { final: false }).catch(() => {});
    await expect.poll(() => house.posts.length).toBe(1);
    backend.faults.save = "throws";
    const other = await open({ ...given, backend: there });
    await clock.advance(61_000);
    await expect.poll(async () => (await other.receiver.find(key))?.state).toBe("waiting");
    await expect(other.receiver.answer(key, done, { final: false })).rejects.toMatchObject({
      code: "callback_spent",
    });
    await other.receiver.answer(key, done);
    expect(texts(other)).toEqual(["Done."]);
    backend.faults.save = undefined;
  });

  it("any.39 later() after progress keeps the count", async () => {
    const handle = async (_: unknown, { post }: any) => {
      for (const text of ["1", "2", "3"]) await post({ text });
      return later();
    };
    const house = await open({ handle });
    await house.deliver(ask(1));
    const { key } = house.events[0];
    await expect.poll(async () => (await house.receiver.find(key))?.state).toBe("waiting");
    await house.receiver.answer(key, { text: "4" }, { final: false });
    await expect(house.receiver.answer(key, done, { final: false })).rejects.toMatchObject({
      code: "callback_spent",
    });
    await house.receiver.answer(key, done);
    expect(texts(house)).toEqual(["1", "2", "3", "4", "Done."]);
  });
});

describe("any.39 a callback that would be shown twice", () => {
  const framework = two[0]!;

  async function accepted(given: HouseOptions) {
    const clock = given.clock ?? countingClock();
    const handled = Promise.withResolvers<object>();
    const provider = acme({ ...(given.provider as object) });
    const house = await openHouse(framework, "upsales", {
      clock,
      handle: () => handled.promise,
      ...given,
      provider,
      options,
    });
    const delivering = house.deliver(ask(1));
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(1_500);
    expect((await delivering).text).toBe("wait");
    handled.resolve(done);
    return { house, clock };
  }

  it("is not sent again where nobody answered it: it is a dead letter, told, and may be sent by hand", async () => {
    let calls = 0;
    const transport = async () => {
      calls += 1;
      if (calls === 1) throw new Error("socket hang up");
      return new Response(null, { status: 200 });
    };
    const { house, clock } = await accepted({ transport });
    await expect.poll(() => house.observed.some(({ kind }) => kind === "dead")).toBe(true);
    await clock.advance(600_000);
    expect(calls).toBe(1);
    expect(house.told).toMatchObject([{ facts: { stage: "post", code: "callback_failed" } }]);
    await house.receiver.deadLetters.retry(house.events[0].key);
    await house.receiver.idle();
    expect([calls, texts(house)]).toEqual([2, ["Done.", "Done."]]);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
  });

  it("is not sent again after a crash in the middle of a post, whose fate nobody knows", async () => {
    const clock = countingClock();
    const [here, there] = asTwo(memory({ clock }));
    const backend = faulty(clock, here);
    const { house } = await accepted({ clock, backend, transport: () => new Promise(() => {}) });
    await expect.poll(() => house.posts.length).toBe(1);
    backend.faults.save = "throws";
    const after = await openHouse(framework, "upsales", {
      clock,
      provider: acme(),
      backend: there,
      options,
    });
    await clock.advance(61_000);
    await expect
      .poll(() => after.observed.find(({ kind }) => kind === "dead"))
      .toMatchObject({
        work: "callback",
        code: "callback_failed",
      });
    expect(after.posts).toEqual([]);
    backend.faults.save = undefined;
  });

  it.each([1, 5])(
    "is not posted after a crash behind its inline reply, where the address has %i uses",
    async (uses) => {
      const clock = manualClock();
      const [here, there] = asTwo(memory({ clock }));
      const provider = acme({}, { uses, inlineSpends: false });
      const house = await openHouse(framework, "upsales", {
        ...{ clock, provider, options, backend: here, handle: () => done },
      });
      const reply = (await handOver(house.receiver, 1))!;
      expect(JSON.parse(String(reply.body))).toEqual(done);
      const other = await openHouse(framework, "upsales", { clock, provider, options, backend: there });
      await clock.advance(10_000);
      await expect
        .poll(
          () =>
            other.observed.find(({ kind }) => kind === "dead") ??
            house.observed.find(({ kind }) => kind === "dead"),
        )
        .toMatchObject({
          code: "callback_failed",
        });
      expect([house.posts, other.posts]).toEqual([[], []]);
    },
  );

  it("is sent again where it surely was not taken, as long as there are uses", async () => {
    const { house, clock } = await accepted({
      transport: async () => new Response(null, { status: 503 }),
    });
    await expect.poll(() => house.posts.length).toBe(1);
    await clock.advance(1_500_000);
    await expect.poll(() => house.observed.some(({ kind }) => kind === "dead")).toBe(true);
    expect(house.posts).toHaveLength(5);
    expect(house.observed.find(({ kind }) => kind === "dead")).toMatchObject({ code: "callback_spent" });
  });

  it.each([
    ["by its method", { method: "PATCH" }],
    ["by its provider's word", { idempotent: true }],
  ])("is sent again where it is idempotent %s", async (_, how: object) => {
    const encode = (answer: any, { callbackUrl: url, accepted: isAck }: any) =>
      isAck || !answer
        ? { reply: { status: 200, headers: {}, body: "wait" } }
        : {
            reply: { status: 200, headers: {}, body: "{}" },
            repeat: { status: 200, headers: {}, body: "" },
            post: { url, ...how, body: JSON.stringify(answer), headers: {} },
          };
    let calls = 0;
    const transport = async () => {
      calls += 1;
      if (calls === 1) throw new Error("socket hang up");
      return new Response(null, { status: 200 });
    };
    const { house, clock } = await accepted({ provider: { encode }, transport });
    await expect.poll(() => calls).toBe(1);
    await clock.advance(10_000);
    await expect.poll(() => texts(house)).toEqual(["Done.", "Done."]);
  });

  it.each([
    ["perhaps", []],
    ["not", ["Done."]],
    ["fully", []],
  ] as const)("goes once where its inline reply went %s", async (how, posted) => {
    const clock = manualClock();
    const house = await openHouse(framework, "upsales", {
      provider: acme(),
      clock,
      options,
      handle: () => done,
    });
    const reply = (await handOver(house.receiver, 1))!;
    expect(JSON.parse(String(reply.body))).toEqual(done);
    reply.sent?.(how);
    await house.receiver.idle();
    expect(texts(house)).toEqual(posted);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
    expect(house.told.map(({ facts }) => facts.code)).toEqual(how === "perhaps" ? ["callback_failed"] : []);
  });
});

describe("any.39 receiver.answer in two processes", () => {
  const framework = two[0]!;
  const codeOf = (posting: Promise<unknown>) =>
    posting.then(
      () => "posted",
      ({ code }) => code,
    );

  async function both(callback: object = {}) {
    const clock = manualClock();
    const [here, there] = asTwo(memory({ clock }));
    const backend = faulty(clock, here);
    const given = { clock, options, provider: acme({}, callback), handle: () => later() };
    const house = await openHouse(framework, "upsales", { ...given, backend });
    const other = await openHouse(framework, "upsales", { ...given, backend: there });
    const reply = (await house.receiver.receive(delivery()))!;
    return { clock, backend, house, other, reply, key: house.events[0].key };
  }

  const delivery = () => ({
    method: "POST",
    path: "/",
    query: "",
    headers: { "content-type": ["application/json"] },
    secure: true,
    body: async () => ({ kind: "bytes" as const, bytes: new TextEncoder().encode(ask(1).body) }),
  });

  it("leaves the last use to the answer, where partial answers waited for the reply together", async () => {
    const { clock, other, reply, key } = await both({ uses: 2 });
    const first = codeOf(other.receiver.answer(key, { text: "1" }, { final: false }));
    await clock.advance(100);
    const second = codeOf(other.receiver.answer(key, { text: "2" }, { final: false }));
    await clock.advance(100);
    reply.sent?.("fully");
    await clock.advance(1_000);
    expect([await first, await second]).toEqual(["posted", "callback_spent"]);
    await other.receiver.answer(key, done);
    expect(texts(other)).toEqual(["1", "Done."]);
  });

  it("sends no partial answer that was not counted, since another process took the event over", async () => {
    const { clock, backend, house, other, reply, key } = await both();
    reply.sent?.("fully");
    await clock.advance(10);
    backend.faults.save = "throws";
    const partial = codeOf(house.receiver.answer(key, { text: "1" }, { final: false }));
    await clock.advance(10);
    backend.faults.take = "throws";
    await clock.advance(61_000);
    await other.receiver.idle();
    await other.receiver.answer(key, done);
    backend.faults.save = undefined;
    await clock.advance(10_000);
    expect([await partial, texts(house), texts(other)]).toEqual(["lease_lost", [], ["Done."]]);
  });
});

it("any.39 an idempotent callback that is refused after a crash has not arrived before by that", async () => {
  const clock = countingClock();
  const [here, there] = asTwo(memory({ clock }));
  const backend = faulty(clock, here);
  const provider = acme({
    encode: (answer: any, { callbackUrl: url }: any) => ({
      reply: { status: 200, headers: {}, body: "" },
      ...(answer && { post: { url, method: "PUT", body: JSON.stringify(answer), headers: {} } }),
    }),
  });
  const given = { provider, clock, options: { ...options, answerWithin: 0 } };
  const transport = () => new Promise<Response>(() => {});
  const house = await openHouse(two[0]!, "upsales", { ...given, backend, handle: () => done, transport });
  await house.deliver(ask(1));
  await expect.poll(() => house.posts.length).toBe(1);
  backend.faults.save = backend.faults.take = "throws";
  const refusing = async () => new Response(null, { status: 404 });
  const other = await openHouse(two[0]!, "upsales", { ...given, backend: there, transport: refusing });
  await clock.advance(61_000);
  await expect
    .poll(() => other.observed.find(({ kind }) => kind === "dead"))
    .toMatchObject({ work: "callback", code: "callback_rejected" });
  backend.faults.save = undefined;
});
