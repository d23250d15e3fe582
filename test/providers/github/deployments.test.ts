/** A deployment that waits: reports, and one decision, posted with the token of an installation. */
import { later } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { countingClock, two } from "../../life-cycle/support.ts";
import type { HouseOptions } from "../../support/house.ts";
import { open as openOn, waits } from "./support.ts";

const approved = { state: "approved", comment: "All fine." };
const type = "deployment_protection_rule.requested";
const address = "https://api.github.com/repos/octo-org/octo-repo/actions/runs/7/deployment_protection_rule";

describe.each(two)("$name", (framework) => {
  const open = (given?: HouseOptions, options?: object) => openOn(framework, given, options);

  it("github.5 a decision is posted with a token of the installation, and with its environment", async () => {
    const asked: unknown[] = [];
    const house = await open({
      handle: { [type]: () => approved },
      options: {
        authorize: async ({ account }: any) => {
          asked.push(account);
          return { authorization: "Bearer ghs_token" };
        },
      },
    });
    const fields = { deployment_callback_url: address, environment: "staging", installation: { id: 42 } };
    expect(await house.deliver(waits(fields))).toMatchObject({ status: 200, text: "" });
    await house.receiver.idle();
    expect(asked).toEqual([{ installation: 42 }]);
    expect(house.posts).toMatchObject([
      {
        url: address,
        method: "POST",
        body: { ...approved, environment_name: "staging" },
        headers: {
          authorization: "Bearer ghs_token",
          accept: "application/vnd.github+json",
          "content-type": "application/json",
          "user-agent": "answerback",
        },
      },
    ]);
    await house.deliver(waits(fields));
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
  });

  it("github.5 reports go before the decision, which may come from anywhere, within thirty days", async () => {
    const clock = countingClock();
    const handle = async (_: unknown, { post }: any) => {
      await post({ comment: "Half of the checks are green." });
      return later();
    };
    const house = await open({ clock, handle });
    await house.deliver(waits());
    const { key } = house.events[0];
    await expect.poll(async () => (await house.receiver.find(key))?.state).toBe("waiting");
    await house.receiver.answer(key, { comment: "All are." }, { final: false });
    await clock.advance(29 * 86_400_000);
    await house.receiver.answer(key, { state: "rejected" });
    expect(house.posts.map(({ body }) => body)).toEqual([
      { environment_name: "production", comment: "Half of the checks are green." },
      { environment_name: "production", comment: "All are." },
      { environment_name: "production", state: "rejected" },
    ]);
  });

  it.each([
    [{ state: "maybe" }],
    [{ comment: "" }],
    [{ comment: "x".repeat(1_025) }],
    [{}],
    [{ ...approved, environment_name: "" }],
  ])("github.5 %j is a wrong answer, and nothing is posted", async (answer) => {
    const house = await open({ handle: () => answer });
    expect((await house.deliver(waits())).status).toBe(500);
    await house.receiver.idle();
    expect([house.posts, house.told]).toMatchObject([[], [{ facts: { code: "invalid_answer" } }]]);
  });

  it("github.5 no decision leaves the deployment to somebody else", async () => {
    const house = await open({ handle: () => undefined });
    expect((await house.deliver(waits())).status).toBe(200);
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
  });

  it("github.5 only the API's hosts are posted to: another's event is handled, and that is told", async () => {
    const elsewhere = "https://github.example.com/api/v3/repos/o/r/actions/runs/7/deployment_protection_rule";
    const fields = { deployment_callback_url: elsewhere };
    const house = await open({ handle: () => approved });
    await house.deliver(waits(fields));
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
    expect(house.observed).toContainEqual(expect.objectContaining({ kind: "dead" }));
    const enterprise = await open({ handle: () => approved }, { callbackHosts: ["github.example.com"] });
    await enterprise.deliver(waits(fields));
    await enterprise.receiver.idle();
    expect(enterprise.posts).toMatchObject([{ url: elsewhere }]);
  });

  it("github.5 a decision without an address is told, not lost in silence", async () => {
    const house = await open({ handle: () => approved });
    expect((await house.deliver(waits({ deployment_callback_url: undefined }))).status).toBe(200);
    expect(house.warnings).toContainEqual(expect.objectContaining({ code: "callback_dropped" }));
  });

  const date = "Thu, 26 Nov 2026 12:00:00 GMT";
  const nothingLeft = {
    date,
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Date.parse(date) / 1_000 + 600),
  };

  it.each<[string, ResponseInit & { body?: string }, number | undefined]>([
    ["a 403 with Retry-After", { status: 403, headers: { "retry-after": "70" } }, 70_000],
    ["a 403 with nothing left until 12:10", { status: 403, headers: nothingLeft }, 600_000],
    ["a secondary rate limit", { status: 403, body: "You have exceeded a secondary rate limit." }, 60_000],
    [
      "a 403 with much left",
      { status: 403, headers: { ...nothingLeft, "x-ratelimit-remaining": "4999" } },
      undefined,
    ],
    ["a wrong token", { status: 401 }, undefined],
  ])("github.6 %s", async (_, { body, ...init }, againMs) => {
    const clock = countingClock();
    let calls = 0;
    const transport = async () => {
      calls += 1;
      return calls === 1 ? new Response(body ?? null, init) : new Response(null, { status: 204 });
    };
    const house = await open({ clock, transport, handle: () => approved });
    await house.deliver(waits());
    await expect.poll(() => house.observed.some(({ kind }) => kind === "post")).toBe(true);
    await clock.advance((againMs ?? 3_600_000) - 1);
    expect(calls).toBe(1);
    await clock.advance(3_600_000);
    await expect.poll(() => calls).toBe(againMs === undefined ? 1 : 2);
    const dead = house.observed.filter(({ kind }) => kind === "dead");
    expect(dead).toHaveLength(againMs === undefined ? 1 : 0);
  });

  it("github.6 a decision whose answer is lost is posted again; a report is not", async () => {
    for (const [answer, calls] of [
      [approved, 2],
      [{ comment: "Checking." }, 1],
    ] as const) {
      const clock = countingClock();
      let made = 0;
      const transport = async () => {
        made += 1;
        if (made === 1) throw new Error("socket hang up");
        return new Response(null, { status: 204 });
      };
      const house = await open({ clock, transport, handle: () => answer });
      await house.deliver(waits());
      await expect.poll(() => house.observed.some(({ kind }) => kind === "post")).toBe(true);
      await clock.advance(3_600_000);
      await house.receiver.idle();
      expect(made).toBe(calls);
    }
  });
});
