/** Standard Webhooks beyond what its JavaScript library knows: public keys, both kinds at once, and Svix's names. */
import { standardWebhooks } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { asymmetric, standard, type Headers } from "./kits.ts";
import { bodies, letsIn, now, refusesUnread } from "./support.ts";

const body = bodies["JSON"]!;
const [secret, older] = standard.secrets;
const [publicKey, olderKey] = asymmetric.keys;
const shared = standard.page(body, now, secret);
const theirs = asymmetric.page(body, now, publicKey);

/** The same with Svix's names. */
const svix = (headers: Headers) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace("webhook", "svix"), value]),
  );

/** One header with the signatures of both. */
const together = (one: Headers, other: Headers) => ({
  ...one,
  "webhook-signature": `${one["webhook-signature"]} ${other["webhook-signature"]}`,
});

describe.each([
  ["webhook-…", (headers: Headers) => headers],
  ["svix-…", svix],
])("any.30 the headers %s", (_, named) => {
  it.each([
    ["a shared secret", [secret], true, false],
    ["a public key", [publicKey], false, true],
    ["both", [secret, publicKey], true, true],
    ["others that are rotated out", [older, olderKey], false, false],
  ])("%s", async (_name, secrets, byShared, byTheirs) => {
    const authenticator = standardWebhooks(secrets);
    expect(await letsIn(authenticator, named(shared), body)).toBe(byShared);
    expect(await letsIn(authenticator, named(theirs), body)).toBe(byTheirs);
    const isIn = byShared || byTheirs;
    expect(await letsIn(authenticator, named(together(shared, theirs)), body)).toBe(isIn);
    expect(await letsIn(authenticator, named(together(theirs, shared)), body)).toBe(isIn);
    expect(await letsIn(authenticator, named(together(theirs, shared)), Buffer.from("{}"))).toBe(false);
  });
});

it("any.30 one scheme's signature is none of the other's", async () => {
  const swapped = { ...theirs, "webhook-signature": theirs["webhook-signature"]!.replace("v1a,", "v1,") };
  expect(await refusesUnread(standardWebhooks([secret, publicKey]), swapped)).toBe(true);
});

it("any.30 headers of two names do not make up one delivery", async () => {
  const { "webhook-id": _, ...without } = shared;
  const mixed = { ...without, "svix-id": shared["webhook-id"]! };
  expect(await refusesUnread(standardWebhooks(secret), mixed)).toBe(true);
});

it("any.30 a signature of one name lets nobody in under an id of the other, which would be read", async () => {
  const replayed = { ...svix(shared), "webhook-id": "another" };
  const pretending = { ...replayed, "webhook-signature": shared["webhook-signature"]! };
  expect(await refusesUnread(standardWebhooks(secret), replayed)).toBe(true);
  expect(await letsIn(standardWebhooks(secret), pretending, body)).toBe(false);
  expect(await letsIn(standardWebhooks(secret), { ...svix(shared), ...shared }, body)).toBe(true);
});

it("any.30 a secret as Supabase shows it, with a version in front", async () => {
  expect(await letsIn(standardWebhooks(`v1,${secret}`), shared, body)).toBe(true);
});

it("is registered with its first shared secret, if it has one", () => {
  expect(standardWebhooks([publicKey, secret, older]).registers?.()).toEqual({ in: "signature", secret });
  expect(standardWebhooks(publicKey).registers?.()).toEqual({ in: "signature", secret: undefined });
});

it.each([
  "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  "whsec_",
  "whsec_not base64",
  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
  "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  `whsec_${publicKey}`,
  ` ${secret}`,
])("any.30 %j is no secret, and the error shows none of it", (wrong) => {
  expect(() => standardWebhooks([secret, wrong])).toThrow(
    expect.objectContaining({
      option: "standardWebhooks: secret",
      code: "invalid",
      message: expect.not.stringMatching(/Mf|not base64/),
    }),
  );
});
