/** Interactions that are answered in time, signed as Discord signs them, and judged by its own library as well. */
import { discord, type DiscordOptions } from "@answerback/providers/discord";
import { verifyKey } from "discord-interactions";
import { describe, expect, it } from "vitest";
import { two } from "../../life-cycle/support.ts";
import type { Sample } from "../../support/deliveries.ts";
import type { HouseOptions } from "../../support/house.ts";
import {
  command,
  component,
  modal,
  open as openOn,
  other,
  publicKey,
  sender,
  sent,
  shown,
  submitted,
  typing,
} from "./support.ts";

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, options: Partial<DiscordOptions> = {}) =>
    openOn(framework, given, options);

  describe("discord.1", () => {
    it.each<[string, Sample, number]>([
      ["what Discord signed", command(), 200],
      ["another body", { ...command(), body: command().body.replace("crunch", "launch") }, 401],
      ["another key", sent(other.command), 401],
      [
        "another timestamp",
        { ...command(), headers: { ...command().headers, "X-Signature-Timestamp": "1" } },
        401,
      ],
    ])("of %s we think as Discord's library does", async (_, sample, status) => {
      const house = await open({ handle: () => ({ content: "Hi" }) });
      expect((await house.deliver(sample)).status).toBe(status);
      expect(await isGood(sample, publicKey)).toBe(status === 200);
      expect(house.events).toHaveLength(status === 200 ? 1 : 0);
    });

    it("what is older than five minutes is refused, though its signature is good", async () => {
      const house = await open();
      const stale = sent(sender.command, {}, Date.now() - 301_000);
      expect(await isGood(stale, publicKey)).toBe(true);
      expect((await house.deliver(stale)).status).toBe(401);
    });

    it("while the key rotates both are let in", async () => {
      const house = await open(
        { handle: () => ({ content: "Hi" }) },
        { publicKey: [other.publicKey, publicKey] },
      );
      expect((await house.deliver(command())).status).toBe(200);
      expect((await house.deliver(sent(other.command, { id: "2" }))).status).toBe(200);
      expect(house.events).toHaveLength(2);
    });

    it("a PING is answered with its type, and is no event", async () => {
      const house = await open();
      expect(await house.deliver(sent(sender.ping))).toMatchObject({ status: 200, json: { type: 1 } });
      expect((await house.deliver(sent(other.ping))).status).toBe(401);
      expect(house.events).toEqual([]);
    });
  });

  describe("discord.2", () => {
    it.each([
      ["APPLICATION_COMMAND", command(), { name: "crunch" }],
      ["MESSAGE_COMPONENT", component(), { custom_id: "approve" }],
      ["APPLICATION_COMMAND_AUTOCOMPLETE", typing(), { name: "crunch" }],
      ["MODAL_SUBMIT", submitted(shown), { custom_id: "order" }],
    ])(
      "%s is an event with its data, and the rest of the interaction beside it",
      async (type, sample, data) => {
        const house = await open({ handle: () => ({ content: "Hi", choices: [] }) });
        expect((await house.deliver(sample)).status).toBe(200);
        const { id, guild_id, token } = JSON.parse(sample.body);
        expect(house.events).toMatchObject([{ type, data, id, guild_id }]);
        expect(JSON.stringify(house.events)).not.toContain(token);
      },
    );

    it("an interaction is handled once, by its id", async () => {
      const house = await open({ handle: () => ({ content: "Hi" }) });
      const once = command();
      await house.deliver(once);
      expect((await house.deliver(once)).json).toEqual({ type: 5 });
      expect(house.events).toHaveLength(1);
    });

    it("a type that nobody knows goes to the rest", async () => {
      const house = await open();
      expect((await house.deliver(command({ type: 6, data: {} }))).status).toBe(200);
      expect(house.events).toMatchObject([{ type: "*", name: "type 6" }]);
    });

    it.each([
      [{ id: 1 }],
      [{ id: "../1" }],
      [{ application_id: "1/2" }],
      [{ token: "" }],
      [{ token: undefined }],
      [{ type: "2" }],
      [{ data: { id: "1" } }],
      [{ data: undefined }],
    ])("%j is malformed", async (fields) => {
      const house = await open({ handle: () => ({ content: "Hi" }) });
      expect((await house.deliver(command(fields))).status).toBe(400);
      expect(house.events).toEqual([]);
    });
  });

  describe("discord.3 in time", () => {
    it.each<[string, Sample, unknown, unknown]>([
      ["a message answers a command", command(), { content: "Hi" }, { type: 4, data: { content: "Hi" } }],
      ["it updates a component's", component(), { content: "Hi" }, { type: 7, data: { content: "Hi" } }],
      ["also from its modal", submitted(shown), { content: "Hi" }, { type: 7, data: { content: "Hi" } }],
      ["a command's modal has none", submitted(), { content: "Hi" }, { type: 4, data: { content: "Hi" } }],
      [
        "a whole response goes out as it is",
        component(),
        { type: 4, data: { content: "Hi" } },
        { type: 4, data: { content: "Hi" } },
      ],
      ["so does a modal", command(), modal, modal],
      ["so does an activity", command(), { type: 12 }, { type: 12 }],
      ["choices", typing(), { choices: [{ name: "A", value: "a" }] }, undefined],
      ["no choices", typing(), undefined, { type: 8, data: { choices: [] } }],
      ["all of type 8", typing(), { type: 8, data: { choices: [] } }, { type: 8, data: { choices: [] } }],
      ["nothing leaves a component's message", component(), undefined, { type: 6 }],
    ])("%s", async (_, sample, answer, json = { type: 8, data: answer }) => {
      const house = await open({ handle: () => answer });
      expect(await house.deliver(sample)).toMatchObject({ status: 200, json });
      await house.receiver.idle();
      expect(house.posts).toEqual([]);
    });

    it.each<[string, Sample, unknown]>([
      ["nothing, to a command", command(), undefined],
      ["an empty message", command(), { flags: 64 }],
      ["2,001 characters", command(), { content: "x".repeat(2_001) }],
      ["eleven embeds", command(), { embeds: Array.from({ length: 11 }, () => ({})) }],
      ["a deferral", command(), { type: 5 }],
      ["an update of a command", command(), { type: 7, data: { content: "Hi" } }],
      ["an update without a message", submitted(), { type: 7, data: { content: "Hi" } }],
      ["a modal after a modal", submitted(), modal],
      ["26 choices", typing(), { choices: Array.from({ length: 26 }, () => ({ name: "A", value: "a" })) }],
    ])("%s is a wrong answer", async (_, sample, answer) => {
      const house = await open({ handle: () => answer });
      expect((await house.deliver(sample)).status).toBe(500);
      expect(house.told).toMatchObject([{ facts: { code: "invalid_answer" } }]);
    });

    it("a deferral that is returned is told apart, with its cure", async () => {
      const house = await open({ handle: () => ({ type: 5 }) });
      await house.deliver(command());
      expect(house.told).toMatchObject([{ error: { message: expect.stringContaining("return later()") } }]);
    });

    it("a command without a handler is not answered, and Discord says so", async () => {
      const house = await open({ handle: {} });
      expect(await house.deliver(command())).toMatchObject({ status: 200, text: "" });
    });
  });

  it("discord.1 a registration has the address", async () => {
    const house = await open();
    expect(house.receiver.registration({ url: "https://app.example/discord" })).toEqual({
      interactions_endpoint_url: "https://app.example/discord",
    });
  });
});

it.each([
  [{}, "missing"],
  [{ publicKey: "" }, "empty"],
  [{ publicKey: "abc" }, "invalid"],
  [{ publicKey, applicationId: "1" }, "unknown"],
  [{ publicKey, ephemeral: "true" }, "invalid"],
  [{ publicKey, whenFailed: "Sorry" }, "invalid"],
])("discord.1 %j is refused at creation", (options, code) => {
  expect(() => discord(options as any)).toThrow(expect.objectContaining({ name: "OptionError", code }));
});

/** What Discord's own library thinks of it. */
async function isGood({ headers, body }: Sample, key: string): Promise<boolean> {
  const signature = headers["X-Signature-Ed25519"]!;
  return verifyKey(body, signature, headers["X-Signature-Timestamp"]!, key);
}
