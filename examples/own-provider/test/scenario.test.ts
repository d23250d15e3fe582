/** What Acme concludes of the app, attempt by attempt; the minutes between them take no time. */
import {
  callbackUrls,
  judgeBy,
  play,
  printReport,
  scenariosFor,
  type BuiltSubject,
} from "@answerback/simulator";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../src/app.ts";
import { makeReceiver } from "../src/receiver.ts";
import { acme, order, secret } from "./acme.ts";

it("answers at the address what takes ten minutes, once, and after the acknowledgement", async () => {
  const callbacks = callbackUrls();
  const { clock, transport } = callbacks;
  const receiver = makeReceiver({
    secret,
    clock,
    transport,
    answerWithin: "2.5s",
    inStock: () => new Promise((resolve) => void clock.after(600_000, () => resolve(true))),
  });
  const app = createApp(receiver);
  onTestFinished(() => receiver.close());
  const journal = await play(app, acme.delivery(order()), { callbacks });
  expect(journal.map(({ concluded }) => concluded.says)).toEqual(["acknowledged", "callback accepted"]);
  expect(callbacks.accepted("https://api.acme.example/answers/evt_1")).toEqual({ accept: true });
});

it("is what Acme expects of a receiver", { timeout: 60_000 }, async () => {
  const build: BuiltSubject["build"] = ({ handle, clock, transport }) => {
    const inStock = async (number: string) => {
      await handle(number.replace("A-", "evt_"));
      return true;
    };
    const settings = { secret, clock, transport, answerWithin: "2.5s", onError: () => {} } as const;
    const receiver = makeReceiver({ ...settings, inStock });
    const app = createApp(receiver);
    onTestFinished(() => receiver.close());
    return app;
  };
  const report = await judgeBy(scenariosFor(acme), { build }, { mount: "/hooks" });
  expect(report.findings.length === 0 || printReport(report)).toBe(true);
});
