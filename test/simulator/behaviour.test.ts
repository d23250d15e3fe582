/** Each provider's behaviour as a sender, clause by clause: what it saw, and what it concluded. */
import type { Seen } from "@answerback/simulator";
import { deliveries, protocols } from "@answerback/simulator";
import { describe, expect, test } from "vitest";

const answered = (status: number): Seen => ({ kind: "answered", status, headers: {}, body: "", tookMs: 12 });
const timedOut: Seen = { kind: "timed out", tookMs: 60_000 };
const lost: Seen = { kind: "connection lost", tookMs: 3 };
const refused: Seen = { kind: "refused", tookMs: 1 };

type Row = [clause: string, seen: Seen, attempt: number, sinceHours: number, says: string];

const hours = 3_600_000;

describe("Postback", () => {
  const { conclude } = protocols({ postback: { number_of_attempts: 3, attempt_interval: 600 } }).postback;
  test.for<Row>([
    ["postback.3", answered(200), 1, 0, "acknowledged"],
    ["postback.3", answered(204), 1, 0, "acknowledged"],
    ["postback.3", answered(299), 3, 1, "acknowledged"],
    ["postback.3", answered(302), 1, 0, "will retry in 600 s, attempt 2 of 3"],
    ["postback.3", answered(400), 1, 0, "will retry in 600 s, attempt 2 of 3"],
    ["postback.3", answered(503), 2, 0, "will retry in 600 s, attempt 3 of 3"],
    ["postback.3", timedOut, 2, 0, "will retry in 600 s, attempt 3 of 3"],
    ["postback.3", lost, 3, 0, "gave up after 3 attempts"],
    ["postback.3", answered(500), 3, 0, "gave up after 3 attempts"],
  ])("%s %o on attempt %i, %i h after the first: %s", ([, seen, attempt, since, says]) => {
    expect(conclude(seen, { attempt, sinceMs: since * hours }).says).toBe(says);
  });

  test("postback.3 by default it says attempt 2 of 5, in 300 s, and after the fifth it gives up", () => {
    const byDefault = protocols().postback;
    expect(byDefault.conclude(refused, { attempt: 1, sinceMs: 0 })).toEqual({
      kind: "will retry",
      inMs: 300_000,
      says: "will retry in 300 s, attempt 2 of 5",
    });
    expect(byDefault.conclude(refused, { attempt: 5, sinceMs: 0 }).says).toBe("gave up after 5 attempts");
    expect(byDefault.patienceMs).toBe(60_000);
  });

  test.for([
    { number_of_attempts: 0 },
    { number_of_attempts: 6 },
    { number_of_attempts: 1.5 },
    { attempt_interval: 299 },
    { attempt_interval: 86_401 },
  ])("postback.3 a configuration that the provider would not take is a TypeError: %o", (postback) => {
    expect(() => protocols({ postback })).toThrow(TypeError);
  });

  test("postback.4 it counts the attempts in the body", () => {
    const { again } = protocols().postback;
    expect(again(deliveries.postback.contactCreate(), 2).body).toContain("&number_of_attempts=2&");
  });
});

describe("Uphance", () => {
  const { conclude } = protocols().uphance;
  test.for<Row>([
    ["uphance.3", answered(200), 1, 0, "acknowledged"],
    ["uphance.3", answered(202), 1, 0, "acknowledged"],
    ["uphance.3", answered(301), 1, 0, "will retry in 60 s, attempt 2"],
    ["uphance.3", answered(404), 1, 0, "will retry in 60 s, attempt 2"],
    ["uphance.3", answered(400), 2, 0, "will retry in 120 s, attempt 3"],
    ["uphance.3", timedOut, 12, 20, "will retry in 4 h, attempt 13"],
    ["uphance.3", answered(500), 18, 44, "will retry in 4 h, attempt 19"],
    ["uphance.3", answered(500), 18, 44.1, "gave up after 48 h"],
    ["uphance.3", lost, 19, 48, "gave up after 48 h"],
  ])("%s %o on attempt %i, %i h after the first: %s", ([, seen, attempt, since, says]) => {
    expect(conclude(seen, { attempt, sinceMs: since * hours }).says).toBe(says);
  });

  test("uphance.3 the interval, the window and the patience are options", () => {
    const { conclude: own, patienceMs } = protocols({
      uphance: { intervalMs: () => 1_000, giveUpAfterMs: 2 * hours, patienceMs: 5_000 },
    }).uphance;
    expect(own(lost, { attempt: 7, sinceMs: 0 }).says).toBe("will retry in 1 s, attempt 8");
    expect(own(lost, { attempt: 7, sinceMs: 2 * hours }).says).toBe("gave up after 2 h");
    expect(patienceMs).toBe(5_000);
  });

  test("uphance.4 it sends the same bytes again", () => {
    const delivery = deliveries.uphance.invoiceCreate();
    expect(protocols().uphance.again(delivery, 2)).toEqual(delivery);
  });
});

