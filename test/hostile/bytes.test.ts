/** Row "bytes": decoded as what they say they are, strictly. */
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, statuses, type Besieged } from "../support/hostile.ts";
import { providers, type ProviderName } from "../support/house.ts";

const names = Object.keys(providers) as ProviderName[];
const bytes = (...list: (string | number)[]) =>
  Buffer.concat(list.map((one) => (typeof one === "string" ? Buffer.from(one) : Buffer.from([one]))));

/** A JSON value in the place of a string, as bytes that are not UTF-8. */
const notUtf8: readonly (readonly number[])[] = [
  [0xff],
  [0xfe],
  [0x80],
  [0xc3],
  [0xe5, 0x61],
  [0xc0, 0xaf],
  [0xc1, 0xbf],
  [0xe0, 0x80, 0xaf],
  [0xf0, 0x80, 0x80, 0xaf],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf0, 0x9f, 0x92],
];

describe.each(frameworks)("$name", (framework) => {
  /** Upsales' credential is in the body, so without it there would be another reason to refuse. */
  const open = (name: ProviderName, other = {}): Promise<Besieged> =>
    besiege(framework, name, { options: { ...(name === "upsales" && { authenticate: false }), ...other } });
  const headers = { "Content-Type": "application/json" };

  it.each(names)("any.2 %s: bytes that are not of the charset are malformed", async (name) => {
    const house = await open(name);
    for (const list of notUtf8) {
      for (const body of [bytes('{"', ...list, '":1}'), bytes('{"a":"', ...list, '"}'), bytes(...list)])
        expect([list, ...statuses(await house.attack({ headers, body }))]).toEqual([list, 400]);
    }
    await house.unharmed();
  });

  it("any.2 other charsets that are known are decoded, strictly, and one mark at the start is dropped", async () => {
    const text = (id: string) => `{"event":"invoice_create","invoice":"${id}-\u00e5"}`;
    const le = (id: string) => Buffer.from(text(id), "utf16le");
    for (const [charset, body, status] of [
      ["utf-8", bytes("\ufeff", text("a")), 200],
      ["utf-16", le("b"), 200],
      ["utf-16le", bytes(0xff, 0xfe, ...le("c")), 200],
      ["utf-16be", le("d").swap16(), 200],
      ["iso-8859-1", Buffer.from(text("e"), "latin1"), 200],
      ["utf-16be", le("f"), 400],
      ["utf-16", bytes(text("g")), 400],
      ["utf-16", le("h").subarray(0, -1), 400],
      ["utf-16", Buffer.from('"\ud800"', "utf16le"), 400],
      ["utf-8", le("i"), 400],
      ["utf-8", bytes(0xff, 0xfe, ...le("j")), 400],
      ["utf-8", Buffer.from(text("k"), "latin1"), 400],
      ["shift_jis", bytes('{"event":"', 0x81, '","invoice":1}'), 400],
    ] as const) {
      const house = await open("uphance");
      const type = { "Content-Type": `application/json; charset=${charset}` };
      expect([charset, body, ...statuses(await house.attack({ headers: type, body }))]).toEqual([
        charset,
        body,
        status,
      ]);
      const seen = status === 200 ? ["\u00e5"] : [];
      expect(house.events.map(({ data }) => data.id.slice(2))).toEqual(seen);
      await house.unharmed({ handled: status === 200 ? 1 : 0 });
    }
  });
});
