/** Which addresses are on the public internet, by each of the two layers that ask. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBlockList, isForbidden } from "../../packages/node/src/guarded-fetch/addresses.ts";

const forbidden = {
  "this host": ["0.0.0.0", "0.0.0.1", "0.255.255.255", "::", "0:0:0:0:0:0:0:0"],
  loopback: ["127.0.0.1", "127.1.2.3", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1", "0000::0001"],
  private: ["10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"],
  "unique local": ["fc00::1", "fd00::1", "fdff:ffff::1", "FD12:3456::1"],
  "link-local": ["169.254.0.1", "169.254.255.255", "fe80::1", "febf::1", "fe80::1%eth0"],
  "site-local": ["fec0::1", "feff::1"],
  "cloud metadata": ["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "192.0.0.192"],
  "carrier-grade NAT": ["100.64.0.0", "100.127.255.255"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
  "broadcast and reserved": ["255.255.255.255", "240.0.0.1", "192.0.0.1", "192.88.99.1"],
  benchmarking: ["198.18.0.1", "198.19.255.255", "2001:2::1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  "IPv4-mapped": ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "0:0:0:0:0:FFFF:0808:0808"],
  "IPv4-compatible": ["::127.0.0.1", "::7f00:1", "::8.8.8.8"],
  "IPv4-translated": ["::ffff:0:127.0.0.1"],
  NAT64: ["64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "64:ff9b:1:ffff::1"],
  "6to4": ["2002:7f00:1::1", "2002:808:808::1"],
  Teredo: ["2001::1", "2001:0:7f00:1::1"],
  "ORCHID, discard, segment routing": ["2001:10::1", "2001:20::1", "100::1", "5f00::1"],
  "given to nobody": ["1::1", "1fff::1", "4000::1", "8000::1", "f000::1"],
  "a zone of this machine": ["2606:4700::1111%eth0"],
  "not plainly an address": [
    ...["", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "8.8.8.8/32", " 8.8.8.8", "8.8.8.8 "],
    ...["[::1]", "::ffff:0x7f.1", "1:2:3", "①②⑦.0.0.1"],
  ],
};

const permitted = [
  ...["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"],
  ...["128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255"],
  ...["172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255"],
  ...["2001:4860:4860::8888", "2606:4700:4700::1111", "2A00:1450:4001::1", "2003::1", "2001:200::1"],
];

describe("upsales.17 only addresses of the public internet are posted to", () => {
  describe.each(Object.entries(forbidden))("%s is forbidden", (_, addresses) => {
    it.each(addresses)("%j", (address) => expect(isForbidden(address)).toBe(true));
  });

  describe("what lies right beside it is permitted", () => {
    it.each(permitted)("%s", (address) => expect(isForbidden(address)).toBe(false));
  });

  it("upsales.17 what the connection would block is forbidden before, and in every wrapping", () => {
    const list = createBlockList([]);
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
        const high = (a * 256 + b).toString(16);
        const low = (c * 256 + d).toString(16);
        for (const prefix of ["::ffff:", "::", "64:ff9b::", "::ffff:0:", "2001:0:1:2:3:4:"]) {
          expect([prefix, isForbidden(`${prefix}${high}:${low}`)]).toEqual([prefix, true]);
        }
        expect(isForbidden(`2002:${high}:${low}::1`)).toBe(true);
        expect(list.check(`::ffff:${high}:${low}`, "ipv6")).toBe(list.check(address, "ipv4"));
        const either = list.check(address, "ipv4") || isForbidden(address);
        expect(isForbidden(address)).toBe(either);
      }),
    );
  });

  it("upsales.17 any text at all is an address of the public internet or forbidden", () => {
    const text = fc.oneof(fc.string(), fc.ipV6(), fc.domain());
    fc.assert(
      fc.property(text, (any) => {
        expect(isForbidden(any)).toBeTypeOf("boolean");
      }),
    );
  });
});

describe("the connection's block list", () => {
  it.each([
    ["127.0.0.1", "ipv4"],
    ["10.0.0.1", "ipv4"],
    ["169.254.169.254", "ipv4"],
    ["168.63.129.16", "ipv4"],
    ["100.64.0.1", "ipv4"],
    ["::1", "ipv6"],
    ["::ffff:127.0.0.1", "ipv6"],
    ["::127.0.0.1", "ipv6"],
    ["64:ff9b::7f00:1", "ipv6"],
    ["2002:7f00:1::1", "ipv6"],
    ["fd00:ec2::254", "ipv6"],
    ["fe80::1", "ipv6"],
  ] as const)("upsales.17 blocks %s", (address, family) => {
    expect(createBlockList([]).check(address, family)).toBe(true);
  });

  it("upsales.17 blocks no public address", () => {
    const list = createBlockList([]);
    for (const address of permitted) {
      expect([address, list.check(address, address.includes(":") ? "ipv6" : "ipv4")]).toEqual([
        address,
        false,
      ]);
    }
  });

  it("upsales.17 leaves out only the ranges of addresses that are allowed", () => {
    const list = createBlockList(["127.0.0.1", "fd00::7"]);
    expect([list.check("127.0.0.1", "ipv4"), list.check("fd00::7", "ipv6")]).toEqual([false, false]);
    expect([list.check("10.0.0.1", "ipv4"), list.check("::1", "ipv6")]).toEqual([true, true]);
  });
});
