/** Compressed bodies from strangers: bombs, broken data, and what stands behind it. */
import { deflateRawSync, deflateSync, gzipSync, brotliCompressSync, createGzip } from "node:zlib";
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, statuses, type Besieged } from "../support/hostile.ts";
import { ownForms } from "../support/own-forms.ts";

const json = '{"event":"sent"}';
const both = (...parts: readonly (Uint8Array | string)[]) =>
  Buffer.concat(parts.map((one) => Buffer.from(one as string)));
const chunked = (bytes: Uint8Array, size: number) => {
  const chunks = [];
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    chunks.push(`${chunk.length.toString(16)}\r\n`, chunk, "\r\n");
  }
  return both(...chunks, "0\r\n\r\n");
};

describe.each(frameworks)("$name", (framework) => {
  const open = async (options: object = {}): Promise<Besieged> => {
    const { provider } = ownForms({ inflate: true });
    return besiege(framework, "app-inbox", { provider, options: { authenticate: false, ...options } });
  };
  const sent = (house: Besieged, coding: string, body: string | Uint8Array, headers: object = {}) =>
    house
      .attack({
        path: "/hooks/inbox",
        headers: { "Content-Type": "application/json", "Content-Encoding": coding, ...headers },
        body,
      })
      .then(statuses);

  it("any.33 gzip and deflate are inflated, whole or in chunks", async () => {
    const house = await open();
    for (const [coding, body] of [
      ["gzip", gzipSync(json)],
      ["GZIP", gzipSync(json)],
      ["x-gzip", gzipSync(json)],
      ["identity, gzip", gzipSync(json)],
      ["deflate", deflateSync(json)],
      ["identity", json],
      ["gzip", both(gzipSync(json.slice(0, 5)), gzipSync(json.slice(5)))],
    ] as const)
      expect([coding, ...(await sent(house, coding, body))]).toEqual([coding, 200]);
    const inChunks = { "Transfer-Encoding": "chunked" };
    expect(await sent(house, "gzip", chunked(gzipSync(json), 3), inChunks)).toEqual([200]);
    await house.unharmed({ handled: 8 });
  });

  it("any.33 what is not whole data of its coding, and nothing else, is malformed", async () => {
    const house = await open();
    const [gzip, zlib] = [gzipSync(json), deflateSync(json)];
    const wrongSum = Buffer.from(gzip);
    wrongSum[gzip.length - 6]! ^= 1;
    for (const [what, coding, body] of [
      ["nothing", "gzip", ""],
      ["not compressed", "gzip", json],
      ["half", "gzip", gzip.subarray(0, gzip.length / 2)],
      ["without its sum", "gzip", gzip.subarray(0, -8)],
      ["one byte short", "gzip", gzip.subarray(0, -1)],
      ["a wrong sum", "gzip", wrongSum],
      ["garbage behind", "gzip", both(gzip, json)],
      ["zeros behind", "gzip", both(gzip, "\0\0")],
      ["half a member behind", "gzip", both(gzip, gzip.subarray(0, 5))],
      ["zlib in gzip's name", "gzip", zlib],
      ["gzip in zlib's name", "deflate", gzip],
      ["deflate without zlib", "deflate", deflateRawSync(json)],
      ["garbage behind", "deflate", both(zlib, "x")],
      ["half", "deflate", zlib.subarray(0, -4)],
      ["compressed twice", "gzip", gzipSync(gzip)],
      ["no JSON inside", "gzip", gzipSync("what?")],
      ["no UTF-8 inside", "gzip", gzipSync(Uint8Array.of(0x22, 0xff, 0x22))],
    ] as const)
      expect([what, coding, ...(await sent(house, coding, body))]).toEqual([what, coding, 400]);
    await house.unharmed();
  });

  it("any.33 another coding, or two, is unsupported", async () => {
    const house = await open();
    for (const coding of ["br", "zstd", "compress", "gzip, gzip", "gzip, deflate", "gzip;q=1", "", "bogus"])
      expect([coding, ...(await sent(house, coding, gzipSync(gzipSync(json))))]).toEqual([coding, 415]);
    expect(await sent(house, "br", brotliCompressSync(json))).toEqual([415]);
    await house.unharmed();
  });

  it("any.33 the limit holds for what comes out, too", async () => {
    const house = await open({ bodyLimit: 2_000 });
    const ofLength = (length: number) => JSON.stringify("x".repeat(length - 2));
    expect(await sent(house, "gzip", gzipSync(ofLength(2_000)))).toEqual([200]);
    expect(await sent(house, "gzip", gzipSync(ofLength(2_001)))).toEqual([413]);
    expect(await sent(house, "deflate", deflateSync(ofLength(2_001)))).toEqual([413]);
    const members = Array.from({ length: 50 }, () => gzipSync(" ".repeat(100)));
    expect(await sent(house, "gzip", both(...members))).toEqual([413]);
    expect(await sent(house, "gzip", both(gzipSync(json), Buffer.alloc(2_000)))).toEqual([413]);
    expect(house.told.length + house.events.length).toBe(1);
  });

  it("any.33 any.17 room is taken for what may come out", async () => {
    const house = await open({ bodyLimit: 2_000, maxBytesInFlight: 1_999 });
    expect(await sent(house, "gzip", gzipSync(json))).toEqual([429]);
    expect(await sent(house, "identity", json)).toEqual([200]);
  });

  it("any.33 a bomb costs no more than the limit", async () => {
    const house = await open();
    const bomb = await bombOf(100 * 2 ** 20);
    expect(bomb.length).toBeLessThan(200_000);
    await sent(house, "gzip", bomb);
    const start = process.memoryUsage().rss;
    let peak = start;
    const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 1);
    const answers = await Promise.all(Array.from({ length: 8 }, () => sent(house, "gzip", bomb)));
    clearInterval(watching);
    expect(answers.flat()).toEqual(Array(8).fill(413));
    expect(peak - start).toBeLessThan(100 * 2 ** 20);
    await house.unharmed();
  });
});

/** Zeros, compressed a piece at a time, so that making a bomb takes no memory either. */
async function bombOf(length: number): Promise<Buffer> {
  const gzip = createGzip();
  const zeros = Buffer.alloc(2 ** 20);
  const collecting = gzip.toArray();
  for (let written = 0; written < length; written += zeros.length)
    await new Promise((resolve) => gzip.write(zeros, resolve));
  gzip.end();
  return Buffer.concat(await collecting);
}
