/** Tokens as a provider signs them, the keys that it publishes, and deliveries that carry them. */
import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Authenticator, OpenDelivery } from "@answerback/core/provider";
import { SignJWT } from "jose";

/** When the deliveries of these suites arrive: ms since the epoch. */
export const arrival = Date.UTC(2026, 0, 1);

/** A signing key of a provider's, and the public key as it is published. */
export interface SigningKey {
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: { readonly kid?: string; readonly [field: string]: unknown };
}

/** A new key; `kid: undefined` is one without a name. */
export function signingKey(alg: "RS256" | "ES256" | "EdDSA", kid?: string): SigningKey {
  const pair = pairOf(alg);
  const jwk = { ...pair.publicKey.export({ format: "jwk" }), alg, use: "sig", ...(kid && { kid }) };
  return { alg, ...pair, jwk };
}

function pairOf(alg: string): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  if (alg === "RS256") return generateKeyPairSync("rsa", { modulusLength: 2_048 });
  if (alg === "ES256") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return generateKeyPairSync("ed25519");
}

/** What a good token says. */
export const claims = { iss: "https://issuer.example", aud: "our-app", exp: seconds(60), iat: seconds(-1) };

/** A time so many seconds after the arrival, as tokens have it. */
export function seconds(after: number): number {
  return arrival / 1_000 + after;
}

/** A token with this key; a claim that is `undefined` is left out. */
export function signed(key: SigningKey, changed: object = {}, header: object = {}): Promise<string> {
  const kid = key.jwk.kid;
  const head = { alg: key.alg, ...(kid && { kid }), ...header };
  return new SignJWT(written(changed)).setProtectedHeader(head).sign(key.privateKey);
}

/** A token with a shared secret, made without any library. */
export function signedWith(secret: string | Buffer, changed: object = {}, alg = "HS256"): string {
  const signing = `${encoded({ alg })}.${encoded(written(changed))}`;
  const digest = createHmac(alg.replace("HS", "sha"), secret).update(signing).digest("base64url");
  return `${signing}.${digest}`;
}

/** A part of a token. */
export function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function written(changed: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ ...claims, ...changed }));
}

/** What an authenticator says of a token, or of headers. */
export async function verdictOf(
  authenticator: Authenticator,
  token: string | OpenDelivery["headers"],
  receivedAt: number = arrival,
): Promise<unknown> {
  const headers = typeof token === "string" ? { authorization: [`Bearer ${token}`] } : token;
  return authenticator.verify({ headers, receivedAt, deny: () => false } as unknown as OpenDelivery);
}
