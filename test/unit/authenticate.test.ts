/** How a delivery is refused. */
import { expect, test } from "vitest";
import { basicAuth, bodySecret, headerSecret, querySecret, uphance, urlSecret } from "@answerback/core";
import type {
  Authenticate,
  Authenticator,
  OpenDelivery,
} from "../../packages/core/src/contract/authenticator.ts";
import {
  authenticate,
  authenticatorsOf,
  type Asking,
} from "../../packages/core/src/receiver/delivery/authenticate.ts";
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

const field = "a-key-of-the-app";
const inHeader = headerSecret("X-Key", field);
const inBody = bodySecret("key", field);
const inQuery = querySecret("key", field);

test.each<[string, Authenticator, Partial<OpenDelivery>]>([
  ["it has no Authorization header", basic, {}],
  ["its Authorization header has no Basic credentials", basic, headers("authorization", "Bearer x")],
  ["its user name or its password is not the right one", basic, headers("authorization", "Basic YTpi")],
  ["it has no header x-key", inHeader, {}],
  ["it has the header x-key more than once", inHeader, headers("x-key", field, field)],
  ["its x-key is not the right one", inHeader, headers("x-key", "old")],
  ["its body has no text in the field key", inBody, { body: async () => ({ key: 1 }) }],
  ["the key in its body is not the right one", inBody, { body: async () => ({ key: "old" }) }],
  ["the secret in its path is not the right one", inPath, { path: "/old" }],
  [
    "its query does not have the secret, exactly once, as key",
    inQuery,
    { query: `key=${field}&key=${field}` },
  ],
])("any.13 the developer is told that %s", async (reason, { verify }, sent) => {
  const told: string[] = [];
  const delivery = openDelivery({ ...sent, deny: (why) => (told.push(why), false) });
  expect(await verify(delivery)).toBe(false);
  expect(told).toEqual([reason]);
});

function headers(name: string, ...values: string[]): Partial<OpenDelivery> {
  return { headers: { [name]: values } };
}

test("any.13 the reason of one authenticator is not told for the no of another", async () => {
  const either = async (delivery: OpenDelivery) => (await basic.verify(delivery)) || true;
  const delivery: Asking = openDelivery({ deny: (why) => ((delivery.denied = why), false) });
  await expect(authenticate(authenticatorsOf([either, () => false], settings), delivery)).rejects.toThrow(
    "no valid credentials; compare",
  );
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