describe("App Inbox", () => {
  const { conclude } = protocols().appInbox;
  test.for<Row>([
    ["inbox.4", answered(200), 1, 0, "acknowledged"],
    ["inbox.4", answered(400), 1, 0, "will never retry: 400"],
    ["inbox.4", answered(401), 1, 0, "will retry in 60 s, attempt 2 of 10"],
    ["inbox.4", answered(429), 2, 0, "will retry in 60 s, attempt 3 of 10"],
    ["inbox.4", answered(500), 1, 0, "will retry in 60 s, attempt 2 of 10"],
    ["inbox.4", answered(502), 1, 0, "will retry in 60 s, attempt 2 of 10"],
    ["inbox.4", answered(503), 9, 0, "will retry in 60 s, attempt 10 of 10"],
    ["inbox.4", answered(503), 10, 0, "gave up after 10 attempts"],
    ["inbox.4", timedOut, 1, 0, "will retry in 60 s, attempt 2 of 10"],
    ["inbox.4", answered(201), 1, 0, "will never retry: 201 is not in its table"],
    ["inbox.4", answered(202), 1, 0, "will never retry: 202 is not in its table"],
    ["inbox.4", answered(403), 1, 0, "will never retry: 403 is not in its table"],
    ["inbox.4", answered(413), 1, 0, "will never retry: 413 is not in its table"],
  ])("%s %o on attempt %i, %i h after the first: %s", ([, seen, attempt, since, says]) => {
    expect(conclude(seen, { attempt, sinceMs: since * hours }).says).toBe(says);
  });

  test("inbox.4 what it does about a status that the page lacks is an option", () => {
    const { conclude: own } = protocols({
      appInbox: { unlisted: "retry", attempts: 2, intervalMs: 5_000 },
    }).appInbox;
    expect(own(answered(413), { attempt: 1, sinceMs: 0 }).says).toBe("will retry in 5 s, attempt 2 of 2");
    expect(own(answered(400), { attempt: 1, sinceMs: 0 }).says).toBe("will never retry: 400");
  });
});

describe("Upsales", () => {
  const { conclude, patienceMs } = protocols().upsales;
  test.for<Row>([
    ["upsales.5", answered(200), 1, 0, "acknowledged"],
    ["upsales.5", answered(500), 1, 0, "will never retry: 500"],
    ["upsales.6", { kind: "timed out", tookMs: 30_000 }, 1, 0, "will never retry: no answer in 30 s"],
    ["upsales.5", lost, 1, 0, "will never retry: connection lost"],
    ["upsales.5", refused, 1, 0, "will never retry: refused"],
  ])("%s %o on attempt %i, %i h after the first: %s", ([, seen, attempt, since, says]) => {
    expect(conclude(seen, { attempt, sinceMs: since * hours }).says).toBe(says);
  });

  test("upsales.6 it waits 30 s; sending again is an option that the page does not know", () => {
    expect(patienceMs).toBe(30_000);
    const { conclude: own } = protocols({ upsales: { attempts: 2 } }).upsales;
    expect(own(lost, { attempt: 1, sinceMs: 0 }).says).toBe("will retry in 60 s, attempt 2 of 2");
    expect(own(lost, { attempt: 2, sinceMs: 0 }).says).toBe("gave up after 2 attempts");
  });
});
