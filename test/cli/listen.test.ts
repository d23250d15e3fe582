/** `answerback listen` and `replay`: what arrives is shown, kept byte for byte, and sent again as it was. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keeperIn, readRequest } from "../../packages/cli/src/http/request-file.ts";
import { listenFor, type Arrived } from "../../packages/cli/src/http/requests.ts";
import { rawClient } from "../support/raw-client.ts";
import { serve } from "../support/serve.ts";
import { answerback, folderOfTest, start, type Started } from "./support.ts";

describe("listen", () => {
  it("keeps a request byte for byte, for its owner alone, and answers as it is told", async () => {
    const { port, folder, listening } = await listen(
      "--status",
      "202",
      "--body",
      '{"ok":true}',
      "--count",
      "1",
    );
    const bytes =
      'POST /hooks/x?a=1 HTTP/1.1\r\nhost: test\r\nX-Odd:  two  spaces\r\nx-odd: again\r\nContent-Length: 10\r\n\r\n{"a":"å"}'.replace(
        "å",
        "\xc3\xa5",
      );
    const answer = await rawClient(port, Buffer.from(bytes, "latin1")).closed;
    expect(answer).toMatch(/^HTTP\/1\.1 202 Accepted\r\n[^]*\{"ok":true\}/);
    expect((await listening.ended).code).toBe(0);
    const [file = ""] = keptIn(folder);
    expect(readFileSync(file, "latin1")).toBe(bytes);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deliveries")).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, "deliveries/.gitignore"), "utf8")).toBe("*\n");
  });

  it("keeps a body in chunks with its chunks, and shows it without", async () => {
    const { port, folder, listening } = await listen("--count", "1");
    const bytes =
      "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n04\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n";
    // what comes behind it in the same breath is another request
    await rawClient(port, `${bytes}GET /next HTTP/1.1\r\nHost: test\r\n\r\n`).closed;
    const { out } = await listening.ended;
    expect(readFileSync(keptIn(folder)[0]!, "latin1")).toBe(bytes);
    expect(out).toContain("abcdefg");
  });

  it("keeps what is no HTTP, too", async () => {
    const { port, folder, listening } = await listen("--count", "1");
    expect(await rawClient(port, "\x16\x03\x01 hello\r\n\r\n").closed).toMatch(/^HTTP\/1\.1 400 /);
    expect((await listening.ended).out).toContain("no HTTP request");
    expect(readFileSync(keptIn(folder)[0]!, "latin1")).toBe("\x16\x03\x01 hello\r\n\r\n");
  });

  it("a connection that breaks, before its request or behind its answer, is no request", async () => {
    const { port, folder, listening } = await listen("--count", "2");
    rawClient(
      port,
      "POST /broken HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nhalf",
    ).socket.resetAndDestroy();
    const client = rawClient(port, "POST /whole HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
    await client.until("HTTP/1.1 200");
    client.socket.resetAndDestroy();
    await send(port, "/last", [], "");
    const { out } = await listening.ended;
    expect(out.match(/^\d\d:\d\d:\d\d .*$/gm)).toEqual([
      expect.stringContaining("/whole"),
      expect.stringContaining("/last"),
    ]);
    expect(keptIn(folder)).toHaveLength(2);
  });

  it("shows neither credentials nor more of an address for callbacks than its host, and steers no terminal", async () => {
    const { port, listening } = await listen("--count", "2");
    const secret = "s3cr3t-of-somebody";
    const headers = [
      `Authorization: Basic ${secret}`,
      `X-Hub-Signature-256: ${secret}`,
      `Cookie: a=${secret}`,
    ];
    const body = JSON.stringify({
      authenticationKey: secret,
      callbackUrl: `https://integration.upsales.com/callback/${secret}`,
      where: `https://hooks.slack.com/commands/${secret}`,
      text: "\u001b[2J\u202e\u0007\ud800",
    });
    await send(port, `/hooks/${"a".repeat(32)}?secret=${secret}`, headers, body);
    // broken off, so it is no JSON
    await send(port, "/", headers, `${body.slice(0, -2)}\u001b[31m`);
    const { out, err } = await listening.ended;
    expect(out + err).not.toContain(secret);
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(out).toContain("https://integration.upsales.com/…");
    expect(out).toContain("\\x1b[31m");
    expect(out).toContain("/hooks/…(32)?…(25)");
  });

  it("cuts a value of 8 MB, and tells its length", async () => {
    const { port, listening } = await listen("--count", "1", "--no-keep");
    await send(port, "/", [], JSON.stringify({ text: "x".repeat(8_388_608), more: 1 }));
    const { out } = await listening.ended;
    expect(out.length).toBeLessThan(3_000);
    expect(out).toContain("… (8,388,608 characters)");
    expect(out).toContain('"more": 1');
  });

  it("--json is one valid line a request, and --no-keep keeps nothing", async () => {
    const { port, folder, listening } = await listen("--count", "2", "--json", "--no-keep");
    await send(port, "/a", [], "\u009b31m{");
    await send(port, "/b", [], "");
    const { out } = await listening.ended;
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ path, status, bytes }: any) => [path, status, bytes])).toEqual([
      ["/a", 200, 6],
      ["/b", 200, 0],
    ]);
    expect(out).not.toContain("\u009b");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a port that is taken is told, and Ctrl-C ends it with 0", async () => {
    const { port, listening } = await listen();
    const second = await answerback(["listen", "--port", String(port)], { cwd: folderOfTest() });
    expect([second.code, second.err]).toEqual([2, expect.stringContaining(`port ${port} is taken`)]);
    listening.stop();
    expect((await listening.ended).code).toBe(0);
  });
});

describe("replay", () => {
  it("sends what was kept again as it was, to another address, and says what it renews", async () => {
    const { port, folder, listening } = await listen("--count", "1");
    await send(
      port,
      "/hooks/x?a=1",
      ["X-Case: Kept", "x-case: twice", "Content-Type: text/plain"],
      "å\n\u0000",
    );
    await listening.ended;
    const seen: any[] = [];
    const { url } = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request
        .on("data", (chunk) => chunks.push(chunk))
        .on("end", () => {
          seen.push({
            line: `${request.method} ${request.url}`,
            headers: request.rawHeaders,
            body: Buffer.concat(chunks).toString(),
          });
          response.end("thanks");
        });
    });
    const { code, out, err } = await answerback(["replay", keptIn(folder)[0]!, url]);
    expect([code, out]).toEqual([0, expect.stringContaining("thanks")]);
    expect(err).toContain("Host, Content-Length and Connection are renewed");
    expect(seen).toEqual([
      {
        line: "POST /hooks/x?a=1",
        headers: [
          "Host",
          new URL(url).host,
          "X-Case",
          "Kept",
          "x-case",
          "twice",
          "Content-Type",
          "text/plain",
          "Content-Length",
          "4",
          "Connection",
          "close",
        ],
        body: "å\n\u0000",
      },
    ]);
    await answerback(["replay", keptIn(folder)[0]!, `${url}/elsewhere`]);
    expect(seen[1].line).toBe("POST /elsewhere");
  });

  it("without an address it goes to the Host of the file; a status that is none of success is 1", async () => {
    const { url } = await serve((request, response) =>
      response.writeHead(request.url === "/gone" ? 410 : 200).end(),
    );
    const folder = folderOfTest();
    // as people write it: LF, no version, no length
    writeFileSync(join(folder, "by-hand.http"), `POST /gone\nHost: ${new URL(url).host}\n\n{}`);
    const { code, out } = await answerback(["replay", join(folder, "by-hand.http"), "--json"]);
    expect([code, JSON.parse(out)]).toMatchObject([1, { method: "POST", status: 410 }]);
  });

  it("a file that is none, or not there, and an address that is none, end with 2; nobody there with 1", async () => {
    const folder = folderOfTest();
    const file = join(folder, "x.http");
    writeFileSync(file, "POST / HTTP/1.1\r\n\r\n");
    mkdirSync(join(folder, "folder"));
    const run = async (...args: string[]) =>
      (({ code, err }) => [code, err])(await answerback(["replay", ...args]));
    expect(await run(join(folder, "nothing.http"))).toEqual([2, expect.stringContaining("cannot be read")]);
    expect(await run(join(folder, "folder"))).toEqual([2, expect.stringContaining("cannot be read")]);
    expect(await run(file)).toEqual([2, expect.stringContaining("no Host")]);
    expect(await run(file, "nowhere")).toEqual([2, expect.stringContaining("is no address")]);
    expect(await run(file, "http://127.0.0.1:1")).toEqual([1, expect.stringContaining("ECONNREFUSED")]);
    writeFileSync(file, "not a request at all");
    expect(await run(file, "http://127.0.0.1:1")).toEqual([2, expect.stringContaining("is no HTTP request")]);
  });

  it("whatever a request is made of, what is kept is what came, and is read as it was parsed", async () => {
    const arrived: Arrived[] = [];
    const listening = await listenFor({ host: "127.0.0.1", port: 0 }, (one) => {
      arrived.push(one);
      return { status: 200 };
    });
    const keeper = keeperIn(join(folderOfTest(), "deliveries"));
    const chunk = fc.uint8Array({ minLength: 1, maxLength: 40 });
    const header = fc.tuple(
      fc.stringMatching(/^X-[A-Za-z]{1,8}$/),
      fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(header, { maxLength: 5 }),
        fc.array(chunk, { maxLength: 4 }),
        fc.boolean(),
        async (headers, chunks, isChunked) => {
          const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
          const framed = isChunked
            ? [...chunks.flatMap((one) => [`${one.length.toString(16)}\r\n`, one, "\r\n"]), "0\r\n\r\n"]
            : chunks;
          const length = isChunked
            ? "Transfer-Encoding: chunked"
            : `Content-Length: ${chunks.flatMap((one) => [...one]).length}`;
          const bytes = Buffer.concat(
            [`POST / HTTP/1.1\r\nHost: x\r\n${lines}${length}\r\n\r\n`, ...framed].map((part) =>
              Buffer.from(part as string, "latin1"),
            ),
          );
          await rawClient(Number(listening.url.port), bytes).closed;
          const one = arrived.at(-1)!;
          expect(one.raw.equals(bytes)).toBe(true);
          const read = await readRequest(keeper.keep(one));
          expect(read.body.equals(Buffer.concat(chunks))).toBe(true);
          expect(read.headers.filter(([name]) => name.startsWith("X-"))).toEqual(
            headers.map(([name, value]) => [name, value]),
          );
        },
      ),
      { numRuns: 60 },
    );
    await listening.close();
  });
});

/** Starts a listener in a folder of its own. */
async function listen(...args: string[]): Promise<{ port: number; folder: string; listening: Started }> {
  const folder = folderOfTest();
  const listening = start(["listen", "--port", "0", ...args], { cwd: folder });
  const printed = await listening.until("Late answers come here");
  return { port: Number(/127\.0\.0\.1:(\d+)/.exec(printed)![1]), folder, listening };
}

async function send(port: number, path: string, headers: readonly string[], body: string): Promise<void> {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  await rawClient(port, [`POST ${path} HTTP/1.1`, "Host: test", ...headers, length, "", body].join("\r\n"))
    .closed;
}

function keptIn(folder: string): string[] {
  const kept = join(folder, "deliveries");
  return readdirSync(kept)
    .filter((name) => name.endsWith(".http"))
    .toSorted()
    .map((name) => join(kept, name));
}
