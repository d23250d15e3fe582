/** What a throw in `decode` means: the sender's mistake is malformed, and says where; ours is a failure, never a 400. */
import { AnswerbackError, PermanentError, type ErrorFacts } from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { two } from "../life-cycle/support.ts";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";

const message = sample("app-inbox/message");
const secret = "a-value-of-the-body";
const json = (body: unknown) => ({ ...message, body: JSON.stringify(body) });

/** A provider whose `decode` does this; the others of its options are none. */
const acme = (decode: (body: any) => any) =>
  defineProvider({
    name: "acme",
    accepts: ["json"],
    events: { paid: {} },
    decode: ({ body }) => decode(body),
  });

/** What another schema library than zod throws. */
const verdict = Object.assign(new Error(`Expected string but received "${secret}"`), {
  issues: [
    {
      message: `Expected string but received "${secret}"`,
      expected: "string",
      received: `"${secret}"`,
      path: [{ key: "rows" }, { key: 0 }],
    },
    { message: "must be a date" },
  ],
});

const verdicts: readonly (readonly [string, (body: any) => unknown, string])[] = [
  [
    "of zod",
    (body) => z.object({ a: z.object({ b: z.string() }) }).parse(body),
    "a.b: Invalid input: expected string, received number",
  ],
  [
    "of another library",
    () => {
      throw verdict;
    },
    "rows.0: expected string; must be a date",
  ],
  [
    "of decode's own",
    () => {
      throw new AnswerbackError("malformed", "type: expected a name");
    },
    "type: expected a name",
  ],
];

describe.each(two)("$name", (framework) => {
  it.each(verdicts)("any.27 a verdict %s is malformed, and says where", async (_, decode, expected) => {
    const house = await openHouse(framework, "app-inbox", {
      provider: acme(decode),
      options: { malformed: "acknowledge" },
    });
    expect((await house.deliver(json({ a: { b: 5, secret } }))).status).toBe(200);
    const [letter] = await house.receiver.deadLetters.list();
    expect(letter?.error).toEqual({ code: "malformed", message: expected });
    const refusing = await openHouse(framework, "app-inbox", { provider: acme(decode) });
    expect((await refusing.deliver(json({ a: { b: 5 } }))).status).toBe(400);
  });

  it.each([
    ["too_large", 413, new AnswerbackError("too_large", "501 rows")],
    ["overloaded", 429, new AnswerbackError("overloaded", "not now")],
    ["permanent", 200, new PermanentError("no such tenant")],
  ] as const)("any.27 an error of Answerback keeps its code: %s", async (code, status, error) => {
    const decode = () => {
      throw error;
    };
    const house = await openHouse(framework, "app-inbox", { provider: acme(decode) });
    const answer = await house.deliver(json({}));
    expect([answer.status, answer.json]).toEqual([status, { code }]);
    expect(house.observed).toMatchObject([{ kind: "delivery", code }]);
  });

  it.each([
    ["a TypeError", (body: any) => body.data.id.value],
    ["a parser that quotes the body", (body: any) => JSON.parse(body.secret)],
    [
      "no Error at all",
      () => {
        throw secret;
      },
    ],
    [
      "issues that are none",
      () => {
        throw Object.assign(new Error(secret), { issues: [] });
      },
    ],
    ["no event", () => undefined],
    ["an event without a type", (body: any) => ({ data: body })],
    ["bytes as the data of an event", () => ({ type: "paid", data: new Uint8Array(1), key: [1] })],
  ])("any.27 %s is a failure of ours, told with its cause, and never a 400", async (_, decode) => {
    const told: [error: any, facts: ErrorFacts][] = [];
    const onError = (error: unknown, facts: ErrorFacts) => told.push([error, facts]);
    const house = await openHouse(framework, "app-inbox", {
      provider: acme(decode),
      options: { malformed: "acknowledge", onError },
    });
    const answer = await house.deliver(json({ data: {}, secret }));
    expect([answer.status, answer.json]).toEqual([500, { code: "failed" }]);
    expect(await house.receiver.deadLetters.list()).toEqual([]);
    expect(house.observed).toMatchObject([{ outcome: "failed", code: "failed" }]);
    expect(JSON.stringify([house.warnings, house.observed])).not.toContain(secret);
    expect(told).toMatchObject([
      [
        { code: "failed", cause: expect.anything() },
        { stage: "decode", status: 500 },
      ],
    ]);
  });
});
