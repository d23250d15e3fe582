/** Row "handshakes": what a stranger may ask before anybody is authenticated, in bytes, and how little it is worth. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { statuses } from "../support/hostile.ts";
import { openHouse } from "../support/house.ts";
import { rawClient } from "../support/raw-client.ts";

const kibibyte = 1_024;

/** Echoes what it was sent where the token is ours, and says nothing else to anybody. */
const acme: any = defineProvider({
  name: "acme",
  accepts: ["json"],
  events: { asked: {} },
  decode: () => ({ type: "asked", data: null }),
  handshake({ query }) {
    const fields = new URLSearchParams(query);
    const challenge = fields.get("challenge");
    if (challenge === null) return undefined;
    if (fields.get("token") !== "ours") return { status: 403, headers: {}, body: "" };
    return { status: 200, headers: { "content-type": "text/plain" }, body: challenge };
  },
});

describe.each(frameworks)("$name", (framework) => {
  const open = () =>
    openHouse(framework, "upsales", { provider: acme, options: { authenticate: () => false } });
  const ask = (target: string, ...lines: string[]) =>
    [`GET ${target} HTTP/1.1`, "Host: test", "Connection: close", ...lines, "", ""].join("\r\n");

  if (!framework.takesRequest)
    it("any.34 any.3 a handshake that uploads a gigabyte is answered, and what it uploads is not read", async () => {
      const house = await open();
      const socket = once(house.server, "connection") as Promise<[Socket]>;
      const head = ask("/upsales?token=ours&challenge=1", "Content-Length: 1000000000").replace(
        "Connection: close\r\n",
        "",
      );
      const client = rawClient(house.port, head);
      client.socket.once("end", () => client.socket.destroy());
      const upload = () =>
        void client.socket.write(Buffer.alloc(64 * kibibyte), () => client.socket.writable && upload());
      upload();
      expect(statuses(await client.closed)).toEqual([200]);
      expect((await socket)[0].bytesRead).toBeLessThan(5 * 64 * kibibyte);
    });

  it.each([
    ["a token that is repeated", "/upsales?token=wrong&token=ours&challenge=secret-4711", 403],
    ["a token in another case", "/upsales?TOKEN=ours&challenge=secret-4711", 403],
    ["no token", "/upsales?challenge=secret-4711", 403],
    ["8 kB of query", `/upsales?token=${"x".repeat(8_000)}&challenge=secret-4711`, 403],
    ["bad percent bytes", "/upsales?token=%ff%zz&challenge=secret-4711", 403],
    ["a target in absolute form", "http://evil.example/upsales?token=wrong&challenge=secret-4711", 403],
  ])("any.34 %s learns nothing, and crashes nothing", async (_, target, status) => {
    const house = await open();
    const answer = await rawClient(house.port, ask(target)).closed;
    expect(statuses(answer)).toEqual([status]);
    expect(answer).not.toContain("secret-4711");
    expect(house.events).toEqual([]);
  });

  it.each(["a%0d%0aX-Evil: 1", "%00", "<script>alert(1)</script>", "%f0%9f%8d%95"])(
    "any.34 a challenge %s is a body and never a header, and is not sniffed into another type",
    async (challenge) => {
      const house = await open();
      const target = `/upsales?token=ours&challenge=${challenge.replaceAll(" ", "+")}`;
      const answer = await rawClient(house.port, ask(target)).closed;
      const [head = ""] = answer.split("\r\n\r\n");
      expect(statuses(answer)).toEqual([200]);
      expect(head).not.toMatch(/x-evil/i);
      expect(head).toMatch(/content-type: text\/plain/i);
    },
  );

  it("any.34 a hundred of them at once hold no room of the deliveries", async () => {
    const house = await openHouse(framework, "upsales", {
      provider: acme,
      options: { authenticate: false, maxConcurrent: 1 },
    });
    const url = `${house.url}/upsales?token=ours&challenge=1`;
    const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(url)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(house.events).toEqual([]);
  });
});
