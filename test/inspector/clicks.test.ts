/** From a click in a browser to the engine, on each engine that a test has at hand. */
import type { Backend } from "@answerback/core/backend";
import { postgres } from "@answerback/postgres";
import { sqlite } from "@answerback/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { schemaOfFile } from "../support/postgres-records.ts";
import { storeIn } from "../support/redis-store.ts";
import { fileOfTest } from "../support/sqlite-file.ts";
import { browserOfSuite } from "./browser.ts";
import { inspected, type Given } from "./inspected.ts";

describeWith("chromium")("in memory", () => clicks(() => undefined));

describeWith("chromium")("on SQLite", () => clicks(() => sqlite(fileOfTest())));

describeWith("chromium", "redis")("on Redis", () => {
  clicks(() => {
    const store = storeIn(engineOf("redis").at);
    onTestFinished(async () => store.destroy?.());
    return store.backend;
  });
});

describeWith("chromium", "postgres")("on Postgres", () => {
  const at = schemaOfFile();
  clicks(() => postgres({ url: engineOf("postgres").at, schema: at.schema }));
});

function clicks(place: () => Backend<any> | undefined): void {
  const opened = browserOfSuite();
  const app = (given: Given = {}) => {
    const backend = place();
    return inspected("Express", { ...(backend && { backend }), actions: true, ...given });
  };

  test("one group of dead letters is retried, the other discarded", async () => {
    let isCured = false;
    const one = await app({
      receiving: {
        handle: ({ data }: any) => {
          if (!isCured || data.last_name.includes("hopeless"))
            throw new Error(data.last_name.includes("hopeless") ? "no such city" : `no customer ${data.id}`);
        },
        retryFor: 0,
        onFailure: "accept",
      },
    });
    for (const id of ["1", "2", "3"]) await one.deliver({ id, last_name: "x" });
    for (const id of ["4", "5"]) await one.deliver({ id, last_name: "hopeless" });
    await one.receiver.idle();
    const page = await opened(one, "errors");
    const rowOf = (error: string) => page.getByRole("row").filter({ hasText: error });
    await rowOf("failed: no such city").getByRole("button", { name: "Discard all" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Discard all" }).click();
    await page.getByText("2 are discarded.").waitFor();
    isCured = true;
    await rowOf("failed: no customer #").getByRole("button", { name: "Retry all" }).click();
    await page.getByText("There are no dead letters.").waitFor();
    await one.receiver.idle();
    expect((await one.receiver.records.stats()).counts).toMatchObject({ dead: 0, settled: 5 });
  });

  test("what became of one contact is found, and its story told", async () => {
    const one = await app({ payloads: true });
    await one.deliver({ id: "11e6", last_name: "dies of thirst" });
    await one.deliver({ id: "other" });
    const page = await opened(one, "records");
    await page.getByLabel("About").fill("11e6");
    await page.getByRole("button", { name: "Find" }).click();
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    await page.getByRole("link", { name: "contact.create" }).click();
    await page.getByRole("heading", { name: "contact.create about 11e6" }).waitFor();
    const story = page.getByRole("list", { name: "Its story" });
    expect(await story.innerText()).toMatch(
      /It arrived[^]*Delivery failed[^]*Run failed, 1st run[^]*Given up[^]*dead given up, after 1 attempt/,
    );
    expect(await page.locator("pre").first().innerText()).toContain('"last_name": "dies of thirst"');
  });

  test("a type is paused and resumed, and what comes in is seen at once", async () => {
    const one = await app();
    const page = await opened(one);
    await page.getByLabel("Event type to pause").fill("contact.create");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("The handling of contact.create is paused.").waitFor();
    expect((await one.receiver.records.paused()).names).toEqual(["contact.create"]);
    await one.deliver({ id: "waits" });
    await page.getByRole("listitem").filter({ hasText: "waits" }).first().waitFor();
    await page.getByRole("button", { name: "Resume contact.create" }).click();
    await expect.poll(() => page.locator(".notice").count()).toBe(0);
    await expect.poll(async () => (await one.receiver.records.paused()).names).toEqual([]);
  });
}
