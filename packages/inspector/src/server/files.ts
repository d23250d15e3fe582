/** The files of the page: read once, and served as they are; sources without their types. */
import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import * as module from "node:module";
import { gzipSync } from "node:zlib";
import type { Asked, Reply } from "./plain.ts";

/** A file of the page. */
interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly zipped: Buffer;
  /** Its entity tag (RFC 9110, section 8.8.3). */
  readonly tag: string;
}

const isSource = import.meta.url.endsWith(".ts");
const types: Readonly<Record<string, string>> = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  svg: "image/svg+xml",
  ts: "text/javascript",
};
let files: ReadonlyMap<string, PageFile> | undefined;

/** The file that is asked for; `undefined` where there is none. */
export function fileAt({ path, headers }: Asked): Reply | undefined {
  files ??= read();
  const file = files.get(path === "/" ? "/index.html" : path);
  if (!file) return undefined;
  const { type, bytes, zipped, tag } = file;
  const usual = { "cache-control": "no-cache", vary: "accept-encoding", etag: tag };
  if (headers["if-none-match"] === tag) return { status: 304, headers: usual, body: "" };
  const isZipped = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(String(headers["accept-encoding"] ?? ""));
  return {
    status: 200,
    headers: { ...usual, "content-type": type, ...(isZipped && { "content-encoding": "gzip" }) },
    body: isZipped ? zipped : bytes,
  };
}

/** What stands still is in `page/`, what runs in `src/page/` or `dist/page/`. Nothing else is read, whatever a path says. */
function read(): ReadonlyMap<string, PageFile> {
  const still = filesIn(new URL("../../page/", import.meta.url));
  const scripts = filesIn(new URL("../page/", import.meta.url)).filter(([name]) =>
    /(?<!\.d)\.(?:js|ts)$/.test(name),
  );
  return new Map([
    ...still.map(([name, text]) => [`/${name}`, fileOf(name, asSource(text))] as const),
    ...scripts.map(([name, text]) => [`/page/${name}`, fileOf(name, asScript(text))] as const),
  ]);
}

function filesIn(folder: URL): [name: string, text: string][] {
  return readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")]);
}

function asSource(text: string): string {
  return isSource ? text.replace("main.js", "main.ts") : text;
}

function asScript(text: string): string {
  return isSource ? module.stripTypeScriptTypes(text) : text;
}

function fileOf(name: string, text: string): PageFile {
  const bytes = Buffer.from(text);
  const type = `${types[name.slice(name.lastIndexOf(".") + 1)]}; charset=utf-8`;
  return { type, bytes, zipped: gzipSync(bytes), tag: `"${hash("sha256", bytes, "base64url")}"` };
}
