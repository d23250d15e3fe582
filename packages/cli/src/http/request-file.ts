/** Requests in files: written byte for byte as they came, read again, with line ends of either kind. */
import { createServer } from "node:http";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { wrong } from "../exit.ts";
import { endOfHead } from "./framing.ts";
import { pairs, type Arrived } from "./requests.ts";

/** A folder in which requests are kept. */
export interface Keeper {
  /** Writes one down. Returns the path of its file, which its owner alone can read: credentials are in it. */
  keep(arrived: Arrived): string;
}

/** Makes the folder where it is not there, for its owner alone, and for no repository. */
export function keeperIn(folder: string): Keeper {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeOnce(join(folder, ".gitignore"), "*\n");
  let kept = 0;
  return {
    keep({ at, method, raw }) {
      kept += 1;
      const time = new Date(at).toISOString().replaceAll(/[:.]/g, "-");
      const what = /^[A-Z]{1,20}$/.test(method) ? method.toLowerCase() : "not-http";
      const file = join(folder, `${time}-${String(kept).padStart(4, "0")}-${what}.http`);
      writeFileSync(file, raw, { flag: "wx", mode: 0o600 });
      return file;
    },
  };
}

function writeOnce(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** A request that was read from a file. Its headers are without `Host` and `Content-Length`, which whoever sends it renews. */
export interface Read extends Pick<Arrived, "method" | "path" | "headers" | "body"> {
  /** The `Host` in the file; `undefined`: there is none. */
  readonly host: string | undefined;
}

/** Reads a request: its line, its headers, an empty line, its body. Throws a Complaint for a file that holds none. */
export async function readRequest(file: string): Promise<Read> {
  const bytes = bytesOf(file);
  const start = endOfHead(bytes);
  const [line = "", ...given] = bytes.toString("latin1", 0, start).trimEnd().split(/\r?\n/);
  const kept = given.filter((header) => !/^(host|content-length):/i.test(header));
  const isChunked = kept.some((header) => /^transfer-encoding:/i.test(header));
  // Node's own parser reads it, which wants what a sender adds
  const added = ["Host: nowhere", ...(isChunked ? [] : [`Content-Length: ${bytes.length - start}`])];
  const version = / HTTP\/1\.[01]$/.test(line) ? "" : " HTTP/1.1";
  const head = [`${line}${version}`, ...kept, ...added].join("\r\n");
  const parsed = await parse(
    Buffer.concat([Buffer.from(`${head}\r\n\r\n`, "latin1"), bytes.subarray(start)]),
  );
  if (!parsed) throw wrong(`${file} is no HTTP request: its line, its headers, an empty line, its body`);
  const host = given
    .find((header) => /^host:/i.test(header))
    ?.slice("host:".length)
    .trim();
  return { ...parsed, host, headers: parsed.headers.slice(0, -added.length) };
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw wrong(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** The request in the bytes; `undefined`: they are none. */
function parse(bytes: Buffer): Promise<Omit<Read, "host"> | undefined> {
  return new Promise((resolve) => {
    const server = createServer({ maxHeaderSize: 1_048_576 }, (request) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("error", () => resolve(undefined));
      request.on("end", () => {
        const { method = "", url = "", rawHeaders } = request;
        resolve({ method, path: url, headers: pairs(rawHeaders), body: Buffer.concat(chunks) });
      });
    });
    server.on("clientError", () => resolve(undefined));
    const connection = new Duplex({ read() {}, write: (_chunk, _encoding, written) => written() });
    connection.on("error", () => {});
    server.emit("connection", connection);
    connection.push(bytes);
    connection.push(null);
  });
}
