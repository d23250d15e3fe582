/** The options of the providers, and the parts of an own provider. */
import { appInbox, postback, uphance, upsales } from "@answerback/core";
import { discord } from "@answerback/providers/discord";
import { github } from "@answerback/providers/github";
import { slack } from "@answerback/providers/slack";
import { given, js, own, callback, receiver } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

/** The rows. */
export const providers: readonly Chapter[] = [
  {
    title: "Providers",
    rows: [
      row(
        "`upsales({ callbackHost })`",
        () => js(upsales)({ callbackHost: "upsales.com" }),
        "unknown",
        "upsales: callbackHost: there is no option callbackHost; **did you mean callbackHosts?**",
      ),
      row(
        '`callbackHosts: "upsales.com"`, no list',
        () => js(upsales)({ callbackHosts: "upsales.com" }),
        "invalid",
        "upsales: callbackHosts: it is a text; **give a list**",
      ),
      row(
        '`callbackHosts: ["127.0.0.1"]`',
        () => upsales({ callbackHosts: ["127.0.0.1"] }),
        "invalid",
        'upsales: callbackHosts: "127.0.0.1" is not the name of a host like "upsales.com"; **addresses and wildcards are not allowed**',
      ),
      row(
        '`maxCallbackBytes: "100kb"`',
        () => js(upsales)({ maxCallbackBytes: "100kb" }),
        "invalid",
        "upsales: maxCallbackBytes: it is a text; **give a whole number above 0**",
      ),
      row(
        "a path of Upsales' with the type of another event",
        () => upsales({ paths: { "/x": "external" } }),
        "taken",
        'upsales: paths: **"/x" needs an event type of its own, not "external"**',
      ),
      row(
        "a path of Upsales' whose type is `{ typ }`",
        () => js(upsales)({ paths: { "/x": { typ: "x" } } }),
        "unknown",
        'upsales: paths["/x"].typ: there is no option typ; **did you mean type?**',
      ),
      row(
        "`uphance({ sameUpdateWithin: 60 })`",
        () => js(uphance)({ sameUpdateWithin: 60 }),
        "invalid",
        'uphance: sameUpdateWithin: 60 is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        '`appInbox({ probe: "no" })`',
        () => js(appInbox)({ probe: "no" }),
        "invalid",
        "appInbox: probe: it is a text; **give true or false**",
      ),
      row(
        "`postback({ retention })`, which is an option of the receiver's",
        () => js(postback)({ retention: "7d" }),
        "unknown",
        "postback: retention: there is no option retention; **the options are schema, data**",
      ),
      row(
        '`schema: "strikt"`',
        () => js(uphance)({ schema: "strikt" }),
        "invalid",
        'uphance: schema: give "lenient" or "strict"; **did you mean "strict"?**',
      ),
      row(
        "`data` for an event that there is not",
        () => js(postback)({ data: { "contact.creat": {} } }),
        "unknown",
        'postback: data: there is no event "contact.creat"; **did you mean "contact.create"?**',
      ),
      row(
        "`data` with what is no schema",
        () => js(appInbox)({ data: { message: { id: "text" } } }),
        "invalid",
        'appInbox: data["message"]: it is an object; **give a schema of zod, or of another library that keeps Standard Schema**',
      ),
      row(
        '`maxMessages: "1000"`',
        () => js(appInbox)({ maxMessages: "1000" }),
        "invalid",
        "appInbox: maxMessages: it is a text; **write 1000 without quotes**",
      ),
    ],
  },
  {
    title: "Discord and GitHub",
    rows: [
      row(
        "`discord()` without a key",
        () => js(discord)({}),
        "missing",
        "discord: publicKey: it is missing; **is the environment variable set?**",
      ),
      row(
        "`discord({ publicKey })` with another text of the portal",
        () => discord({ publicKey: "1234560123453231555" }),
        "invalid",
        "ed25519Signature: publicKey: **an Ed25519 public key has 32 bytes; give 64 hexadecimal digits, or base64**",
      ),
      row(
        '`ephemeral: "true"`',
        () => js(discord)({ publicKey: "0".repeat(64), ephemeral: "true" }),
        "invalid",
        "discord: ephemeral: it is a text; **write true without quotes**",
      ),
      row(
        '`whenFailed: "Sorry"`',
        () => js(discord)({ publicKey: "0".repeat(64), whenFailed: "Sorry" }),
        "invalid",
        "discord: whenFailed: it is a text; **give a function**",
      ),
      row(
        "`github()` without a secret",
        () => js(github)({}),
        "missing",
        "github: secret: it is missing; **is the environment variable set?**",
      ),
      row(
        "`github({ hosts })`",
        () => js(github)({ secret: "a secret", hosts: ["github.example.com"] }),
        "unknown",
        "github: hosts: there is no option hosts; **did you mean callbackHosts?**",
      ),
      row(
        "an event of GitHub's without its action",
        () => given({ authenticate: undefined, handle: { watch: () => {} } }, github({ secret: "a secret" })),
        "unknown",
        'handle: github has no event "watch"; it has watch.started, and "*" for the rest; **did you mean "watch.started"?**',
      ),
      row(
        "an event that GitHub does not have",
        () =>
          given({ authenticate: undefined, handle: { weather: () => {} } }, github({ secret: "a secret" })),
        "unknown",
        'handle: github has no event "weather"; **it has 274 others, and "*" for the rest**',
      ),
    ],
  },
  {
    title: "Slack",
    rows: [
      row(
        "`slack()`, or a signing secret that is not set",
        () => slack({ signingSecret: undefined }),
        "missing",
        "slack: signingSecret: it is missing; **is the environment variable set?**",
      ),
      row(
        "`slack({ signinSecret })`",
        () => js(slack)({ signinSecret: "a-secret" }),
        "unknown",
        "slack: signinSecret: there is no option signinSecret; **did you mean signingSecret?**",
      ),
      row(
        '`registration({ url: "http://…" })` of Slack',
        () =>
          receiver(slack({ signingSecret: "a-secret" })).registration({ url: "http://example.com/slack" }),
        "invalid",
        "registration: url: **Slack sends to https addresses only**",
      ),
      row(
        "`registration({ commands: { deploy } })` of Slack",
        () =>
          receiver(slack({ signingSecret: "a-secret" })).registration({
            url: "https://example.com",
            commands: { deploy: "Deploys" },
          }),
        "invalid",
        'registration: commands["deploy"]: **write it with its slash: "/deploy"**',
      ),
    ],
  },
  {
    title: "An own provider",
    rows: [
      row(
        "without a name",
        () => own({ name: undefined }),
        "missing",
        "defineProvider: name: it is missing; **it scopes the event keys**",
      ),
      row(
        "`accepts: []`",
        () => own({ accepts: [] }),
        "empty",
        'acme: accepts: nothing could be received; **give "json", "form" or both**',
      ),
      row(
        '`accepts: ["xml"]`',
        () => own({ accepts: ["xml"] }),
        "invalid",
        'acme: accepts: **give "json" or "form"**',
      ),
      row(
        '`accepts: ["text/xml"]`',
        () => own({ accepts: ["text/xml"] }),
        "invalid",
        'acme: accepts: **say how text/xml is read: { type: "text/xml", as: "text" }**',
      ),
      row(
        "`accepts: [{ type, as }]` where `type` has a parameter",
        () => own({ accepts: [{ type: "text/xml; charset=utf-8", as: "text" }] }),
        "invalid",
        'acme: accepts.type: **give the type alone, such as "text/plain": no parameter changes it, and only "*/*" stands for other types**',
      ),
      row(
        '`accepts: [{ type: "text/*", as: "text" }]`',
        () => own({ accepts: [{ type: "text/*", as: "text" }] }),
        "invalid",
        'acme: accepts.type: **give the type alone, such as "text/plain": no parameter changes it, and only "*/*" stands for other types**',
      ),
      row(
        '`accepts: [{ type: "text/xml" }]`, without `as`',
        () => own({ accepts: [{ type: "text/xml" }] }),
        "missing",
        'acme: accepts.as: it is missing; **give "json" or "form" or "text" or "bytes"**',
      ),
      row(
        '`accepts: [{ type: "text/xml", as: "xml" }]`',
        () => own({ accepts: [{ type: "text/xml", as: "xml" }] }),
        "invalid",
        'acme: accepts.as: **give "json" or "form" or "text" or "bytes"**',
      ),
      row(
        '`accepts: [{ type: "multipart/form-data", as: "form" }]`',
        () => own({ accepts: [{ type: "multipart/form-data", as: "form" }] }),
        "invalid",
        'acme: accepts.as: multipart is not read; **"bytes" hands it to decode as it is**',
      ),
      row(
        "one media type in `accepts` twice",
        () =>
          own({
            accepts: [
              { type: "text/xml", as: "text" },
              { type: "Text/XML", as: "bytes" },
            ],
          }),
        "taken",
        "acme: accepts.type: text/xml is there twice; **leave one of them**",
      ),
      row(
        '`untyped: "xml"`',
        () => own({ untyped: "xml" }),
        "invalid",
        'acme: untyped: **give "json" or "form" or "text" or "bytes"**',
      ),
      row(
        '`inflate: "gzip"`',
        () => own({ inflate: "gzip" }),
        "invalid",
        "acme: inflate: it is a text; **give true or false**",
      ),
      row(
        "without `decode`",
        () => own({ decode: undefined }),
        "missing",
        "acme: decode: it is missing; **give a function**",
      ),
      row(
        "`decod`",
        () => own({ decod: () => [] }),
        "unknown",
        "acme: decod: there is no option decod; **did you mean decode?**",
      ),
      row(
        "an event with `interactiv: true`",
        () => own({ events: { paid: { interactiv: true } } }),
        "unknown",
        "acme: paid: interactiv: there is no option interactiv; **did you mean interactive?**",
      ),
      row(
        "an event whose `data` is no schema",
        () => own({ events: { paid: { data: { total: "number" } } } }),
        "invalid",
        "acme: paid: data: it is an object; **give a schema of zod, or of another library that keeps Standard Schema**",
      ),
      row(
        'an event `"*"`',
        () => own({ events: { "*": {} } }),
        "taken",
        'acme: events: **"*" stands for unlisted events**',
      ),
      row(
        "`callback: { maxByte }`",
        () => own({ callback: { ...callback, maxByte: 1 } }),
        "unknown",
        "acme: callback.maxByte: there is no option maxByte; **did you mean maxBytes?**",
      ),
      row(
        "`callback` without `maxBytes`",
        () => own({ callback: { hosts: ["example.com"] } }),
        "missing",
        "acme: callback.maxBytes: it is missing; **give a whole number above 0**",
      ),
      row(
        "`statuses: { handled: 99 }`",
        () => own({ statuses: { handled: 99 } }),
        "out_of_range",
        "acme: statuses.handled: **99 is not a whole number from 200 to 599**",
      ),
      row(
        '`retries: "no"`',
        () => own({ retries: "no" }),
        "invalid",
        "acme: retries: it is a text; **give true or false**",
      ),
      row(
        '`patience: "3s"` with an `answerWithin` that is longer',
        () => given({}, own({ patience: "3s", answerWithin: "5s" })),
        "out_of_range",
        "answerWithin: must be below the 3 s that acme waits; **leave it out for a good one**",
      ),
    ],
  },
];
