/** Row "length": as declared, as sent, and neither. */
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, bytesOf, fresh, statuses, statusOf, type Attack } from "../support/hostile.ts";
import { providers, type ProviderName } from "../support/house.ts";
import { rawClient } from "../support/raw-client.ts";

const names = Object.keys(providers) as ProviderName[];
const chunked = { "Transfer-Encoding": "chunked" };
const empty = "0\r\n\r\n";

describe.each(frameworks)("$name", (framework) => {
  it.each(names)("any.3 %s: a limit holds for what is declared, and for what is sent", async (name) => {
    const bodyLimit = Buffer.byteLength(fresh(name).body) + 10;
    const house = await besiege(framework, name, { options: { bodyLimit } });
    const long = `${" ".repeat(bodyLimit)}x`;
    const size = (bodyLimit + 1).toString(16);
    for (const change of [
      { body: long },
      { body: long.slice(0, -1), headers: { "Content-Length": String(bodyLimit + 1) } },
      { body: "", headers: { "Content-Length": "1000000000000" } },
      { body: "", headers: { "Content-Length": String(Number.MAX_SAFE_INTEGER) } },
      { body: "", headers: { "Content-Length": `000${bodyLimit + 1}` } },
      { body: `${size}\r\n${long}\r\n${empty}`, headers: chunked },
      { body: `${"1\r\nx\r\n".repeat(bodyLimit + 1)}${empty}`, headers: chunked },
      { body: `fffffff\r\n${long}`, headers: chunked },
    ] satisfies Attack[]) {
      const answer = await house.attack(change);
      expect(statuses(answer)).toEqual([statusOf(name, 413)]);
      expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    }
    await house.unharmed();
  });

  it("any.3 a body that is declared longer than sent is no body, and the connection closes", async () => {
    for (const name of names) {
      const house = await besiege(framework, name);
      const one = fresh(name);
      const client = rawClient(
        house.port,
        bytesOf(one, { headers: { "Content-Length": String(Buffer.byteLength(one.body) + 1) } }),
      );
      client.socket.end();
      expect(statuses(await client.closed).every((status) => status === 400)).toBe(true);
      const cut = rawClient(house.port, bytesOf(one, { headers: chunked, body: "ff\r\n{" }));
      cut.socket.end();
      expect(statuses(await cut.closed).every((status) => status === 400)).toBe(true);
      await house.unharmed();
    }
  });
});
