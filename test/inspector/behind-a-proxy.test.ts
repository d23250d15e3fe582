/** The page behind a proxy that has it at another path and under another host: all its addresses are its own, relative. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeWith } from "../support/engines.ts";
import { browserOfSuite } from "./browser.ts";
import { inspected, mounts, type Inspected } from "./inspected.ts";

/** As nginx does unless told otherwise: another path, and the app's own host. */
async function proxied({ page }: Inspected, outside: string): Promise<string> {
  const { host, hostname, port, pathname } = new URL(page);
  const server = createServer((req, res) => {
    const path = req.url!.replace(outside.slice(0, -1), pathname.slice(0, -1));
    const headers = { ...req.headers, host };
    const through = request({ hostname, port, path, method: req.method, headers }, (answer) => {
      res.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(res);
    });
    res.once("close", () => through.destroy());
    through.on("error", () => res.destroy());
    req.pipe(through);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${outside}`;
}

describe.each(mounts)("%s", (mount) => {
  test("without a slash at its end it is found where the proxy puts something before its path", async () => {
    const at = await proxied(await inspected(mount), "/tools/inspect/");
    const response = await fetch(at.slice(0, -1));
    expect([response.status, response.url]).toEqual([200, at]);
  });

  describeWith("chromium")("in a browser", () => {
    const opened = browserOfSuite();

    test("what comes in is seen, records are found, and the page may act", async () => {
      const app = await inspected(mount, { actions: true });
      const at = await proxied(app, "/tools/of/ours/");
      // whatever it asks elsewhere fails the test
      const page = await opened({ page: at, origin: at, receiver: app.receiver });
      await page.getByText("Nothing has come in").waitFor();
      await app.deliver({ id: "c1", last_name: "dies of it" });
      await page.getByRole("link", { name: "contact.create" }).first().waitFor();
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByText("The handling of all events is paused.").waitFor();
      expect((await app.receiver.records.paused()).all).toBe(true);
      await page.getByRole("link", { name: "Errors" }).click();
      await page.getByText("permanent: it").waitFor();
    });
  });
});
