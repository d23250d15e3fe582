/** How a delivery is refused. */
import { expect, test } from "vitest";
import { basicAuth, uphance, urlSecret } from "@answerback/core";
import type { Authenticate, OpenDelivery } from "../../packages/core/src/contract/authenticator.ts";
import { authenticate, authenticatorsOf } from "../../packages/core/src/receiver/delivery/authenticate.ts";
import { openDelivery } from "./deliveries.ts";

const basic = basicAuth({ username: "hook", password: "a-password-of-ours" });
const inPath = urlSecret("0b6f4a3c9d1e4f7fa2c58e7d6b901234");
const twice = openDelivery({ headers: { authorization: ["Basic YTpi", "Basic YTpj"] } });

test("any.13 all that an authenticator refuses are refused with one error, which costs one stack", () => {
  const wrong = [undefined, "Basic YTpi", "Bearer x"].map((authorization) =>
    openDelivery({ headers: authorization === undefined ? {} : { authorization: [authorization] } }),
  );
  const errors = [...wrong, twice].map((delivery) => refusalOf([basic], delivery));
  expect(new Set(errors).size).toBe(1);
  expect(errors[0]).toMatchObject({ code: "unauthorized", refusal: basic.refusal });
});

test("any.13 each authenticator has its refusal told, and a function none", () => {
  expect(refusalOf([inPath], openDelivery({ path: "/wrong" }))).toMatchObject({ refusal: { hidden: true } });
  expect(refusalOf([() => false], openDelivery())).toMatchObject({ code: "unauthorized", refusal: {} });
  expect(refusalOf(false, twice)).toMatchObject({ code: "unauthorized", refusal: {} });
});

const settings = { provider: uphance(), publicUrl: undefined };

/** What is thrown. */
function refusalOf(given: Authenticate, delivery: OpenDelivery): unknown {
  try {
    return authenticate(authenticatorsOf(given, settings), delivery);
  } catch (error) {
    return error;
  }
}
