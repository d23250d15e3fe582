/** GitHub's webhooks, signed by its own library and verified by it. */
import { github } from "@answerback/providers/github";
import { sign, verify } from "@octokit/webhooks-methods";
import { senders } from "@answerback/simulator";
import { describe, expect, it } from "vitest";
import { countingClock, two } from "../../life-cycle/support.ts";
import type { Sample } from "../../support/deliveries.ts";
import { withHeaders } from "../../support/deliveries.ts";
import type { HouseOptions } from "../../support/house.ts";
import { open as openOn, secret, sender, sent } from "./support.ts";

const json = "application/json";
const form = "application/x-www-form-urlencoded";

/** A delivery that GitHub's own library has signed. */
async function delivered(
  body: string,
  { type = json, event = "issues", delivery = "72d3162e-cc78-11e3-81ab-4c9367dc0958", key = secret } = {},
): Promise<Sample> {
  return {
    path: "/upsales",
    headers: {
      "content-type": type,
      "x-github-event": event,
      "x-github-delivery": delivery,
      "x-hub-signature-256": await sign(key, body),
    },
    body,
  };
}

const opened = JSON.stringify({ action: "opened", issue: { number: 7, title: "Ümlaut\u2028 ☃" } });

describe.each(two)("$name", (framework) => {
  const open = (given?: HouseOptions, options?: object) => openOn(framework, given, options);

  it.each([
    ["JSON", opened, json],
    ["JSON with a charset", opened, `${json}; charset=utf-8`],
    ["a form", new URLSearchParams({ payload: opened }).toString(), form],
  ])("github.1 %s that GitHub's library has signed is let in", async (_, body, type) => {
    const house = await open();
    expect(await house.deliver(await delivered(body, { type }))).toMatchObject({ status: 200, text: "" });
    expect(house.events).toMatchObject([
      {
        type: "issues.opened",
        data: JSON.parse(opened),
        event: "issues",
        delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      },
    ]);
  });

  it.each<[string, (one: Sample) => Sample | Promise<Sample>]>([
    ["another body", (one) => ({ ...one, body: one.body.replace("7", "8") })],
    ["another key", () => delivered(opened, { key: "another" })],
    ["no signature", (one) => withHeaders(one, { "x-hub-signature-256": "" })],
    ["half a signature", (one) => withHeaders(one, { "x-hub-signature-256": "sha256=12ab" })],
    ["a digest without its name", (one) => bare(one)],
  ])("github.1 %s is a 401 for us, and nothing good for GitHub's library", async (_, change) => {
    const house = await open();
    const bad = await change(await delivered(opened));
    expect((await house.deliver(bad)).status).toBe(401);
    expect(house.events).toEqual([]);
    const signature = bad.headers["x-hub-signature-256"] ?? "none";
    expect(await verify(secret, bad.body, signature)).toBe(false);
  });

  it("github.1 while the secret rotates both are let in, whatever GitHub is asked", async () => {
    const house = await open({}, { secret: [secret, "the old one"] });
    await house.deliver(await delivered(opened, { delivery: "1" }));
    await house.deliver(await delivered(opened, { delivery: "2", key: "the old one" }));
    expect(house.events).toHaveLength(2);
  });

  it("github.1 what the simulator sends as GitHub is verified by GitHub's library, and let in", async () => {
    for (const from of [sender, senders.github({ secret, contentType: "form" })]) {
      const house = await open();
      const sample = sent("push", {}, from);
      expect(await verify(secret, sample.body, sample.headers["X-Hub-Signature-256"]!)).toBe(true);
      expect((await house.deliver(sample)).status).toBe(200);
      expect(house.events).toHaveLength(1);
    }
  });

  it.each([
    ["push", undefined, "push", "push"],
    ["issues", "opened", "issues.opened", "issues.opened"],
    ["pull_request", "ready_for_review", "pull_request.ready_for_review", "pull_request.ready_for_review"],
    ["repository_dispatch", "opened", "repository_dispatch", "repository_dispatch"],
    ["issues", "blessed", "*", "issues.blessed"],
    ["weather", "rainy", "*", "weather.rainy"],
    ["weather", undefined, "*", "weather"],
    ["toString", "rainy", "*", "toString.rainy"],
  ])("github.2 the event %s with the action %s is %s", async (event, action, type, name) => {
    const house = await open();
    await house.deliver(sent(event, { action }));
    expect(house.events).toMatchObject([{ type, name, event }]);
  });

  it("github.3 a ping is an event like any other, and acknowledged where nobody wants it", async () => {
    const house = await open({ handle: { push: () => {} } });
    expect((await house.deliver(sent("ping"))).status).toBe(200);
    const all = await open();
    await all.deliver(sent("ping", { zen: "Keep it logically awesome." }));
    expect(all.events).toMatchObject([{ type: "ping", data: { zen: "Keep it logically awesome." } }]);
  });

  it("github.4 a redelivery has the GUID of the first delivery, and is not handled again", async () => {
    const house = await open();
    for (const delivery of ["1", "1", "2"]) await house.deliver(await delivered(opened, { delivery }));
    expect(house.events.map(({ delivery }) => delivery)).toEqual(["1", "2"]);
  });

  it("github.4 what fails is ours to run again, since GitHub does not send it again", async () => {
    const clock = countingClock();
    let runs = 0;
    const handle = () => {
      runs += 1;
      if (runs === 1) throw new Error("not yet");
    };
    const house = await open({ clock, handle });
    expect((await house.deliver(await delivered(opened))).status).toBe(200);
    await clock.advance(60_000);
    await expect.poll(() => runs).toBe(2);
  });

  it("github.4 what takes longer than half of ten seconds is acknowledged, and goes on", async () => {
    const clock = countingClock();
    const handled = Promise.withResolvers<void>();
    const house = await open({ clock, handle: () => handled.promise });
    const delivering = house.deliver(await delivered(opened));
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(5_000);
    expect((await delivering).status).toBe(200);
    handled.resolve();
  });

  it.each<[string, string, string, Record<string, string>?]>([
    ["a list", "[]", json],
    ["null", "null", json],
    ["no JSON", "{", json],
    ["a key of a prototype", '{"__proto__":{"polluted":1}}', json],
    ["an action that is no text", '{"action":1}', json],
    ["a form without a payload", "body=%7B%7D", form],
    ["a form with two payloads", "payload=%7B%7D&payload=%7B%7D", form],
    ["a form whose payload is no JSON", "payload=%7B", form],
    ["a form whose payload is a list", "payload=%5B%5D", form],
    ["a form with a key of a prototype", "payload=%7B%22__proto__%22%3A%7B%7D%7D", form],
    ["no event", "{}", json, { "x-github-event": "" }],
    ["a blank GUID", "{}", json, { "x-github-delivery": "  " }],
    ["no GUID", "{}", json, { "x-github-delivery": "" }],
  ])("github.1 %s is malformed", async (_, body, type, headers = {}) => {
    const house = await open();
    const sample = withHeaders(await delivered(body, { type }), headers);
    expect((await house.deliver(sample)).status).toBe(400);
    expect(house.events).toEqual([]);
    expect(({} as any).polluted).toBeUndefined();
  });

  it("github.1 a payload of two MB is read, and one beyond 25 MB is not", async () => {
    const house = await open();
    const large = JSON.stringify({ action: "opened", text: "x".repeat(2_000_000) });
    expect((await house.deliver(await delivered(large))).status).toBe(200);
    const response = await fetch(house.url + "/upsales", {
      method: "POST",
      headers: { ...(await delivered("{}")).headers },
      body: Buffer.alloc(25 * 1_048_576 + 1, "x"),
    }).then(
      ({ status }) => status,
      () => 413,
    );
    expect(response).toBe(413);
  });

  describe("github.7 a registration", () => {
    const url = "https://app.example/github";
    const config = { url, content_type: "json", insecure_ssl: "0", secret };

    it.each<[any, string[]]>([
      [{ push: () => {}, "issues.opened": () => {}, "issues.closed": () => {} }, ["issues", "push"]],
      [{ ping: () => {}, "installation.created": () => {}, fork: () => {} }, ["fork"]],
      [{ push: () => {}, "*": () => {} }, ["*"]],
      [() => {}, ["*"]],
    ])("%# has the events that are handled, and the secret", async (handle, events) => {
      const house = await open({ handle }, { secret: [secret, "the old one"] });
      expect(house.receiver.registration({ url })).toEqual({ name: "web", active: true, events, config });
    });
  });
});

it.each([
  [{}, "missing"],
  [{ secret: "" }, "empty"],
  [{ secret, hosts: ["github.example.com"] }, "unknown"],
  [{ secret, callbackHosts: [] }, "empty"],
  [{ secret, callbackHosts: "github.example.com" }, "invalid"],
])("github.1 %j is refused at creation", (options, code) => {
  expect(() => github(options as any)).toThrow(expect.objectContaining({ name: "OptionError", code }));
});

function bare(one: Sample): Sample {
  return withHeaders(one, {
    "x-hub-signature-256": one.headers["x-hub-signature-256"]!.replace("sha256=", ""),
  });
}
