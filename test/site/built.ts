/** The site, built as it is published, and served by a plain server of files. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import express from "express";
import { afterAll, beforeAll } from "vitest";
import { top } from "../house/imports.ts";

/** Where it is built to. */
export const dist: string = join(top, "packages/site/dist");

/** Builds it before the tests of a suite, and serves it until after them. Returns what tells its origin. */
export function siteOfSuite(): () => string {
  let server: Server;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ["--conditions=source", "build.ts"], {
      cwd: join(top, "packages/site"),
    });
    server = express()
      .use(express.static(dist, { extensions: ["html"] }))
      .listen(0, "127.0.0.1");
    await once(server, "listening");
  }, 300_000);

  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });

  return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
