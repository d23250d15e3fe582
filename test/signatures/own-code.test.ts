/** Our recipes against the providers' own code, both ways: ours lets in what theirs lets in, and nothing that theirs refuses. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { kits, type Headers, type Kit } from "./kits.ts";
import { bodies, letsIn, now, withHeader } from "./support.ts";

beforeEach(() => void vi.useFakeTimers({ now, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const minute = 60_000;
const json = bodies["JSON"]!;

describe.each(kits)("$name", (kit) => {
  const [secret, another] = kit.secrets;
  const ours = kit.ours(secret);
  const good = () => kit.page(json, now, secret);

  it.each(Object.keys(bodies))(
    "any.30 a body that is signed as the page says is let in: %s",
    async (name) => {
      const body = bodies[name]!;
      const headers = kit.page(body, now, secret);
      expect(await letsIn(ours, headers, body)).toBe(true);
      expect(await theirsLetIn(kit, headers, body)).toBe(!kit.cannotTake.includes(name));
    },
  );

  it.each(tampered(kit))("any.30 %s is refused, by their own code as well", async (_, change) => {
    const { headers, body } = change(good());
    expect(await letsIn(ours, headers, body)).toBe(false);
    expect(await theirsLetIn(kit, headers, body)).toBe(false);
  });

  it("any.30 either of two secrets is let in while they rotate, and no third", async () => {
    const both = kit.ours([another, secret]);
    for (const one of [secret, another]) {
      expect(await letsIn(both, kit.page(json, now, one), json)).toBe(true);
      expect(await letsIn(kit.ours(another), kit.page(json, now, one), json)).toBe(one === another);
    }
  });
});

describe.each(kits.filter(({ theirs }) => theirs))("$name", (kit) => {
  it("any.30 what their own code signs is let in", async () => {
    const [secret] = kit.secrets;
    for (const name of Object.keys(bodies).filter((one) => !kit.cannotTake.includes(one))) {
      const headers = await kit.theirs!(bodies[name]!.toString(), now, secret);
      expect([name, await letsIn(kit.ours(secret), headers, bodies[name]!)]).toEqual([name, true]);
    }
  });
});

describe.each(kits.filter(({ stamped }) => stamped !== undefined))("$name", (kit) => {
  const [secret] = kit.secrets;
  const ours = kit.ours(secret);

  it.each([
    ["5 minutes old", -5 * minute, true],
    ["a second older than 5 minutes", -5 * minute - 1_000, false],
    ["5 minutes ahead", 5 * minute, true],
    ["a second further ahead than 5 minutes", 5 * minute + 1_000, false],
    ["a year old", -365 * 24 * 60 * minute, false],
  ])("any.31 a delivery that was signed %s", async (_, off, isIn) => {
    const headers = kit.page(json, now + off, secret);
    expect(await letsIn(ours, headers, json)).toBe(isIn);
    const isJudged = kit.judges === "both" || (kit.judges === "the past" && off < 0);
    expect(await theirsLetIn(kit, headers, json)).toBe(isIn || !isJudged);
  });

  it("any.31 a timestamp that was changed is refused, by their own code as well", async () => {
    const t = String(Math.floor(now / 1_000));
    const later = withHeader(kit.page(json, now, secret), kit.stamped!, (value) =>
      value.replace(t, String(Number(t) + 1)),
    );
    expect(await letsIn(ours, later, json)).toBe(false);
    expect(await theirsLetIn(kit, later, json)).toBe(false);
  });
});

async function theirsLetIn(kit: Kit, headers: Headers, body: Buffer): Promise<boolean> {
  try {
    return await kit.accepts(headers, body, kit.secrets[0]);
  } catch {
    return false;
  }
}

/** Deliveries that differ in one place from a good one. */
function tampered(
  kit: Kit,
): readonly (readonly [string, (good: Headers) => { headers: Headers; body: Buffer }])[] {
  const [secret, another] = kit.secrets;
  const body = (changed: Buffer) => (headers: Headers) => ({ headers, body: changed });
  const signature = (change: (value: string) => string) => (headers: Headers) => ({
    headers: withHeader(headers, kit.header, change),
    body: json,
  });
  return [
    ["a body with its first byte changed", body(flipped(json, 0))],
    ["a body with its last byte changed", body(flipped(json, json.length - 1))],
    ["a body with a byte more", body(Buffer.concat([json, Buffer.from(" ")]))],
    ["a body with a byte less", body(json.subarray(0, -1))],
    ["a body with a byte in front", body(Buffer.concat([Buffer.from(" "), json]))],
    ["no body", body(Buffer.alloc(0))],
    ["another key's signature", () => ({ headers: kit.page(json, now, another), body: json })],
    ["another body's signature", () => ({ headers: kit.page(flipped(json, 9), now, secret), body: json })],
    ["a signature with a character changed", signature((value) => value.replace(/.(?=.{8}$)/, other))],
    ["half a signature", signature((value) => value.slice(0, -value.length / 2))],
    ["nothing but what stands in front", signature((value) => value.replace(/[\w+/]{20,}=*$/, ""))],
    ["no header", ({ [kit.header]: _, ...headers }) => ({ headers, body: json })],
  ];
}

/** The bytes with a bit of one of them changed. */
function flipped(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
}

/** Another character of the same alphabet. */
function other(character: string): string {
  return character === "a" ? "b" : "a";
}
