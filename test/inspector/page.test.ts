/** The page in a browser: what it shows, what it asks before it acts, and that it is text, whatever a provider sends. */
import { AnswerbackError, createReceiver, postback, type Found } from "@answerback/core";
import { expect, onTestFinished, test } from "vitest";
import { describeWith } from "../support/engines.ts";
import { browserOfSuite, viewOf } from "./browser.ts";
import { inspected, memoryWith } from "./inspected.ts";
import { scripted } from "./scripted.ts";

describeWith("chromium")("in a browser", () => {
  const opened = browserOfSuite();

  test("work on a group is stopped half-way, and what was done is said", async () => {
    let isHeldUp = false;
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
    const backend = memoryWith((verb, [options]) => {
      if (isHeldUp && verb === "list" && (options as { after?: object }).after) return held;
    });
    const one = await inspected("Express", { backend, actions: true });
    for (let id = 1; id <= 300; id += 1)
      await one.deliver({ id: `${id}`, last_name: `dies of number ${id}` });
    const page = await opened(one, "errors");
    const cutOff = new Promise((resolve) => {
      one.server.on("request", ({ method }, res) => method === "POST" && res.once("close", resolve));
    });
    isHeldUp = true;
    await page.getByRole("button", { name: "Retry all" }).click();
    await page.getByText("100 of 300").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped. 100 are due again.").waitFor();
    await cutOff;
    goOn();
    await one.receiver.idle();
    expect(one.events.length).toBe(400);
  });

  test("nothing is discarded before somebody said so", async () => {
    const one = await inspected("Express", { actions: true });
    await one.deliver({ id: "1", last_name: "dies of it" });
    const page = await opened(one, "errors");
    await page.getByRole("button", { name: "Discard all" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.innerText()).toContain("Discard 1 dead letters that died of “permanent: it”?");
    await dialog.getByRole("button", { name: "Leave it" }).click();
    await page.getByRole("button", { name: "Discard all" }).click();
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.count()).toBe(0);
    expect((await one.receiver.records.stats()).counts.dead).toBe(1);
  });

  test("without actions there is nothing to press that changes anything", async () => {
    const one = await inspected("Express");
    await one.deliver({ id: "1", last_name: "dies of it" });
    await one.receiver.records.pause("contact.delete");
    const { key } = (await one.receiver.records.list()).records[0]!;
    const page = await opened(one);
    await page.getByText("The handling of contact.delete is paused.").waitFor();
    for (const [view, sign] of [
      ["errors", "permanent: it"],
      ["record", "This inspector shows no payloads."],
    ] as const) {
      await page.goto(viewOf(one, view, { key }));
      await page.getByText(sign).waitFor();
      expect(await page.getByRole("button").count()).toBe(0);
    }
  });

  test("a story goes on while it is told, and the feed is held", async () => {
    const one = await inspected("Express", { actions: true });
    await one.deliver({ id: "1", last_name: "dies of it" });
    const { key } = (await one.receiver.records.list()).records[0]!;
    const page = await opened(one);
    await page.goto(viewOf(one, "record", { key }));
    await page.getByText("after 1 attempt").waitFor();
    await one.receiver.records.retry(key);
    await expect.poll(() => page.getByText("Run failed").count()).toBe(2);
    await page.goto(viewOf(one, "live"));
    const feed = page.getByRole("list", { name: "What comes in" });
    await feed.getByText("contact.create").first().waitFor();
    await page.getByRole("button", { name: "Hold" }).click();
    await one.deliver({ id: "while it is held" });
    await page.evaluate("fetch('api/receivers').then(() => new Promise(requestAnimationFrame))");
    expect(await feed.innerText()).not.toContain("while it is held");
    await page.getByRole("button", { name: "Hold" }).click();
    await feed.getByText("while it is held").first().waitFor();
  });

  test("a story goes from its delivery over its runs to its posts, whatever was told first", async () => {
    const one = await scripted({ get: async () => undefined });
    one.observe({ kind: "run", outcome: "handled", attempt: 2, tookMs: 20 });
    one.observe({ kind: "delivery", outcome: "accepted", status: 202, tookMs: 30 });
    one.observe({ kind: "post", outcome: "failed", attempt: 1, final: false, status: 503, tookMs: 3 });
    one.observe({ kind: "post", outcome: "presumed_delivered", attempt: 2, final: true, tookMs: 2 });
    const page = await opened(one, "record", { key: "k" });
    const story = page.getByRole("list", { name: "Its story" });
    await story.getByText("There is no record of it").waitFor();
    const lines = (await story.getByRole("listitem").allInnerTexts()).map((line) =>
      line.replace(/^.*[AP]M /, ""),
    );
    expect(lines).toEqual([
      "Delivery accepted, answered with 202 after 30 ms",
      "Run handled, 2nd run, 20 ms",
      "Post a part of the answer, failed, answered with 503, 1st use of the address, 3 ms",
      "Post presumed delivered, 2nd use of the address, 2 ms",
      "There is no record of it (any more).",
    ]);
  });

  test("a page that nobody sees follows nobody, and seen again goes on where it was", async () => {
    const one = await scripted();
    one.observe({ name: "the first" });
    const page = await opened(one);
    const feed = page.getByRole("list", { name: "What comes in" });
    await feed.getByText("the first").waitFor();
    const seen = (isHidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, "hidden", { configurable: true, value: ${isHidden} });
        document.dispatchEvent(new Event("visibilitychange"))`);
    await seen(true);
    await expect.poll(one.looking).toBe(0);
    one.observe({ name: "the second" });
    await seen(false);
    await feed.getByText("the second").waitFor();
    expect(await feed.getByText("the first").count()).toBe(1);
    expect(one.followed()).toBe(2);
  });

  test("a search goes on over pages that are short, until it is stopped", async () => {
    const rare = { key: "k", state: "dead", name: "contact.create", id: "the oldest", attempts: 1 };
    const asks: unknown[] = [];
    const one = await scripted({
      async list({ id, cursor = "0" } = {}) {
        asks.push(cursor);
        if (id === "nowhere") return { records: [], cursor: `${Number(cursor) + 1}` };
        return cursor === "3"
          ? { records: [rare as Found], cursor: undefined }
          : { records: [], cursor: `${Number(cursor) + 1}` };
      },
    });
    const page = await opened(one, "records");
    await page.getByRole("cell", { name: "the oldest" }).waitFor();
    await page.getByText("1 found.").waitFor();
    expect(asks).toEqual(["0", "1", "2", "3"]);
    await page.goto(viewOf(one, "records", { id: "nowhere" }));
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("None found. There are older ones to look through.").waitFor();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByText("Looking …").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("None found.").waitFor();
  });

  test("a search is by state, event, subject, error and time, stands in the address, and a key is of one record", async () => {
    const asks: object[] = [];
    const one = await scripted({
      async list(options) {
        asks.push(options!);
        return { records: [], cursor: undefined };
      },
      get: async () => undefined,
    });
    const page = await opened(one, "records");
    await page.getByLabel("State").selectOption("waiting");
    await page.getByLabel("Event").fill("contact.create");
    await page.getByLabel("About").fill("👩‍🚀");
    await page.getByLabel("Error").fill("failed");
    await page.getByLabel("Since").fill("2026-11-27T01:00");
    await page.getByRole("button", { name: "Find" }).click();
    await expect.poll(() => asks.length).toBe(2);
    const filter = { state: "waiting", name: "contact.create", id: "👩‍🚀", error: "failed" };
    expect(asks[1]).toEqual({ ...filter, since: Date.parse("2026-11-27T01:00"), cursor: undefined });
    // again, as it stands in the address
    await page.reload();
    await page.getByText("None found.").waitFor();
    await page.getByRole("button", { name: "Find" }).waitFor();
    expect(asks[2]).toEqual(asks[1]);
    expect(await page.getByLabel("About").inputValue()).toBe("👩‍🚀");
    expect(await page.getByLabel("Since").inputValue()).toBe("2026-11-27T01:00");
    one.observe({ key: "k-1" });
    await page.getByLabel("Key").fill(" k-1 ");
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Its story" }).waitFor();
  });

  test("one of several receivers is chosen, and the view stays", async () => {
    const receivers = ["apples", "pears"].map((name) =>
      createReceiver(postback(), { name, authenticate: false, handle: () => {}, warn: () => {} }),
    );
    onTestFinished(async () => void (await Promise.all(receivers.map((one) => one.close()))));
    await receivers[1]!.records.pause("contact.delete");
    const one = await inspected("Express", { receivers });
    const page = await opened(one);
    await page.goto(`${one.page}#live`);
    await page.getByText("until the pause ends").waitFor();
    expect(await page.getByLabel("Receiver").inputValue()).toBe("apples");
    await page.getByLabel("Receiver").selectOption("pears");
    await page.getByText("The handling of contact.delete is paused.").waitFor();
    expect(page.url()).toBe(`${one.page}#live?receiver=pears`);
  });

  test("a backend that is away is said where counts would be", async () => {
    const backend = memoryWith((verb) => {
      if (verb === "stats") throw new Error("ECONNREFUSED");
    });
    const one = await inspected("Express", { backend });
    const page = await opened(one);
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toMatch(/backend is away|did not answer/);
  });

  test("the keyboard is enough: a dead letter is opened and retried", async () => {
    const one = await inspected("Koa", { actions: true });
    await one.deliver({ id: "1", last_name: "dies of it" });
    const page = await opened(one, "records");
    await page.getByRole("link", { name: "contact.create" }).waitFor();
    const pressUntil = async (name: string) => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press("Tab");
        if ((await page.evaluate("document.activeElement.textContent")) === name) return;
      }
      throw new Error(`no Tab comes to ${name}`);
    };
    await pressUntil("contact.create");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Retry" }).waitFor();
    await pressUntil("Retry");
    await page.keyboard.press("Enter");
    await expect.poll(() => one.events.length).toBe(2);
  });

  test("nothing that a provider sends is more than text, in whatever field", async () => {
    const markup = `<img src=x onerror="document.title='hacked'"><script>document.title="hacked"</script>`;
    const evil = `${markup}"'\u001b[31m\u202e\u200b\ud800\u{e0041}a${"\u0301".repeat(40)}`;
    const found = { key: evil, name: evil, id: evil, attempts: 1, error: { code: "failed", message: evil } };
    const dead = { ...found, state: "dead", work: "event", arrivedAt: 1, diedAt: 2 } as unknown as Found;
    const holdings = { data: { [evil]: [evil] }, callback: evil, answer: { status: 200, body: evil } };
    const counts = { held: 0, free: 0, due: 0, waiting: 0, paused: 0, dead: 1, settled: 0 };
    const paused = { all: false, names: [evil] };
    const one = await scripted(
      {
        list: async () => ({ records: [dead], cursor: undefined }),
        get: async () => ({ ...dead, ...holdings }),
        errors: async () => [{ error: evil, code: "failed", count: 1, names: [evil] }],
        stats: async () => ({ counts, upTo: 10, dueForMs: 0, runs: 0, posts: 0, paused }),
        async retry() {
          throw new AnswerbackError("wrong_state", evil);
        },
      },
      { payloads: true },
    );
    one.observe({ key: evil, name: evil, id: evil, reason: evil, outcome: "failed" });
    const page = await opened(one);
    const signs = { live: "Resume <img", records: "1 found.", errors: "Discard all", record: "Its callback" };
    for (const [view, sign] of Object.entries(signs)) {
      await page.goto(viewOf(one, view, { key: evil }));
      await page.getByText(sign).first().waitFor();
      if (view === "live") await page.getByText("failed, 1st run").waitFor();
      if (view === "errors") await page.getByRole("button", { name: "Discard all" }).click();
      if (view === "record") await page.getByRole("button", { name: "Retry" }).click();
      if (view === "record") await page.locator("#said").getByText("<img").waitFor();
      const text = await page.locator("body").innerText();
      expect(text).toContain(markup);
      expect(text).toContain("\\u001b[31m\\u202e\\u200b");
      expect(text).toContain("\\u{e0041}a\u0301\u0301\u0301\u0301…");
      expect(text).not.toMatch(/(?!\n|\t)[\p{Cc}\p{Cf}\p{Cs}\u{e0041}]|\u0301{5}/u);
      const made = "document.querySelectorAll('img, script:not([src]), iframe, [onerror]').length";
      expect(await page.evaluate(made)).toBe(0);
      if (view === "errors") await page.keyboard.press("Escape");
    }
    expect(await page.title()).toBe("One event · scripted · Answerback");
  });

  test("on a phone, in the dark, nothing is wider than the screen", async () => {
    const one = await inspected("Express", { actions: true, payloads: true });
    await one.deliver({ id: "a".repeat(150), last_name: `dies of ${"x".repeat(400)}` });
    const { key } = (await one.receiver.records.list()).records[0]!;
    const page = await opened(one);
    await page.setViewportSize({ width: 375, height: 700 });
    const grounds = new Set<string>();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      for (const view of ["live", "records", "errors", "record"]) {
        await page.goto(viewOf(one, view, { key }));
        await page.locator("main h2").first().waitFor();
        await expect.poll(() => page.locator("main").innerText()).toMatch(/aaaa|xxxx/);
        expect([view, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([view, 375]);
      }
      grounds.add(String(await page.evaluate("getComputedStyle(document.body).backgroundColor")));
    }
    expect(grounds.size).toBe(2);
  });
});
