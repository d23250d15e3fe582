/** Interactions that are deferred: the message that follows, who sees it, and what is said where none does. */
import { later, PermanentError } from "@answerback/core";
import type { DiscordOptions } from "@answerback/providers/discord";
import { describe, expect, it } from "vitest";
import { countingClock, two } from "../../life-cycle/support.ts";
import type { Sample } from "../../support/deliveries.ts";
import type { HouseOptions } from "../../support/house.ts";
import { command, component, modal, open as openOn, typing, webhookOf } from "./support.ts";

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, options: Partial<DiscordOptions> = {}) =>
    openOn(framework, given, options);

  /** A receiver that acknowledges everything first, so that what its handler returns is late. */
  const openLate = (answer: unknown, options: Partial<DiscordOptions> = {}, given: HouseOptions = {}) =>
    open({ handle: () => answer, ...given, options: { answerWithin: 0 } }, options);

  describe("discord.4 late", () => {
    it.each<[string, Sample, object, object, string, string]>([
      [
        "a command's loading message",
        command(),
        { content: "Hi" },
        { type: 5 },
        "PATCH",
        "/messages/@original",
      ],
      ["a component's message", component(), { content: "Hi" }, { type: 6 }, "PATCH", "/messages/@original"],
      [
        "a whole response to a command",
        command(),
        { type: 4, data: { content: "Hi" } },
        { type: 5 },
        "PATCH",
        "/messages/@original",
      ],
      [
        "a whole update",
        component(),
        { type: 7, data: { content: "Hi" } },
        { type: 6 },
        "PATCH",
        "/messages/@original",
      ],
      [
        "a message beside the component's",
        component(),
        { type: 4, data: { content: "Hi" } },
        { type: 6 },
        "POST",
        "",
      ],
    ])("%s is what the answer becomes", async (_, sample, answer, json, method, path) => {
      const house = await openLate(answer);
      expect((await house.deliver(sample)).json).toEqual(json);
      await house.receiver.idle();
      expect(house.posts).toMatchObject([
        {
          url: webhookOf(sample) + path,
          method,
          body: { content: "Hi" },
          headers: { "content-type": "application/json", "user-agent": expect.stringMatching(/^DiscordBot/) },
        },
      ]);
      expect(house.warnings.filter(({ code }) => code !== "accepted_in_memory")).toEqual([]);
    });

    it("a modal has nowhere to go, which is told", async () => {
      const house = await openLate(modal);
      await house.deliver(command());
      await house.receiver.idle();
      expect(house.posts).toEqual([]);
      expect(house.warnings).toContainEqual(
        expect.objectContaining({
          code: "late_answer_dropped",
          message: expect.stringContaining("type 9 had nowhere to go"),
        }),
      );
    });

    it("a command is deferred after half of three seconds, and edited for fifteen minutes", async () => {
      for (const [ms, posts] of [
        [899_999, 1],
        [900_000, 0],
      ] as const) {
        const clock = countingClock();
        const handled = Promise.withResolvers<object>();
        const house = await open({ clock, handle: () => handled.promise });
        const delivering = house.deliver(command({}, clock.now()));
        await expect.poll(() => house.events.length).toBe(1);
        await clock.advance(1_500);
        expect((await delivering).json).toEqual({ type: 5 });
        await clock.advance(ms - 1_500);
        handled.resolve({ content: "Done" });
        await house.receiver.idle();
        expect(house.posts).toHaveLength(posts);
      }
    });

    it("who types an option is answered in time, or offered nothing", async () => {
      const clock = countingClock();
      const house = await open({ clock, handle: () => new Promise(() => {}) });
      const delivering = house.deliver(typing(clock.now()));
      await expect.poll(() => house.events.length).toBe(1);
      await clock.advance(3_000);
      expect((await delivering).json).toEqual({ type: 8, data: { choices: [] } });
      expect(house.observed).not.toContainEqual(expect.objectContaining({ outcome: "accepted" }));
    });
  });

  describe("discord.5 the user alone sees", () => {
    const only = { flags: 64 };

    it.each<[string, Partial<DiscordOptions>, object]>([
      ["always", { ephemeral: true }, { type: 5, data: only }],
      [
        "where a function says so",
        { ephemeral: ({ data }: any) => data.name === "crunch" },
        { type: 5, data: only },
      ],
      ["and not elsewhere", { ephemeral: ({ type }) => type === "MODAL_SUBMIT" }, { type: 5 }],
    ])("the answer to a command, %s", async (_, options, json) => {
      const house = await openLate({ content: "Hi" }, options);
      expect((await house.deliver(command())).json).toEqual(json);
      const intime = await open({ handle: () => ({ content: "Hi" }) }, options);
      const data = "data" in json ? { content: "Hi", ...only } : { content: "Hi" };
      expect((await intime.deliver(command())).json).toEqual({ type: 4, data });
    });

    it.each<[unknown, Sample, object]>([
      [only, command(), { type: 5, data: only }],
      [only, component(), { type: 5, data: only }],
      [{ type: 5, data: only }, component(), { type: 5, data: only }],
      [{ type: 5 }, component(), { type: 5 }],
      [{ type: 6 }, component(), { type: 6 }],
      [undefined, component(), { type: 6 }],
    ])("later(%j)", async (given, sample, json) => {
      const house = await open({ handle: () => later(given) });
      expect((await house.deliver(sample)).json).toEqual(json);
      await house.receiver.answer(house.events[0].key, { content: "Hi" });
      expect(house.posts).toMatchObject([{ method: "PATCH", body: { content: "Hi" } }]);
    });

    it.each([[{ content: "Wait" }], [{ type: 4, data: { content: "Wait" } }], [{ type: 6 }]])(
      "later(%j) is no deferral of a command",
      async (given) => {
        const house = await open({ handle: () => later(given) });
        expect((await house.deliver(command())).status).toBe(500);
        expect(house.told).toMatchObject([{ facts: { code: "invalid_answer" } }]);
      },
    );

    it("a function that is asked sees no token", async () => {
      const asked: unknown[] = [];
      const house = await open(
        { handle: () => ({ content: "Hi" }) },
        { ephemeral: (event) => asked.push(event) < 0 },
      );
      const sample = command();
      await house.deliver(sample);
      expect(asked.length).toBeGreaterThan(0);
      expect(JSON.stringify(asked)).not.toContain(JSON.parse(sample.body).token);
    });
  });

  it("discord.6 an edit sets two flags, and says nothing aloud", async () => {
    const house = await openLate({ content: "Hi", tts: true, flags: 4 | 64 | 4_096 | 32_768 });
    await house.deliver(command());
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ body: { content: "Hi", flags: 4 | 32_768 } }]);
    expect(house.posts[0]?.body).not.toHaveProperty("tts");
    expect(house.warnings).toContainEqual(
      expect.objectContaining({ code: "late_answer_dropped", message: expect.stringContaining("tts") }),
    );
  });

  describe("discord.7 whenFailed", () => {
    const whenFailed = ({ locale }: any, code: string) => ({ content: `${locale}: ${code}` });
    const never = () => {
      throw new PermanentError("no");
    };

    it.each<[string, Sample]>([
      ["a command", command({ locale: "de" })],
      ["a component, whose message stays", component({ locale: "de" })],
    ])("tells who used %s, in the reply", async (_, sample) => {
      const house = await open({ handle: never }, { whenFailed });
      expect((await house.deliver(sample)).json).toEqual({
        type: 4,
        data: { content: "de: permanent", flags: 64 },
      });
    });

    it.each<[string, Sample, string, string]>([
      ["a command", command({ locale: "de" }), "PATCH", "/messages/@original"],
      ["a component, whose message stays", component({ locale: "de" }), "POST", ""],
    ])("tells who used %s, later", async (_, sample, method, path) => {
      const house = await open({ handle: never, options: { answerWithin: 0 } }, { whenFailed });
      await house.deliver(sample);
      await house.receiver.idle();
      expect(house.posts).toMatchObject([
        { url: webhookOf(sample) + path, method, body: { content: "de: permanent" } },
      ]);
    });

    it("is not asked about who types, nor about a body that is no interaction", async () => {
      const house = await open({ handle: never }, { whenFailed });
      expect((await house.deliver(typing())).json).toEqual({ code: "permanent" });
      expect((await house.deliver(command({ id: 1 }))).json).toEqual({ code: "malformed" });
    });
  });

  describe("discord.8", () => {
    it("post() edits the message as often as it likes, and the answer is the last edit", async () => {
      const handle = async (_: unknown, { post }: any) => {
        for (let part = 1; part <= 9; part += 1) await post({ content: `${part} of 9` });
        return { content: "Done" };
      };
      const house = await open({ handle });
      expect((await house.deliver(command())).json).toEqual({ type: 5 });
      await house.receiver.idle();
      expect(house.posts.map(({ method, body }) => `${method} ${body.content}`)).toEqual([
        ...Array.from({ length: 9 }, (_, at) => `PATCH ${at + 1} of 9`),
        "PATCH Done",
      ]);
    });

    it("a rate limit is waited for as long as its body says", async () => {
      const clock = countingClock();
      let calls = 0;
      const transport = async () => {
        calls += 1;
        if (calls > 1) return Response.json({ id: "1" });
        return Response.json({ message: "You are being rate limited.", retry_after: 64.57 }, { status: 429 });
      };
      const house = await openLate({ content: "Hi" }, {}, { clock, transport });
      await house.deliver(command({}, clock.now()));
      await expect.poll(() => calls).toBe(1);
      await clock.advance(64_569);
      expect(calls).toBe(1);
      await clock.advance(60_000);
      await expect.poll(() => calls).toBe(2);
    });

    it("a webhook that is unknown is a dead letter, and is not tried again", async () => {
      const clock = countingClock();
      const transport = async () =>
        Response.json({ message: "Unknown Webhook", code: 10_015 }, { status: 404 });
      const house = await openLate({ content: "Hi" }, {}, { clock, transport });
      await house.deliver(command({}, clock.now()));
      await expect.poll(() => house.observed.some(({ kind }) => kind === "dead")).toBe(true);
      await clock.advance(600_000);
      expect(house.posts).toHaveLength(1);
      expect(house.told).toMatchObject([{ facts: { code: "callback_rejected" } }]);
    });
  });
});
