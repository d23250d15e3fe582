/** The right receivers: the judge finds nothing wrong with them. */
import type { Bench, ProviderName, Report } from "@answerback/simulator";
import { judge } from "@answerback/simulator";
import { test } from "vitest";
import type { Rules } from "./right-receiver.ts";
import { receiver } from "./right-receiver.ts";
import { appInboxRules, authenticationKey, credentials, postbackRules, secret } from "./right-rules.ts";
import { uphanceRules, upsalesRules } from "./right-rules.ts";

const table: readonly [
  ProviderName,
  (subject: { build(bench: Bench): ReturnType<typeof receiver> }) => Promise<Report>,
  Rules,
][] = [
  ["upsales", (subject) => judge.upsales(subject, { authenticationKey }), upsalesRules],
  ["uphance", (subject) => judge.uphance(subject, { mount: `/${secret}`, secret }), uphanceRules],
  ["appInbox", (subject) => judge.appInbox(subject, { credentials }), appInboxRules],
  ["postback", (subject) => judge.postback(subject, { credentials }), postbackRules],
];

test.concurrent.for(table)(
  "the judge of %s finds nothing wrong with a right receiver",
  { timeout: 60_000 },
  async ([, play, rules], { expect }) => {
    const report = await play({ build: (bench) => receiver(rules, bench) });
    expect(report.findings).toEqual([]);
    expect(report.skipped).toEqual([]);
  },
);
