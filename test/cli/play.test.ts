/** `answerback play`: the provider's whole schedule without its waits, faults, and late answers. */
import { createReceiver } from "@answerback/core";
import { slack } from "@answerback/providers/slack";
import { expect, it, onTestFinished } from "vitest";
import { serve } from "../support/serve.ts";
import { answerback, standingPostback, start, serveReceiver } from "./support.ts";

const pair = ["--user", "hook:correct-horse-battery"];

it("plays retries of days in seconds, says what was concluded, and ends with 0 where all was acknowledged", async () => {
  let runs = 0;
  const { url } = await standingPostback(() => {
    runs += 1;
    if (runs < 3) throw new Error("the database is away");
  });
  const { code, out } = await answerback(["play", "postback", "contact.create", url, ...pair]);
  expect(out.split("\n")).toEqual([
    expect.stringMatching(/00:00:00 .* attempt 1: 500 .* will retry in 300 s, attempt 2 of 5/),
    expect.stringMatching(/00:05:00 .* attempt 2: 500 .* will retry in 300 s, attempt 3 of 5/),
    expect.stringMatching(/00:10:00 .* attempt 3: 200 .* acknowledged/),
    "events: 1 acknowledged",
    "",
  ]);
  expect(code).toBe(0);
});

it("ends with 1 where the provider gave up; --behaviour is how often it tries, --json the journal", async () => {
  const { url } = await standingPostback(() => {
    throw new Error("the database is away");
  });
  const args = ["play", "postback", "contact.create", url, ...pair, "--behaviour", "number_of_attempts=2"];
  const { code, out } = await answerback([...args, "--json"]);
  expect(JSON.parse(out).journal.map(({ concluded }: any) => concluded.kind)).toEqual([
    "will retry",
    "gave up",
  ]);
  expect(code).toBe(1);
});

it("--count events are of different seeds, --every apart; --fault is met by the attempts in turn", async () => {
  const { url, handled } = await standingPostback();
  const faults = ["--fault", "drop-response", "--fault", "none"];
  const args = ["play", "postback", "contact.create", url, ...pair, "--count", "3", "--every", "1h"];
  const { code, out } = await answerback([...args, ...faults]);
  expect([code, handled.length]).toEqual([0, 3]);
  expect(out).toMatch(/02:00:00 .*attempt 1: connection lost \(drop response\)/);
  expect(out).toMatch(/02:05:00 .*attempt 2: 200 /);
  expect(out).toContain("events: 3 acknowledged");
});

it("--fault-rate goes wrong alike for a seed", async () => {
  const { url } = await standingPostback();
  const args = ["play", "postback", "contact.create", url, ...pair, "--count", "4", "--json"];
  const faults = ["--fault-rate", "0.5", "--fault", "drop-request"];
  const journal = async () =>
    JSON.parse((await answerback([...args, ...faults])).out).journal.map(({ event, fault, attempt }: any) => [
      event,
      attempt,
      fault?.kind,
    ]);
  const first = await journal();
  expect(first.filter(([, , fault]: any) => fault === "drop request").length).toBeGreaterThan(0);
  expect(await journal()).toEqual(first);
});

it("a signature tells the true time, though the provider's clock has jumped", async () => {
  const [secret, seen] = ["an-endpoint-secret-of-32-letters", [] as string[]];
  const receiver = createReceiver(slack({ signingSecret: secret }), {
    requireHttps: false,
    onError: () => {},
    handle: ({ name }) => {
      seen.push(name);
      if (seen.length < 4) throw new Error("not yet");
    },
  });
  onTestFinished(() => receiver.close({ within: 0 }));
  const { url } = await serveReceiver(receiver);
  // the fourth attempt comes six minutes later, and a signature is good for five
  const { code, out } = await answerback(["play", "slack", "event", url, "--secret", secret]);
  expect([code, out]).toEqual([0, expect.stringMatching(/00:06:00 .*attempt 4: 200 .*acknowledged/)]);
});

it("Ctrl-C ends it with 130", async () => {
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  const { url } = await serve(() => arrived());
  const playing = start(["play", "postback", "contact.create", url]);
  await arrival;
  playing.stop();
  expect(await playing.ended).toMatchObject({ code: 130, err: "answerback: stopped\n" });
});
