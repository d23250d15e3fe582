/** Records that are opened by themselves, in a process that has no such receiver. */
import { openRecords, PermanentError } from "@answerback/core";
import { expect, onTestFinished, test } from "vitest";
import { sample, type Sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { describeEverywhere, describeOnEngines } from "./places.ts";

const created = sample("postback/contact-create-attempt-1");

function about(id: string): Sample {
  const data = JSON.stringify({ id, last_name: "Lovelace" });
  return { ...created, body: String(new URLSearchParams({ type: "CREATE", resource: "contact", data })) };
}

describeEverywhere("records that are opened by themselves", (open, framework) => {
  test("any.46 are taken while their receiver, or they, are open on the same backend", async () => {
    const backend = open().another();
    const { receiver } = await openHouse(framework, "postback", { backend, options: { name: "here" } });
    await receiver.ready();
    await expect(openRecords(backend, { name: "here" })).rejects.toMatchObject({ code: "taken" });
    const records = await openRecords(backend, { name: "there" });
    await expect(openRecords(backend, { name: "there" })).rejects.toThrow(/already open on this backend/);
    await records.close();
    await (await openRecords(backend, { name: "there" })).close();
  });
});

describeOnEngines("records that are closed", (open, framework) => {
  test("any.46 wait for what is under way", async () => {
    const place = open();
    const name = `closed-${Math.random()}`;
    const house = await openHouse(framework, "postback", {
      backend: place.another(),
      options: { name },
      handle: () => {
        throw new PermanentError("no");
      },
    });
    const ids = Array.from({ length: 150 }, (_, index) => `${index}`);
    await Promise.all(ids.map((id) => house.deliver(about(id))));
    const backend = place.another();
    const records = await openRecords(backend, { name });
    onTestFinished(() => backend.close());
    let isDone = false;
    const discarding = records.discardAll({}).finally(() => (isDone = true));
    await records.close();
    expect(isDone).toBe(true);
    expect(await discarding).toEqual({ done: 150, skipped: 0 });
  });
});
