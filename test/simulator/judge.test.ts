/** The judge itself: what it skips, what it says, and scenarios of one's own. */
import { createServer } from "node:http";
import {
  callbackUrls,
  deliveries,
  judge,
  judgeBy,
  printReport,
  scenarios,
  virtualClock,
} from "@answerback/simulator";
import type { Scenario } from "@answerback/simulator";
import { expect, test } from "vitest";
import { receiver } from "./right-receiver.ts";
import { appInboxRules, authenticationKey, credentials, postbackRules, upsalesRules } from "./right-rules.ts";

/** A receiver that stands already, and says what it handled. */
function standing(rules: typeof postbackRules) {
  const callbacks = callbackUrls();
  const ids: string[] = [];
  const { clock, transport } = callbacks;
  const handle = async (data: unknown) => void ids.push(String(Object(data).id));
  return { target: receiver(rules, { handle, transport, clock }), handled: () => ids, callbacks };
}

test("a standing receiver is judged by what it answers and by what it says it handled", async () => {
  const report = await judge.appInbox(standing(appInboxRules), { credentials });
  expect(report.findings).toEqual([]);
  expect(report.skipped.length).toBeGreaterThan(0);
  expect(new Set(report.skipped.map(({ lacks }) => lacks))).toEqual(new Set(["handler"]));
});

test("what a standing receiver handles too often is found out", async () => {
  const report = await judge.postback(standing({ ...postbackRules, keyOf: () => undefined }), {
    credentials,
  });
  expect(report.findings.map(({ scenario }) => scenario)).toContain(
    "does not take the attempt number for a part of the event",
  );
});

test("a receiver that says nothing is judged by its answers alone", async () => {
  const { target } = standing({ ...postbackRules, keyOf: () => undefined });
  const report = await judge.postback({ target }, { credentials });
  expect(report.findings).toEqual([]);
});

test("what the options don't tell is skipped, and said so", async () => {
  const build = { build: (bench: Parameters<typeof receiver>[1]) => receiver(upsalesRules, bench) };
  const only = ["refuses an authenticationKey that is missing or wrong with 401"];
  const report = await judge.upsales(build, { only });
  expect(report.skipped).toEqual([{ scenario: only[0], lacks: "authenticationKey" }]);
  expect((await judge.upsales(build, { only, authenticationKey })).passed).toEqual(only);
});

test("a scenario that there isn't is a TypeError", async () => {
  const work = judge.uphance({ target: () => {} }, { only: ["is nice"] });
  await expect(work).rejects.toThrow(TypeError);
});

test("a finding names the clause, says what the receiver did, and has the journal", async () => {
  const target = createServer((_, response) => response.writeHead(202).end());
  const report = await judge.appInbox({ target }, { only: ["handles and acknowledges a delivery"] });
  expect(report.findings.map(({ clause, says }) => `${clause} ${says}`)).toEqual([
    "inbox.4 answered 202, which is not in the table",
    'inbox.4 did not acknowledge: the provider says "will never retry: 202 is not in its table"',
  ]);
  expect(report.findings[0]!.journal).toHaveLength(1);
  expect(printReport(report)).toContain("✗ inbox.4 handles and acknowledges a delivery");
  expect(printReport(report)).toContain("attempt 1: 202");
});

test("every receiver is built afresh for every scenario, and closed", async () => {
  let open = 0;
  let built = 0;
  const subject = {
    build() {
      open++;
      built++;
      return createServer((_, response) => response.end());
    },
    close: () => void open--,
  };
  await judge.uphance(subject, { only: scenarios.uphance.slice(0, 3).map(({ name }) => name) });
  expect([built, open]).toEqual([3, 0]);
});

test("a scenario of one's own is played like those of the judge", async () => {
  const own: Scenario = {
    provider: "uphance",
    name: "hears of every product",
    clause: "uphance.2",
    handle: ({ sleep }) => sleep(5),
    async play(stage) {
      const product = deliveries.uphance.productCreate(stage.nth(1));
      await stage.play(product);
      stage.demand((await stage.runs(product.id)) === 1, "did not hear of a product");
    },
  };
  const deaf = createServer((_, response) => response.end());
  const report = await judgeBy([own], { build: () => deaf });
  expect(report.findings.map(({ clause, says }) => `${clause} ${says}`)).toEqual([
    "uphance.2 did not hear of a product",
  ]);
});

test("names are sentences, and no two scenarios of a provider share one", () => {
  for (const all of Object.values(scenarios)) {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, clause } of all) {
      expect(name).toMatch(/^[a-z].*[^.]$/);
      expect(clause).toMatch(/^(any|upsales|uphance|inbox|postback)\.\d+$/);
    }
  }
});

test("a virtual clock fires its timers in their order, and only when it is turned", () => {
  const clock = virtualClock(0);
  const fired: string[] = [];
  clock.after(20, () => fired.push(`b at ${clock.now()}`));
  clock.after(10, () => fired.push(`a at ${clock.now()}`));
  clock.after(20, () => fired.push(`c at ${clock.now()}`));
  const cancel = clock.after(15, () => fired.push("never"));
  cancel();
  expect(fired).toEqual([]);
  expect([clock.tick(), clock.tick(), clock.tick(), clock.tick()]).toEqual([true, true, true, false]);
  expect(fired).toEqual(["a at 10", "b at 20", "c at 20"]);
});
