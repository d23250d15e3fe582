/** Upsales' app callback object: what it may hold, and what is probably not meant. */
import { z } from "zod";
import { id, type Id } from "../../decoding/id.ts";
import { isPlain } from "../../decoding/json.ts";
import type { Warning } from "../../provider.ts";

/**
 * An app callback. Everything in it is optional, `{}` is legal, and nothing is filled in.
 *
 * @see upsales.11
 */
export interface Callback {
  /** Of the request's log entry. Upsales takes 1 if there is none. */
  readonly status?: number | undefined;
  /** For the request's log entry. */
  readonly message?: string | undefined;
  /** Kept for this customer, and sent with future requests. */
  readonly appData?: Readonly<Record<string, unknown>> | undefined;
  /** Like `appData`, for the user; only if the app is user-configurable. */
  readonly userAppData?: Readonly<Record<string, unknown>> | undefined;
  /** Text of a notification, for the user who started the run unless `notifyUserIds` or `notifyAll` say otherwise. */
  readonly notify?: string | undefined;
  readonly notifyUserIds?: readonly Id[] | undefined;
  /** Notify every user of the account. */
  readonly notifyAll?: boolean | undefined;
}

/** A promise that nobody awaited looks like an empty callback, and would spend the one use. */
const plainObject = z.custom<object>(isPlain, "must be a plain object");

/** Strict: a misspelt field would be lost without a word. */
export const callbackSchema: z.ZodType<Callback> = plainObject.pipe(
  z.strictObject({
    status: z.number().optional(),
    message: z.string().optional(),
    appData: z.record(z.string(), z.unknown()).optional(),
    userAppData: z.record(z.string(), z.unknown()).optional(),
    notify: z.string().optional(),
    notifyUserIds: z.array(id).readonly().optional(),
    notifyAll: z.boolean().optional(),
  }),
);

/** What is probably not meant in a callback for a run with or without a user. @see upsales.12 */
export function warningsFor(callback: Callback, user: unknown): readonly Warning[] {
  if (user) return [];
  const warnings: Warning[] = [];
  if (callback.notify !== undefined && !callback.notifyAll && !callback.notifyUserIds?.length) {
    const message =
      "notify reaches nobody: the run has no user, and the callback no notifyUserIds or notifyAll";
    warnings.push({ code: "notify_without_recipient", message });
  }
  if (callback.userAppData !== undefined) {
    warnings.push({
      code: "user_app_data_without_user",
      message: "userAppData belongs to nobody: the run has no user",
    });
  }
  return warnings;
}
