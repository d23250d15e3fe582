/** Answerback before the judge: on every mount it finds nothing wrong with the four receivers. */
import { createReceiver, type Receiver } from "@answerback/core";
import { judge, printReport, type Bench, type Judge, type JudgeOptions } from "@answerback/simulator";
import { describe, test } from "vitest";
import { frameworks, type Framework } from "../support/frameworks.ts";
import { providers, type ProviderName } from "../support/house.ts";
import { authenticationKey, credentials, secret } from "./right-rules.ts";

const table: readonly [ProviderName, Judge, JudgeOptions][] = [
  ["upsales", judge.upsales, { mount: "/upsales", authenticationKey }],
  ["uphance", judge.uphance, { mount: `/hooks/uphance/${secret}`, secret }],
  [
    "app-inbox",
    judge.appInbox,
    { mount: "/hooks/inbox", credentials: { ...credentials, username: "inbox" } },
  ],
  ["postback", judge.postback, { mount: "/hooks/postback", credentials }],
];

describe.concurrent.each(frameworks.filter(({ name }) => !/ [24]$/.test(name)))("$name", (framework) => {
  test.for(table)(
    "the judge of %s finds nothing wrong",
    { timeout: 60_000 },
    async ([name, play, options], { expect }) => {
      const report = await play(subject(framework, name), options);
      expect(report.findings, printReport(report)).toEqual([]);
      expect(report.skipped).toEqual([]);
    },
  );
});

/** A receiver of ours with the in-memory backend, around the judge's handler and on the judge's clock. */
function subject({ mount }: Framework, name: ProviderName) {
  const { make, at, authenticate } = providers[name];
  let receiver: Receiver;
  return {
    build({ handle, clock, transport }: Bench) {
      const provider: any = make();
      const handleData: any = ({ data }: { data: unknown }) => handle(data);
      receiver = createReceiver(provider, {
        authenticate,
        clock,
        transport,
        handle: handleData,
        warn: () => {},
        onError: () => {},
      });
      return mount(receiver, { at });
    },
    close: () => receiver.close({ within: 0 }),
  };
}
