/** The fields that every request of Upsales carries beside its data. */
import { z } from "../../decoding/zod.ts";
import { id, type Id } from "../../decoding/id.ts";
import { userId, type UserId } from "./callback.ts";
import { ifObject } from "../../decoding/schema.ts";

/**
 * The fields of a request that a handler finds on its event, under Upsales' own names. Fields that are not listed are
 * there too.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.1 upsales.1}
 */
export interface UpsalesRequest {
  /** The id of your app. */
  readonly appId: Id;
  /** When the request was sent: `"2024-04-12T07:07:19.000Z"`. */
  readonly date: string;
  /** The account that has the app. */
  readonly customer: { readonly id: Id; readonly name: string };
  /** The configuration: `{ mode: "live" }`. */
  readonly config?: Fields;
  /** The version: `"1.0.0"`. */
  readonly version?: string | number | null | undefined;
  /** The app data that earlier callbacks saved for the customer. */
  readonly appData?: Fields;
  /** The key for the API at `apiPath`. */
  readonly apiKey?: string | null | undefined;
  /** The address of Upsales' API: `"https://power.upsales.com/api/"`. */
  readonly apiPath?: string | null | undefined;
  /** The user who initiated the run; absent where no user did. */
  readonly user?: UpsalesUser | null | undefined;
  /** The user's language: `"sv-SE"`. */
  readonly language?: string | null | undefined;
  /** The user's own configuration: `{ calendar: "work" }`. */
  readonly userConfig?: Fields;
  /** The app data that earlier callbacks saved for the user. */
  readonly userAppData?: Fields;
}

/** A user of the customer's account. */
export interface UpsalesUser {
  /** The user's Upsales id, as `notifyUserIds` takes it. */
  readonly id: UserId;
  /** The user's name. */
  readonly name?: string | null | undefined;
  /** The user's email address. */
  readonly email?: string | null | undefined;
}

type Fields = Readonly<Record<string, unknown>> | null | undefined;

/** The whole body of a request: with its data, its callback address, and the credential. */
export interface UpsalesBody extends UpsalesRequest {
  /** What the request is about; its event type says what it holds. */
  readonly data?: unknown;
  /** The address to which one callback can be posted; absent where none is possible. */
  readonly callbackUrl?: string | null | undefined;
  /** The credential. */
  readonly authenticationKey?: unknown;
}

/** What is sure of a request: its ids, and its address. */
export const sureOfBody: z.ZodType = z.looseObject({
  appId: id,
  customer: z.looseObject({ id }),
  user: ifObject({ id }),
  callbackUrl: z.string().min(1).nullish(),
});

const fields = z.record(z.string(), z.unknown()).nullish();
const text = z.string().nullish();

/** The documented schema of a request's body. */
export const bodySchema: z.ZodType<UpsalesBody> = z.looseObject({
  appId: id,
  date: z.string(),
  customer: z.looseObject({ id, name: z.string() }),
  config: fields,
  version: z.union([z.string(), z.number()], "expected string or number").nullish(),
  appData: fields,
  apiKey: text,
  apiPath: text,
  user: z.looseObject({ id: userId, name: text, email: text }).nullish(),
  language: text,
  userConfig: fields,
  userAppData: fields,
  data: z.unknown().optional(),
  callbackUrl: z.string().min(1).nullish(),
});
