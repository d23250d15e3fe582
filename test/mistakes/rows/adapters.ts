/** Adapters, and what a receiver and a handler are asked. */
import { memory, openRecords, postback, reply, RetryLater, uphance, upsales } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import { createFastifyPlugin } from "@answerback/fastify";
import { createFetchHandler } from "@answerback/fetch";
import { createKoaMiddleware } from "@answerback/koa";
import { createGuardedFetch, createNodeHandler } from "@answerback/node";
import { js, own, receiver } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

/** The rows. */
export const adapters: readonly Chapter[] = [
  {
    title: "Adapters",
    rows: [
      row(
        "`createExpressMiddleware({})`",
        () => js(createExpressMiddleware)({}),
        "invalid",
        "createExpressMiddleware: receiver: it has no receive(); **give what createReceiver returns**",
      ),
      row(
        "`createExpressMiddleware(undefined)`, by a wrong import",
        () => js(createExpressMiddleware)(undefined),
        "missing",
        "createExpressMiddleware: receiver: it is missing; **give what createReceiver returns**",
      ),
      row(
        '`createExpressMiddleware(receiver, "/x")`',
        () => js(createExpressMiddleware)(receiver(), "/x"),
        "invalid",
        "createExpressMiddleware: options: it is a text; **give an object, such as { path: … }**",
      ),
      row(
        "`createKoaMiddleware(receiver, { paht })`",
        () => js(createKoaMiddleware)(receiver(), { paht: "/x" }),
        "unknown",
        "createKoaMiddleware: paht: there is no option paht; **did you mean path?**",
      ),
      row(
        '`createKoaMiddleware(receiver, { path: "hooks" })`',
        () => createKoaMiddleware(receiver(), { path: "hooks" }),
        "invalid",
        'createKoaMiddleware: path: "hooks" has to start with a slash; **write "/hooks"**',
      ),
      row(
        "`createFastifyPlugin(receiver, { prefix })`, which `app.register` takes",
        () => js(createFastifyPlugin)(receiver(), { prefix: "/x" }),
        "unknown",
        "createFastifyPlugin: prefix: there is no option prefix; **the options are path**",
      ),
      row(
        "`createNodeHandler(receiver, { secure: true })`",
        () => js(createNodeHandler)(receiver(), { secure: true }),
        "invalid",
        "createNodeHandler: secure: it is true; **give a function**",
      ),
      row(
        "`createFetchHandler(receiver, { waitUntill })`",
        () => js(createFetchHandler)(receiver(), { waitUntill: () => {} }),
        "unknown",
        "createFetchHandler: waitUntill: there is no option waitUntill; **did you mean waitUntil?**",
      ),
      row(
        "`createFetchHandler(receiver, { waitUntil: promise })`",
        () => js(createFetchHandler)(receiver(), { waitUntil: Promise.resolve() }),
        "invalid",
        "createFetchHandler: waitUntil: it is a promise, which is not awaited; **give a function**",
      ),
      row(
        '`createFetchHandler(receiver, { path: "hooks" })`',
        () => createFetchHandler(receiver(), { path: "hooks" }),
        "invalid",
        'createFetchHandler: path: "hooks" has to start with a slash; **write "/hooks"**',
      ),
      row(
        '`createGuardedFetch({ within: "5s" })`',
        () => js(createGuardedFetch)({ within: "5s" }),
        "unknown",
        "createGuardedFetch: within: there is no option within; **did you mean withinMs?**",
      ),
      row(
        '`createGuardedFetch({ allow: ["10.0.0.0/8"] })`',
        () => createGuardedFetch({ allow: ["10.0.0.0/8"] }),
        "invalid",
        'createGuardedFetch: allow: "10.0.0.0/8" is not an IP address; **name each one, without a range**',
      ),
      row(
        "`createGuardedFetch({ ports: 5678 })`",
        () => js(createGuardedFetch)({ ports: 5678 }),
        "invalid",
        "createGuardedFetch: ports: it is a number; **give a list**",
      ),
      row(
        '`createGuardedFetch({ ports: ["5678"] })`, in quotes, as from the environment',
        () => js(createGuardedFetch)({ ports: ["5678"] }),
        "invalid",
        "createGuardedFetch: ports: it is a text; **write 5678 without quotes**",
      ),
      row(
        "`createGuardedFetch({ ports: [65536] })`",
        () => createGuardedFetch({ ports: [65_536] }),
        "out_of_range",
        "createGuardedFetch: ports: **65536 is not a whole number from 1 to 65535**",
      ),
    ],
  },
  {
    title: "What a receiver and a handler are asked",
    rows: [
      row(
        "`receiver.registration()`",
        () => receiver().registration(),
        "missing",
        "registration: options: it is missing; **give an object, such as { url: … }**",
      ),
      row(
        '`receiver.registration("https://…")`',
        () => receiver().registration("https://example.com"),
        "invalid",
        "registration: options: it is a text; **give an object, such as { url: … }**",
      ),
      row(
        "`receiver.registration({ ulr })`",
        () => receiver().registration({ ulr: "https://example.com" }),
        "unknown",
        "registration: ulr: there is no option ulr; **did you mean url?**",
      ),
      row(
        '`receiver.registration({ url: "example.com" })`',
        () => receiver(uphance()).registration({ url: "example.com" }),
        "invalid",
        "registration: url: **it is not an absolute address, such as https://example.com/hooks**",
      ),
      row(
        "`receiver.registration({ locationId })` of Postback",
        () => receiver().registration({ url: "https://example.com", locationId: "1", resource: "contact" }),
        "unknown",
        "registration: locationId: there is no option locationId; **did you mean location_id?**",
      ),
      row(
        "`receiver.registration` of Uphance with an address that is not https",
        () => receiver(uphance()).registration({ url: "http://example.com" }),
        "invalid",
        "registration: url: **Uphance sends to https addresses only**",
      ),
      row(
        "`receiver.registration` of a provider that does not say what to register",
        () => receiver(own({})).registration({ url: "https://example.com" }),
        "unknown",
        "registration: **acme does not say what to register**",
      ),
      row(
        "`receiver.find(undefined)`",
        () => receiver().find(undefined),
        "missing",
        "find: key: it is missing; **give the key of the event: event.key**",
      ),
      row(
        "`receiver.answer(undefined, …)`",
        () => receiver(upsales()).answer(undefined, {}),
        "missing",
        "answer: key: it is missing; **give the key of the event: event.key**",
      ),
      row(
        "`receiver.deadLetters.retry()`",
        () => receiver().deadLetters.retry(),
        "missing",
        "deadLetters.retry: key: it is missing; **give the key of the event: event.key**",
      ),
      row(
        '`receiver.deadLetters.list({ limit: "10" })`',
        () => receiver().deadLetters.list({ limit: "10" }),
        "invalid",
        "deadLetters.list: limit: it is a text; **write 10 without quotes**",
      ),
      row(
        "`receiver.deadLetters.list({ from })`",
        () => receiver().deadLetters.list({ from: "key" }),
        "unknown",
        "deadLetters.list: from: there is no option from; **the options are limit, after**",
      ),
      row(
        '`receiver.records.list({ state: "handled" })`',
        () => receiver().records.list({ state: "handled" }),
        "invalid",
        'records.list: state: **give "held" or "free" or "due" or "waiting" or "paused" or "dead" or "settled"**',
      ),
      row(
        '`receiver.records.list({ since: "2h" })`',
        () => receiver().records.list({ since: "2h" }),
        "invalid",
        "records.list: since: it is a text; **give a Date, or ms since the epoch**",
      ),
      row(
        "`receiver.records.list({ cursor })` with a key",
        () => receiver().records.list({ cursor: "key" }),
        "invalid",
        "records.list: cursor: it is none; **give the cursor of the page before**",
      ),
      row(
        '`receiver.records.discardAll({ state: "settled" })`',
        () => receiver().records.discardAll({ state: "settled" }),
        "invalid",
        "records.discardAll: state: it is settled; **give one of dead, waiting, due, paused**",
      ),
      row(
        '`receiver.records.erase("11e6")`',
        () => receiver().records.erase("11e6"),
        "invalid",
        "records.erase: options: it is a text; **give an object, such as { id: … }**",
      ),
      row(
        '`receiver.records.pause("contact.creat")`',
        () => receiver(postback()).records.pause("contact.creat"),
        "unknown",
        "records.pause: name: there is no event contact.creat; **did you mean contact.create?**",
      ),
      row(
        "`receiver.watch()`",
        () => receiver().watch(),
        "missing",
        "watch: listener: it is missing; **give a function**",
      ),
      row(
        "`openRecords(memory())`, without a name",
        () => js(openRecords)(memory()),
        "missing",
        "openRecords: options: it is missing; **give an object, such as { name: … }**",
      ),
      row(
        '`receiver.close({ within: "x" })`',
        () => receiver().close({ within: "x" }),
        "invalid",
        'close: within: "x" is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        '`receiver.close("10s")`',
        () => receiver().close("10s"),
        "invalid",
        "close: options: it is a text; **give an object, such as { within: … }**",
      ),
      row(
        '`new RetryLater({ aftr: "30s" })`',
        () => js((...args: any[]) => new RetryLater(...args))({ aftr: "30s" }),
        "unknown",
        "RetryLater: aftr: there is no option aftr; **did you mean after?**",
      ),
      row(
        "`new RetryLater(30)`, without a unit",
        () => js((...args: any[]) => new RetryLater(...args))(30),
        "invalid",
        'RetryLater: after: 30 is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        "`reply(body, 404)`",
        () => js(reply)("No such project", 404),
        "invalid",
        "reply: options: it is a number; **give an object, such as { status: … }**",
      ),
      row(
        "`reply(body, { stauts: 404 })`",
        () => js(reply)("No such project", { stauts: 404 }),
        "unknown",
        "reply: stauts: there is no option stauts; **did you mean status?**",
      ),
      row(
        "`reply(body, { status: 99 })`",
        () => reply("No such project", { status: 99 }),
        "out_of_range",
        "reply: status: **99 is not a whole number from 200 to 599**",
      ),
    ],
  },
];
