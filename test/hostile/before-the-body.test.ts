/** Row "auth before body", and row "slow": what is read and held of a body, counted in bytes and answers. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, bytesOf, fresh, statuses, statusOf, type Attack } from "../support/hostile.ts";
import { providers, type ProviderName } from "../support/house.ts";
import { rawClient, type RawClient } from "../support/raw-client.ts";

const names = Object.keys(providers) as ProviderName[];
const kibibyte = 1_024;
const gigabyte = { "Content-Length": "1000000000" };
const long = { "Content-Length": "1000000" };
const chunked = { "Transfer-Encoding": "chunked" };

/** A stranger at each provider that has its credential in the head. */
const strangers = [
  ["postback", { headers: { Authorization: [] } }],
  ["postback", { headers: { Authorization: "Basic eDp5" } }],
  ["app-inbox", { headers: { Authorization: "Basic eDp5" } }],
  ["uphance", { path: "/hooks/uphance/0b6f4a3c9d1e4f7fa2c58e7d6b901235" }],
] as const satisfies readonly (readonly [ProviderName, Attack])[];

describe.each(frameworks)("$name", (framework) => {
  it.each(strangers)(
    "any.1 any.3 %s, to %j: a stranger's gigabyte is refused and not read",
    async (name, change) => {
      const house = await besiege(framework, name);
      const headers = name === "app-inbox" ? chunked : gigabyte;
      const socket = once(house.server, "connection") as Promise<[Socket]>;
      const head = bytesOf(fresh(name), {
        ...change,
        headers: { ...(change as Attack).headers, ...headers },
        body: "",
      });
      const client = rawClient(house.port, head);
      client.socket.once("end", () => client.socket.destroy());
      upload(client, headers === chunked ? "10000\r\n" : "");
      expect(statuses(await client.closed)).toEqual([name === "uphance" ? 404 : 401]);
      // Node reads up to 64 KiB twice before it feels that nobody takes them: once before the answer, once after
      expect((await socket)[0].bytesRead).toBeLessThan(5 * 64 * kibibyte);
      await house.unharmed();
    },
  );

  it.each(strangers)(
    "any.1 %s, to %j: whatever else is wrong, a stranger is told one thing",
    async (name, change) => {
      const house = await besiege(framework, name, { options: { bodyLimit: 10 * kibibyte } });
      const callbackUrl = "https://secret-host.upsales.com/c";
      const first = await house.attack(change);
      for (const other of [
        { body: "{" },
        { body: `{"__proto__":{"callbackUrl":"${callbackUrl}"}}` },
        { body: "[".repeat(5_000) },
        { body: "x".repeat(20 * kibibyte) },
        { body: "" },
        { body: JSON.stringify({ callbackUrl }) },
        { headers: { "Content-Type": "text/html" } },
        { headers: { "Content-Type": ["a/b", "c/d"] } },
        { headers: { "Content-Encoding": "gzip" } },
        {
          headers: { "Transfer-Encoding": framework.tellsSent ? "gzip, chunked" : "chunked" },
          body: "0\r\n\r\n",
        },
      ] satisfies Attack[]) {
        const answer = await house.attack({
          ...change,
          ...other,
          headers: { ...(change as Attack).headers, ...other.headers },
        });
        expect([other, statuses(answer), answer.split("\r\n\r\n")[1]]).toEqual([
          other,
          statuses(first),
          first.split("\r\n\r\n")[1],
        ]);
      }
      await house.unharmed();
    },
  );

  if (!framework.takesRequest)
    it("any.3 inbox.6 a probe that uploads is answered, and what it uploads is not read", async () => {
      const house = await besiege(framework, "app-inbox");
      const socket = once(house.server, "connection") as Promise<[Socket]>;
      const headers = { ...gigabyte, Connection: "keep-alive" };
      const client = rawClient(house.port, bytesOf(fresh("app-inbox"), { method: "GET", headers, body: "" }));
      client.socket.once("end", () => client.socket.destroy());
      upload(client, "");
      expect(statuses(await client.closed)).toEqual([200]);
      expect((await socket)[0].bytesRead).toBeLessThan(5 * 64 * kibibyte);
      await house.unharmed();
    });

  it("upsales.2 a wrong authenticationKey is 401 before the callbackUrl is looked at", async () => {
    const house = await besiege(framework, "upsales");
    const good = JSON.parse(fresh("upsales").body);
    for (const wrong of [
      ...[
        undefined,
        null,
        "",
        " ",
        "a-key-of-the-app-4712",
        "A-KEY-OF-THE-APP-4711",
        "a-key-of-the-app-4711 ",
        4711,
        true,
      ],
      ...[
        ["a-key-of-the-app-4711"],
        { toString: "x" },
        "a-key-of-the-app-4711\0",
        "x".repeat(100_000),
        "\uff41-key-of-the-app-4711",
      ],
    ]) {
      const body = JSON.stringify({
        ...good,
        authenticationKey: wrong,
        callbackUrl: "http://169.254.169.254/",
        appId: {},
      });
      expect(statuses(await house.attack({ body }))).toEqual([401]);
    }
    const split = JSON.stringify(good).replace('"authenticationKey"', '"AuthenticationKey"');
    expect(statuses(await house.attack({ body: split }))).toEqual([401]);
    await house.unharmed();
  });

  it.each(names)(
    "any.3 %s: a body that stops short, or trickles, is answered at bodyWithin, and closed",
    async (name) => {
      const house = await besiege(framework, name, { options: { bodyWithin: "50ms" } });
      const { body } = fresh(name);
      const short = await house.attack({
        headers: { "Content-Length": String(Buffer.byteLength(body) + 1) },
      });
      const none = await house.attack({ headers: long, body: "" });
      const client = rawClient(house.port, bytesOf(fresh(name), { headers: long, body: "" }));
      trickle(client);
      const pieces = rawClient(house.port, bytesOf(fresh(name), { headers: chunked, body: "" }));
      trickle(pieces, "1\r\nx\r\n");
      for (const answer of [short, none, await client.closed, await pieces.closed]) {
        expect(statuses(answer)).toEqual([statusOf(name, 408)]);
        expect(answer).toMatch(/\r\nconnection: close\r\n/i);
      }
      await house.unharmed();
    },
  );

  it.each([
    ["deliveries", 256, { headers: { "Content-Length": "1000" } }],
    ["bytes, as declared", 64, { headers: { "Content-Length": String(2 ** 20) } }],
    ["bytes, in chunks", 64, { headers: chunked }],
  ] as const)(
    "any.17 of 500 half-sent bodies the surplus is overloaded: room for so many %s",
    async (_, room, change) => {
      const house = await besiege(framework, "uphance");
      const half = Array.from({ length: 500 }, () =>
        rawClient(house.port, bytesOf(fresh("uphance"), { ...change, body: "" })),
      );
      await Promise.race([house.seen(500 - room), Promise.all(half.map(({ closed }) => closed))]);
      expect(new Set(house.observed.map(({ outcome, code }) => `${outcome} ${code}`))).toEqual(
        new Set(["refused overloaded"]),
      );
      expect(house.observed).toHaveLength(500 - room);
      for (const { socket } of half) socket.destroy();
      await house.seen(500);
      const answers = half.map((client) => client.received()).filter(Boolean);
      expect(answers.filter((text) => !/\r\nretry-after: [1-9]\d*\r\n/i.test(text))).toEqual([]);
      await house.unharmed();
    },
  );
});

/** Writes as fast as the connection takes it, until it is closed. */
function upload({ socket }: RawClient, before: string): void {
  const piece = Buffer.concat([
    Buffer.from(before),
    Buffer.alloc(64 * kibibyte, "x"),
    Buffer.from(before && "\r\n"),
  ]);
  const write = (): void => {
    while (socket.writable && socket.write(piece));
  };
  socket.on("drain", write);
  write();
}

/** Writes a little in each turn of the loop, until it is closed. */
function trickle({ socket }: RawClient, piece = "x"): void {
  const write = (): void => {
    if (socket.writable) socket.write(piece, () => setImmediate(write));
  };
  write();
}
