/** Twilio signs its address, and a form's fields in the order of their names: a function says so; against its own code. */
import { createHash } from "node:crypto";
import { hmacSignature } from "@answerback/core";
import type { SignedBy } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import twilio from "twilio";
import { letsIn } from "./support.ts";

const token = "12345678901234567890123456789012";
const url = "https://app.example/hooks/twilio?foo=1&bar=a%20b";

/** The address, and behind it each name with its value; of JSON the address alone, in which its digest stands. */
const signed: SignedBy = (body, { url: address = "", query, headers }) => {
  if (headers["content-type"]?.[0] === "application/json") {
    const digest = createHash("sha256").update(body).digest("hex");
    return new URLSearchParams(query).get("bodySHA256") === digest ? address : undefined;
  }
  const sent = new URLSearchParams(Buffer.from(body).toString());
  sent.sort();
  return address + [...sent].flat().join("");
};

const ours = hmacSignature({
  header: "X-Twilio-Signature",
  algorithm: "sha1",
  encoding: "base64",
  signed,
  secret: token,
});

const fields = { To: "+18005551212", Digits: "1234", From: "+14158675310", Body: "åäö &=+" };
const form = Buffer.from(new URLSearchParams(fields).toString());

describe("a form", () => {
  it("any.30 that Twilio's own code signed is let in", async () => {
    const signature = twilio.getExpectedTwilioSignature(token, url, fields);
    expect(twilio.validateRequest(token, signature, url, fields)).toBe(true);
    expect(await letsIn(ours, { "x-twilio-signature": signature }, form, { url })).toBe(true);
  });

  it.each([
    ["another address", { address: `${url}c` }],
    ["another field", { sent: { ...fields, Digits: "1235" } }],
    ["a field more", { sent: { ...fields, Extra: "" } }],
    ["another token", { by: "x".repeat(32) }],
  ])("any.30 with %s is refused, by Twilio's own code as well", async (_, change) => {
    const { address, sent, by } = { address: url, sent: fields, by: token, ...change };
    const signature = twilio.getExpectedTwilioSignature(by, url, fields);
    expect(twilio.validateRequest(token, signature, address, sent)).toBe(false);
    const body = Buffer.from(new URLSearchParams(sent).toString());
    expect(await letsIn(ours, { "x-twilio-signature": signature }, body, { url: address })).toBe(false);
  });
});

describe("JSON", () => {
  const body = Buffer.from('{"property":"value å"}');
  const query = `bodySHA256=${twilio.getExpectedBodyHash(body.toString())}`;
  const address = `https://app.example/hooks/twilio?${query}`;
  const signature = twilio.getExpectedTwilioSignature(token, address, {});
  const headers = { "x-twilio-signature": signature, "content-type": "application/json" };

  it("any.30 whose digest is in the signed address is let in", async () => {
    expect(twilio.validateRequestWithBody(token, signature, address, body.toString())).toBe(true);
    expect(await letsIn(ours, headers, body, { url: address, query })).toBe(true);
  });

  it("any.30 that is not the digest's is refused: the function says undefined", async () => {
    const other = Buffer.from('{"property":"value a"}');
    expect(twilio.validateRequestWithBody(token, signature, address, other.toString())).toBe(false);
    expect(await letsIn(ours, headers, other, { url: address, query })).toBe(false);
  });
});
