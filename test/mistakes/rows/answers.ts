/** What is wrong with an answer. */
import { later, memory, reply } from "@answerback/core";
import { explode, told, usual } from "../delivering.ts";
import { withFields } from "../../support/deliveries.ts";
import type { Chapter, Told } from "../mistake.ts";

const hello = { callback: { notify: "Hello!" } };

/** A backend that outlives the process. */
function durable() {
  return { ...memory(), durable: true };
}

/** The rows. */
export const answers: readonly Chapter<Told>[] = [
  {
    title: "A handler that fails, or answers what the provider does not read",
    rows: [
      told(
        "a handler that throws",
        { provides: "app-inbox", handle: explode },
        500,
        "run_failed",
        "app-inbox: message: the handler threw RangeError; **hand in onError to see it**",
      ),
      told(
        "a misspelt field of a callback",
        { provides: "upsales", handle: () => ({ callback: { notfy: "Hello!" } }) },
        500,
        "invalid_answer",
        'upsales: order.insert: callback: Unrecognized key: "notfy"',
      ),
      told(
        "`notifyUserIds` that is no list",
        { provides: "upsales", handle: () => ({ callback: { notify: "Hello!", notifyUserIds: 1 } }) },
        500,
        "invalid_answer",
        "upsales: order.insert: callback.notifyUserIds: Invalid input: expected array, received number",
      ),
      told(
        "`notify` beside the callback, and not in it",
        { provides: "upsales", handle: () => ({ notify: "Hello!" }) },
        200,
        "callback_misplaced",
        "upsales: order.insert: notify: Upsales reads this in a callback alone; **return { callback: { notify } }**",
      ),
      told(
        "a callback close to the limit",
        { provides: "upsales", handle: () => ({ callback: { message: "x".repeat(100_000) } }) },
        200,
        "callback_near_limit",
        "the callback is 100014 bytes as JSON: upsales may take no more than 100000, though 102400 are let through",
      ),
      told(
        "an Error that is returned",
        { provides: "upsales", handle: () => new Error("4242") },
        500,
        "invalid_answer",
        "upsales: order.insert: the handler returned an Error: **throw it**",
      ),
      told(
        "a Date that is returned",
        { provides: "upsales", handle: () => new Date(0) },
        500,
        "invalid_answer",
        "upsales: order.insert: the handler returned an instance of a class: **return a plain object**",
      ),
      told(
        "a Map that is returned",
        { provides: "upsales", handle: () => new Map() },
        500,
        "invalid_answer",
        "upsales: order.insert: the handler returned an instance of a class: **return a plain object**",
      ),
      told(
        "a callback of 102,400 bytes",
        { provides: "upsales", handle: () => ({ callback: { message: "x".repeat(102_400) } }) },
        500,
        "callback_too_large",
        "upsales: order.insert: the callback is 102414 bytes as JSON; **upsales takes less than 102400**",
      ),
      told(
        "a status that Upsales does not read",
        { provides: "upsales", handle: () => reply("", { status: 418 }) },
        500,
        "invalid_answer",
        "upsales: order.insert: upsales reads no status 418; **it reads 200, 401, 403, 400, 413, 415, 408, 503, 500, 429**",
      ),
      told(
        "`reply(body, 404)`",
        { provides: "app-inbox", handle: () => (reply as (...args: any[]) => any)("No", 404) },
        500,
        "run_failed",
        "app-inbox: message: the handler threw OptionError: reply: options: it is a number; **give an object, such as { status: … }; hand in onError to see it**",
      ),
      told(
        "`later()` without a `callbackUrl`",
        {
          provides: "upsales",
          sends: withFields(usual.upsales, { callbackUrl: undefined }),
          handle: () => later(),
        },
        500,
        "invalid_answer",
        "upsales: order.insert: later() was returned where no callback is possible",
      ),
      told(
        "a callback without a `callbackUrl`",
        {
          provides: "upsales",
          sends: withFields(usual.upsales, { callbackUrl: undefined }),
          handle: () => hello,
        },
        200,
        "callback_dropped",
        "upsales: order.insert: the callback was dropped: the request came without a callbackUrl",
      ),
      told(
        "a `callbackUrl` on a foreign host",
        {
          provides: "upsales",
          sends: withFields(usual.upsales, { callbackUrl: "https://callbacks.example.com/1" }),
          handle: () => hello,
        },
        200,
        "callback_url_refused",
        "upsales: order.insert: the address for the callback on callbacks.example.com is none of the hosts that may be posted to: upsales.com; **allow a host with callbackHosts, or callback.hosts in a provider of your own**",
      ),
      told(
        "an answer beside the callback, which comes too late",
        {
          provides: "upsales",
          handle: () => ({ ...hello, extra: true }),
          on: durable,
          options: { answerWithin: 0 },
          after: (house) => house.receiver.idle(),
        },
        200,
        "late_answer_dropped",
        "upsales: order.insert was answered late: extra had nowhere to go",
      ),
      told(
        "a notification for nobody",
        { provides: "upsales", sends: withFields(usual.upsales, { user: undefined }), handle: () => hello },
        200,
        "notify_without_recipient",
        "upsales: order.insert: notify reaches nobody: the run has no user, and the callback no notifyUserIds or notifyAll",
      ),
      told(
        "user data without a user",
        {
          provides: "upsales",
          sends: withFields(usual.upsales, { user: undefined }),
          handle: () => ({ callback: { userAppData: { a: 1 } } }),
        },
        200,
        "user_app_data_without_user",
        "upsales: order.insert: userAppData belongs to nobody: the run has no user",
      ),
      told(
        "a provider that does not send again, and a handler that is slow, in memory",
        {
          provides: "upsales",
          handle: () => undefined,
          options: { answerWithin: 0 },
          after: (house) => house.receiver.idle(),
        },
        200,
        "accepted_in_memory",
        "upsales: events are acknowledged that a restart would lose; **use a durable backend**",
      ),
      told(
        "a second answer to one event",
        {
          provides: "upsales",
          handle: () => later(),
          after: async ({ receiver, events }) => {
            await receiver.answer(events[0].key, hello);
            await receiver.answer(events[0].key, hello).catch(() => {});
          },
        },
        200,
        "wrong_state",
        "upsales: the event does not wait for an answer: its handler did not return later(), or it was answered",
      ),
    ],
  },
];
