/** The mistakes of receivers for Upsales. */
import { postCallback } from "../right-callback.ts";
import type { Event } from "../right-receiver.ts";
import { digest } from "../right-receiver.ts";
import { common, waitsForEver } from "./common.ts";
import type { Wrong } from "./mistakes.ts";
import { decodeOr, statusWhen, wrongly } from "./mistakes.ts";
import { json, once, relentless } from "./posting.ts";

/** Each with its clause and its scenario. */
export const upsales: readonly Wrong[] = wrongly("upsales", [
  ...common,
  waitsForEver("upsales.6"),
  [
    "keeps the late callback to itself",
    { post: async () => {} },
    "upsales.7",
    "posts the late callback, alone and once",
  ],
  [
    "posts its callback twice",
    { post: async (...post) => void (await Promise.all([postCallback(...post), postCallback(...post)])) },
    "upsales.7",
    "posts the late callback, alone and once",
  ],
  [
    "posts for every duplicate",
    { repeatsCallback: true },
    "upsales.8",
    "posts one late callback for a request that came twice",
  ],
  [
    "posts after an inline callback",
    { postsAfterInline: true },
    "upsales.8",
    "posts nothing after an inline callback",
  ],
  [
    "gives its callback again",
    { repeatsCallback: true },
    "any.7",
    "gives its one callback once, however often the request comes",
  ],
  [
    "posts the callback in an envelope",
    { post: (url, callback, bench) => postCallback(url, { callback }, bench) },
    "upsales.7",
    "posts the late callback, alone and once",
  ],
  [
    "posts as text",
    {
      post: (url, callback, { transport }) =>
        once(
          transport(url, {
            method: "POST",
            headers: { "content-type": "text/plain" },
            body: JSON.stringify(callback),
          }),
        ),
    },
    "upsales.7",
    "posts the late callback, alone and once",
  ],
  [
    "posts once and hopes",
    { post: (url, callback, { transport }) => once(transport(url, json(callback))) },
    "upsales.9",
    "posts again when the callback server is away",
  ],
  [
    "follows redirects",
    { post: (url, callback, { transport }) => once(transport(url, json(callback))) },
    "upsales.17",
    "does not follow a callback server that redirects",
  ],
  [
    "waits for a silent callback server",
    { post: (url, callback, { transport }) => once(transport(url, json(callback))) },
    "upsales.9",
    "does not wait for ever for a callback server that is silent",
  ],
  [
    "posts until it is told to stop",
    { post: relentless },
    "upsales.9",
    "stops posting when the callback was rejected",
  ],
  [
    "does not see that it was used",
    { post: relentless },
    "upsales.9",
    "stops posting when the callback had arrived after all",
  ],
  [
    "sends what is too large",
    { unfit: () => false },
    "upsales.10",
    "does not send a callback that is too large, inline or by post",
  ],
  [
    "posts what is too large",
    { unfit: () => false },
    "upsales.10",
    "does not post a callback that is too large",
  ],
  [
    "sends a field of the wrong type",
    { unfit: () => false },
    "upsales.11",
    "does not send a callback with a field of the wrong type",
  ],
  [
    "counts characters for bytes",
    { unfit: (callback) => JSON.stringify(callback).length >= 102_400 },
    "upsales.10",
    "does not send a callback that is too large, inline or by post",
  ],
  [
    "is too careful about size",
    { unfit: (callback) => JSON.stringify(callback).length >= 100_000 },
    "upsales.10",
    "sends a callback that is just small enough",
  ],
  [
    "always posts",
    { acknowledgeFirst: true },
    "upsales.5",
    "answers inline when the handler is done in time",
  ],
  [
    "drops what stands beside the callback",
    { reply: ({ status, body }) => ({ status, body: { callback: Object(body).callback } }) },
    "upsales.5",
    "answers inline when the handler is done in time",
  ],
  [
    "answers with a callback where none is possible",
    (_, { decode }) => ({ decode: (text, request) => withUrl(decode(text, request)) }),
    "upsales.4",
    "does not answer a status request with a callback",
  ],
  [
    "posts anywhere",
    (_, { decode }) => ({ decode: (text, request) => anywhere(text, decode(text, request)) }),
    "upsales.17",
    "never posts to a callbackUrl that is not Upsales'",
  ],
  [
    "deduplicates what a person looks at",
    { keyOf: ({ data }) => digest(data) },
    "upsales.16",
    "answers again and again what a person looks at",
  ],
  [
    "answers 403 for 401",
    statusWhen(401, 403),
    "upsales.2",
    "refuses an authenticationKey that is missing or wrong with 401",
  ],
  [
    "lets everybody in",
    decodeOr(401, []),
    "upsales.2",
    "refuses an authenticationKey that is missing or wrong with 401",
  ],
  [
    "reads 100 kB only",
    { bodyLimit: 100 * 1024 },
    "any.3",
    "takes the 100 kB of appData that Upsales sends back",
  ],
  [
    "keeps its widget to itself",
    { reply: ({ status }) => ({ status }) },
    "upsales.13",
    "shows the widget that its handler answers",
  ],
]);

const somewhere = "https://integration.upsales.com/callback/made-up";

function withUrl(events: readonly Event[] | number): readonly Event[] | number {
  return typeof events === "number"
    ? events
    : events.map((event) => ({ ...event, callbackUrl: event.callbackUrl ?? somewhere }));
}

function anywhere(text: string, events: readonly Event[] | number): readonly Event[] | number {
  return events === 400 && text.startsWith("{")
    ? [{ data: JSON.parse(text).data, callbackUrl: JSON.parse(text).callbackUrl }]
    : events;
}
