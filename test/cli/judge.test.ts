/** `answerback judge`: the scenarios of a provider, at a receiver in another process. */
import { createReceiver } from "@answerback/core";
import { stripe } from "@answerback/providers/stripe";
import { expect, it, onTestFinished } from "vitest";
import { serve } from "../support/serve.ts";
import { answerback, called, standingPostback, serveReceiver } from "./support.ts";

const pair = ["--user", "hook:correct-horse-battery"];

it("finds nothing wrong with a right receiver, says what it could not judge, and ends with 0", async () => {
  const { url } = await standingPostback();
  const { code, out } = await answerback([
    "judge",
    "postback",
    url,
    ...pair,
    "--quiet",
    "100ms",
    "--seed",
    "7",
  ]);
  expect(out).toMatch(/^✓ handles and acknowledges a delivery$/m);
  expect(out).toMatch(/^– .* \(not judged: it needs a handler of the judge's; .*\)$/m);
  expect(out).toMatch(/^postback: 0 found, \d\d? passed, \d\d? not judged \(seed 7\)$/m);
  expect(code).toBe(0);
});

it("tells the clause and the journal of what is wrong, and ends with 1", async () => {
  const { url } = await serve((_, response) => response.writeHead(500).end());
  const scenario = "handles and acknowledges a delivery";
  const { code, out } = await answerback(["judge", "postback", url, "--only", scenario]);
  expect(out).toMatch(
    /^✗ postback\.\d+ handles and acknowledges a delivery\n {4}the receiver .*\n(.*\n)* .*attempt 1: 500/m,
  );
  expect(code).toBe(1);
  const json = await answerback(["judge", "postback", url, "--only", scenario, "--json"]);
  expect(JSON.parse(json.out)).toMatchObject({
    provider: "postback",
    findings: [{ scenario }],
    passed: [],
    skipped: [],
  });
});

it("signatures tell the true time, and one that is too old is refused", async () => {
  const secret = `whsec_${btoa("an-endpoint-secret-of-32-letters")}`;
  const receiver = createReceiver(stripe({ secret }), {
    requireHttps: false,
    handle: ({ type }) => (type === "issuing_authorization.request" ? { approved: true } : undefined),
    warn: () => {},
    onError: () => {},
  });
  onTestFinished(() => receiver.close());
  const { url } = await serveReceiver(receiver);
  const { code, out } = await answerback(["judge", "stripe", url, "--secret", secret, "--quiet", "100ms"]);
  expect(out).toContain("✓ refuses a signature that is too old (payment_intent.succeeded)");
  expect([code, out]).toEqual([0, expect.stringMatching(/stripe: 0 found/)]);
});

it("each run has events of its own, so that a standing receiver handles them", async () => {
  const { url, handled } = await standingPostback();
  const args = ["judge", "postback", url, ...pair, "--only", "handles and acknowledges a delivery"];
  await answerback(args);
  const before = handled.length;
  await answerback(args);
  expect([before > 0, handled.length]).toEqual([true, 2 * before]);
});

it("a scenario that is not there is answered with the nearest; an address with a query is refused", async () => {
  const wrong = await called([
    "judge",
    "postback",
    "http://x",
    "--only",
    "handles and acknowledges a delivry",
  ]);
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringContaining("did you mean handles and acknowledges a delivery?"),
  ]);
  expect((await called(["judge", "postback", "http://x/?a=1"])).code).toBe(2);
});
