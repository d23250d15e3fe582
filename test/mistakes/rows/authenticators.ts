/** Authenticators. */
import { basicAuth, bodySecret, headerSecret, querySecret, urlSecret } from "@answerback/core";
import { js, pair } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

/** The rows. */
export const authenticators: readonly Chapter[] = [
  {
    title: "Authenticators",
    rows: [
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
];
