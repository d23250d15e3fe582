/** What a page elsewhere can do to an inspector that lets everybody in: nothing, in the browser of somebody who may. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createReceiver, postback, type Receiver } from "@answerback/core";
import { createInspector } from "@answerback/inspector";
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { chromiumOfSuite } from "../support/chromium.ts";
import { describeWith } from "../support/engines.ts";

/** An inspector, and what it answered. */
interface Victim {
  readonly at: string;
  readonly answers: readonly string[];
  readonly receiver: Receiver;
}

const asking = "a request with the page's header";

/** How a page has a browser send what changes something, without asking anybody. Each is an expression. */
const ways: Readonly<Record<string, string>> = {
  "a request without a preflight": `fetch(url, { method: "POST", mode: "no-cors", body }).then(() => "sent", () => "not sent")`,
  [asking]: `fetch(url, { method: "POST", headers: { "x-answerback-inspector": "1" }, body }).then(() => "sent", () => "not sent")`,
  "a beacon": `navigator.sendBeacon(url, body)`,
  "a form": `new Promise((resolve) => {
    const [frame, form, field] = ["iframe", "form", "input"].map((name) => document.createElement(name));
    frame.name = "elsewhere";
    Object.assign(form, { method: "POST", action: url, enctype: "text/plain", target: "elsewhere" });
    // text/plain writes name=value: together they are JSON
    Object.assign(field, { name: body.slice(0, -1) + ',"x":"', value: '"}' });
    form.append(field);
    document.body.append(frame, form);
    frame.addEventListener("load", resolve);
    form.submit();
  })`,
};

/** How a page reads what is not its own: what it gets to see of it. */
const looks: Readonly<Record<string, string>> = {
  "a request": `fetch(at + "api/receivers").then((r) => r.text(), () => "nothing")`,
  "the feed": `new Promise((resolve) => {
    const source = new EventSource(at + "api/feed?receiver=contacts");
    source.onopen = () => resolve("the feed");
    source.onerror = () => resolve("nothing");
  })`,
  "a script": `new Promise((resolve) => {
    const element = document.createElement("script");
    Object.assign(element, { src: at + "page/place.ts", onload: () => resolve("it ran"), onerror: () => resolve("nothing") });
    document.body.append(element);
  })`,
  "a picture": `new Promise((resolve) => {
    const picture = new Image();
    Object.assign(picture, { src: at + "icon.svg", onload: () => resolve("it is seen"), onerror: () => resolve("nothing") });
  })`,
  "a style": `new Promise((resolve) => {
    const style = document.createElement("link");
    Object.assign(style, { rel: "stylesheet", href: at + "page.css", onload: () => resolve("it is used"), onerror: () => resolve("nothing") });
    document.body.append(style);
  })`,
};

describeWith("chromium")("in a browser", () => {
  const browser = chromiumOfSuite();

  /** A page of another site (`localhost`), or of another app on the same machine. */
  async function elsewhere(host: "localhost" | "127.0.0.1"): Promise<Page> {
    const port = await serve((_req, res) => {
      res.setHeader("content-type", "text/html").end("<body>Win a prize</body>");
    });
    return opened(`http://${host}:${port}/`);
  }

  async function opened(url: string): Promise<Page> {
    const page = await browser().newPage();
    onTestFinished(() => page.close());
    await page.goto(url);
    return page;
  }

  /** An inspector that lets everybody in, and may act. */
  async function open(): Promise<Victim> {
    const receiver = createReceiver(postback(), { authenticate: false, name: "contacts", handle: () => {} });
    const inspector = createInspector({ receivers: receiver, authorize: false, actions: true });
    onTestFinished(() => inspector.close());
    const answers: string[] = [];
    const port = await serve((req, res) => {
      res.once("close", () => answers.push(`${req.method} ${req.url} ${res.statusCode}`));
      inspector.handler(req, res);
    });
    return { at: `http://127.0.0.1:${port}/`, answers, receiver };
  }

  /** Runs one of the ways and looks, against an inspector. */
  async function evaluate(page: Page, expression: string, { at }: Victim): Promise<unknown> {
    const body = JSON.stringify({ receiver: "contacts" });
    const given = { at, url: `${at}api/do/pause`, body };
    return page.evaluate(`(({ at, url, body }) => ${expression})(${JSON.stringify(given)})`);
  }

  for (const host of ["localhost", "127.0.0.1"] as const) {
    const who = host === "localhost" ? "a page of another site" : "a page of the same site";

    for (const [way, expression] of Object.entries(ways))
      test(`${who} cannot make it act by ${way}`, async () => {
        const app = await open();
        await evaluate(await elsewhere(host), expression, app);
        const answer = way === asking ? "OPTIONS /api/do/pause 405" : "POST /api/do/pause 403";
        await expect.poll(() => app.answers).toEqual([answer]);
        expect((await app.receiver.records.paused()).all).toBe(false);
      });

    for (const [way, expression] of Object.entries(looks))
      test(`${who} sees nothing of it by ${way}`, async () => {
        const app = await open();
        expect(await evaluate(await elsewhere(host), expression, app)).toBe("nothing");
        await expect.poll(() => app.answers).toEqual([expect.stringMatching(/^GET .* 200$/)]);
      });

    test(`${who} cannot show it in a frame, where somebody may be made to click`, async () => {
      const app = await open();
      const page = await elsewhere(host);
      await page.evaluate(
        `new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.src = ${JSON.stringify(app.at)};
          frame.addEventListener("load", resolve);
          document.body.append(frame);
        })`,
      );
      expect(app.answers).toEqual(["GET / 200"]);
      const frame = page.frames()[1]!;
      expect(await frame.locator("#main").count()).toBe(0);
    });
  }

  test("the same ways work from its own page, where they may", async () => {
    const app = await open();
    const page = await opened(app.at);
    expect(await evaluate(page, ways[asking]!, app)).toBe("sent");
    expect((await app.receiver.records.paused()).all).toBe(true);
    expect(await evaluate(page, looks["a request"]!, app)).toContain("contacts");
    expect(await evaluate(page, looks["the feed"]!, app)).toBe("the feed");
    expect(await evaluate(page, looks["a picture"]!, app)).toBe("it is seen");
    expect(await evaluate(page, looks["a style"]!, app)).toBe("it is used");
  });
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
