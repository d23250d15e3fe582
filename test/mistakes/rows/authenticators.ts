/** Authenticators. */
import {
  basicAuth,
  bearerJwt,
  bodySecret,
  ed25519Signature,
  headerSecret,
  hmacSignature,
  querySecret,
  standardWebhooks,
  urlSecret,
} from "@answerback/core";
import { given, js, pair } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";
const publicKey = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };

/** A recipe that has nothing wrong but what is given. */
const hmac = (wrong: object) => js(hmacSignature)({ header: "x-signature", secret: "a-secret", ...wrong });
const ed25519 = (wrong: object) => js(ed25519Signature)({ header: "x-signature", ...wrong });

/** The rows. */
export const authenticators: readonly Chapter[] = [
  {
    title: "Authenticators",
    rows: [
      row(
        "`bearerJwt({ audience })`, without keys",
        () => bearerJwt({ audience: "our-app" }),
        "missing",
        "bearerJwt: jwks: it is missing, and so is secret; **give the provider's keys, their https address, or the secret that you share**",
      ),
      row(
        "`bearerJwt` with an audience that is not set",
        () => bearerJwt({ secret, audience: undefined }),
        "missing",
        "bearerJwt: audience: it is missing; **is the environment variable set?**",
      ),
      row(
        "`bearerJwt` with an address, and nothing that fetches it",
        () => bearerJwt({ jwks: "https://issuer.example/keys", audience: "our-app" }),
        "missing",
        "bearerJwt: fetch: jwks is an address; **give what fetches it, such as guardedFetch of @answerback/node**",
      ),
      row(
        "`bearerJwt` with the shared secret as `jwks`",
        () => bearerJwt({ jwks: secret, audience: "our-app" }),
        "invalid",
        "bearerJwt: jwks: **it is not an https address without credentials; a shared secret goes into secret**",
      ),
      row(
        "`bearerJwt` with an address that is http",
        () => bearerJwt({ jwks: "http://issuer.example/keys", audience: "our-app", fetch }),
        "invalid",
        "bearerJwt: jwks: **it is not an https address without credentials; a shared secret goes into secret**",
      ),
      row(
        "`bearerJwt` with `jwks` and a secret",
        () => bearerJwt({ jwks: { keys: [publicKey] }, secret, audience: "our-app" }),
        "conflict",
        "bearerJwt: secret: **give jwks or a secret, not both**",
      ),
      row(
        "`bearerJwt` with a fetch and no address",
        () => bearerJwt({ secret, audience: "our-app", fetch }),
        "conflict",
        "bearerJwt: fetch: there is no address to fetch from; **leave it out**",
      ),
      row(
        "`bearerJwt` with a list of keys for a JWK Set",
        () => js(bearerJwt)({ jwks: [publicKey], audience: "our-app" }),
        "invalid",
        "bearerJwt: jwks: it is a list; **give a JWK Set, { keys: […] }, or the https address of one**",
      ),
      row(
        "`bearerJwt({ jwks: { keys: [] } })`",
        () => bearerJwt({ jwks: { keys: [] }, audience: "our-app" }),
        "empty",
        "bearerJwt: jwks.keys: **give at least one key**",
      ),
      row(
        "`bearerJwt` with a shared secret among the keys",
        () => bearerJwt({ jwks: { keys: [publicKey, { kty: "oct", k: "AA" }] }, audience: "our-app" }),
        "invalid",
        "bearerJwt: jwks.keys: one of them is a shared secret; **give it as secret**",
      ),
      row(
        "`bearerJwt` with a private key",
        () => bearerJwt({ jwks: { keys: [{ ...publicKey, d: "AA" }] }, audience: "our-app" }),
        "invalid",
        "bearerJwt: jwks.keys: one of them is a private key; **leave it with who signs**",
      ),
      row(
        "`bearerJwt` with a key that was cut off",
        () => bearerJwt({ jwks: { keys: [{ ...publicKey, x: "AA" }] }, audience: "our-app" }),
        "invalid",
        "bearerJwt: jwks.keys: one of them is no key of the kind RSA, EC or OKP; **compare it**",
      ),
      row(
        '`bearerJwt` with `algorithms: ["none"]`',
        () => js(bearerJwt)({ secret, audience: "our-app", algorithms: ["none"] }),
        "invalid",
        'bearerJwt: algorithms: **give "HS256" or "HS384" or "HS512" or "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" or "ES256" or "ES384" or "ES512" or "EdDSA" or "Ed25519"**',
      ),
      row(
        '`bearerJwt` with public keys and `algorithms: ["HS256"]`',
        () => bearerJwt({ jwks: { keys: [publicKey] }, audience: "our-app", algorithms: ["RS256", "HS256"] }),
        "invalid",
        "bearerJwt: algorithms: HS256 is signed with a secret, and jwks are public; **give secret, or leave it out**",
      ),
      row(
        '`bearerJwt` with a secret and `algorithms: ["RS256"]`',
        () => bearerJwt({ secret, audience: "our-app", algorithms: ["RS256"] }),
        "invalid",
        "bearerJwt: algorithms: RS256 is not signed with a secret; **give jwks, or HS256, HS384, HS512**",
      ),
      row(
        '`basicAuth("hook", "…")`',
        () => js(basicAuth)("hook", "correct-horse-battery"),
        "invalid",
        "basicAuth: credentials: it is a text; **give { username, password }**",
      ),
      row(
        "`basicAuth({ user, pass })`",
        () => js(basicAuth)({ user: "hook", pass: "correct-horse-battery" }),
        "unknown",
        "basicAuth: user: there is no option user; **did you mean username?**",
      ),
      row(
        "`basicAuth` with a variable that is not set",
        () => basicAuth({ username: "hook", password: undefined }),
        "missing",
        "basicAuth: password: it is missing; **is the environment variable set?**",
      ),
      row(
        "`basicAuth` with an empty password",
        () => basicAuth({ username: "hook", password: "" }),
        "empty",
        "basicAuth: password: it is empty; **is the environment variable set?**",
      ),
      row(
        "`basicAuth([])`",
        () => basicAuth([]),
        "empty",
        "basicAuth: credentials: **give at least one pair**",
      ),
      row(
        "a colon in the user name",
        () => basicAuth({ username: "a:b", password: "c" }),
        "invalid",
        "basicAuth: username: **a colon would end it on the wire**",
      ),
      row(
        '`basicAuth` with `realm: ""`',
        () => basicAuth(pair, { realm: "" }),
        "empty",
        "basicAuth: realm: it is empty; **give a text**",
      ),
      row(
        "`basicAuth(pair, { zone })`, which is near to no option",
        () => js(basicAuth)(pair, { zone: "hooks" }),
        "unknown",
        "basicAuth: zone: there is no option zone; **the options are realm**",
      ),
      row(
        '`basicAuth` with the realm alone: `basicAuth(pair, "hooks")`',
        () => js(basicAuth)(pair, "hooks"),
        "invalid",
        "basicAuth: options: it is a text; **give an object, such as { realm: … }**",
      ),
      row(
        '`bodySecret("authenticationKey")`, without its secret',
        () => js(bodySecret)("authenticationKey"),
        "missing",
        "bodySecret: secret: it is missing; **is the environment variable set?**",
      ),
      row(
        "`bodySecret(field, secret, old)`, no list",
        () => js(bodySecret)("authenticationKey", "new", "old"),
        "invalid",
        "bodySecret: it takes 2 arguments, and would drop the rest; **write options as one object, values as one list**",
      ),
      row(
        "`headerSecret` with a number",
        () => js(headerSecret)("x-key", 4711),
        "invalid",
        "headerSecret: secret: it is a number; **give a text**",
      ),
      row(
        '`querySecret("", …)`',
        () => querySecret("", "a".repeat(16)),
        "empty",
        "querySecret: field: it is empty; **give a text**",
      ),
      row(
        "`urlSecret` with a slash in it",
        () => urlSecret("a/".repeat(8)),
        "invalid",
        'urlSecret: secret: it travels in a URL; **use only letters, digits and "-", ".", "_", "~"**',
      ),
    ],
  },
  {
    title: "Authenticators of signatures",
    rows: [
      row(
        "`hmacSignature` with a variable that is not set",
        () => hmac({ secret: undefined }),
        "missing",
        "hmacSignature: secret: it is missing; **is the environment variable set?**",
      ),
      row(
        '`hmacSignature("x-signature", secret)`',
        () => js(hmacSignature)("x-signature", "a-secret"),
        "invalid",
        "hmacSignature: it takes one argument, and would drop the rest; **write options as one object, values as one list**",
      ),
      row(
        "`hmacSignature` with `secrets`",
        () => hmac({ secrets: ["a-secret"] }),
        "unknown",
        "hmacSignature: secrets: there is no option secrets; **did you mean secret?**",
      ),
      row(
        "`hmacSignature` without its header",
        () => hmac({ header: undefined }),
        "missing",
        "hmacSignature: header: it is missing; **give a text**",
      ),
      row(
        '`header: "X-Signature: sha256="`',
        () => hmac({ header: "X-Signature: sha256=" }),
        "invalid",
        "hmacSignature: header: it is no name of a header; **give it alone, such as X-Signature**",
      ),
      row(
        '`algorithm: "sha-256"`',
        () => hmac({ algorithm: "sha-256" }),
        "invalid",
        'hmacSignature: algorithm: give "sha1" or "sha256" or "sha512"; **did you mean "sha256"?**',
      ),
      row(
        '`secretEncoding: "base64"` for a secret that is none',
        () => hmac({ secretEncoding: "base64" }),
        "invalid",
        "hmacSignature: secret: it is not base64; **give it as the provider shows it, or leave secretEncoding out**",
      ),
      row(
        '`signed: "v0:{timstamp}:{body}"`, a letter short',
        () => hmac({ signed: "v0:{timstamp}:{body}" }),
        "unknown",
        "hmacSignature: signed: there is no {timstamp}; **did you mean {timestamp}?**",
      ),
      row(
        '`signed: "{id}.{body}"`, near to no name',
        () => hmac({ signed: "{id}.{body}" }),
        "unknown",
        "hmacSignature: signed: there is no {id}; **there are {body}, {timestamp}, {method}, {url}, {header:…}**",
      ),
      row(
        '`signed: "v0:body"`, without braces',
        () => hmac({ signed: "v0:body" }),
        "invalid",
        "hmacSignature: signed: anybody could change a body that is not signed; **put {body} in**",
      ),
      row(
        '`signed: "{timestamp}.{body}"`, and no `timestamp`',
        () => hmac({ signed: "{timestamp}.{body}" }),
        "missing",
        "hmacSignature: timestamp: {timestamp} is signed; **say where it stands: { header }**",
      ),
      row(
        "a `timestamp` that is not signed",
        () => hmac({ timestamp: { header: "x-timestamp" } }),
        "conflict",
        "hmacSignature: timestamp: anybody could change a timestamp that is not signed; **put {timestamp} into signed**",
      ),
      row(
        "a `timestamp` that stands nowhere",
        () => hmac({ signed: "{timestamp}.{body}", timestamp: { tolerance: "5m" } }),
        "missing",
        'hmacSignature: timestamp.header: **say where it stands: { header }, or { prefix: "t=" }**',
      ),
      row(
        "a `timestamp` beside the signature, and no `separator`",
        () => hmac({ signed: "{timestamp}.{body}", timestamp: { prefix: "t=" } }),
        "missing",
        'hmacSignature: separator: **say what stands between timestamp and signature, such as ","**',
      ),
      row(
        "`tolerance: 300`, without a unit",
        () => hmac({ signed: "{timestamp}.{body}", timestamp: { header: "x-timestamp", tolerance: 300 } }),
        "invalid",
        'hmacSignature: timestamp.tolerance: 300 is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        "`tolerance: 0`",
        () => hmac({ signed: "{timestamp}.{body}", timestamp: { header: "x-timestamp", tolerance: 0 } }),
        "out_of_range",
        "hmacSignature: timestamp.tolerance: 0 lets nobody in; **leave it out for 5 minutes**",
      ),
      row(
        "`ed25519Signature` with a variable that is not set",
        () => ed25519({}),
        "missing",
        "ed25519Signature: publicKey: it is missing; **is the environment variable set?**",
      ),
      row(
        "`ed25519Signature` with half a key",
        () => ed25519({ publicKey: "0b6f4a3c9d1e4f7fa2c58e7d6b901234" }),
        "invalid",
        "ed25519Signature: publicKey: an Ed25519 public key has 32 bytes; **give 64 hexadecimal digits, or base64**",
      ),
      row(
        "`ed25519Signature` with a `timestamp` that is not signed",
        () => ed25519({ publicKey: "0b6f4a3c".repeat(8), timestamp: { header: "x-timestamp" } }),
        "conflict",
        "ed25519Signature: timestamp: anybody could change a timestamp that is not signed; **put {timestamp} into signed**",
      ),
      row(
        "`standardWebhooks` with a variable that is not set",
        () => standardWebhooks(undefined),
        "missing",
        "standardWebhooks: secret: it is missing; **is the environment variable set?**",
      ),
      row(
        "`standardWebhooks` with the secret of something else",
        () => standardWebhooks("a-secret-of-something-else"),
        "invalid",
        "standardWebhooks: secret: **give it as the provider shows it: whsec_, or whpk_ for a public key, and base64 behind it**",
      ),
      row(
        "`authenticate: hmacSignature`, not called",
        () => given({ authenticate: hmacSignature }),
        "invalid",
        "authenticate: hmacSignature makes an authenticator; **call it: hmacSignature(…)**",
      ),
    ],
  },
];
