/** Deliberately wrong receivers: each is found out by a scenario that the right receivers pass. */
import type { JudgeOptions, ProviderName } from "@answerback/simulator";
import { judge } from "@answerback/simulator";
import { test } from "vitest";
import { authenticationKey, credentials, secret } from "./right-rules.ts";
import { wrongReceivers } from "./wrong/index.ts";

const takes: Readonly<Record<ProviderName, JudgeOptions>> = {
  upsales: { authenticationKey },
  uphance: { mount: `/${secret}`, secret },
  appInbox: { credentials },
  postback: { credentials },
};

test.concurrent.for(
  wrongReceivers.map((wrong) => [wrong.provider, wrong.mistake, wrong.clause, wrong] as const),
)("the judge of %s finds out the receiver that %s: %s", async ([provider, , clause, wrong], { expect }) => {
  const report = await judge[provider](wrong, { ...takes[provider], only: [wrong.scenario] });
  expect(report.passed).toEqual([]);
  expect(report.findings.map((finding) => finding.scenario)).toContain(wrong.scenario);
  expect(report.findings.map((finding) => finding.clause)).toContain(clause);
});
