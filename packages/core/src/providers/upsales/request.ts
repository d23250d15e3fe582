/** What every request of Upsales carries beside its data. */
import { z } from "zod";
import { id, type Id } from "../../decoding/id.ts";

/**
 * The fields of a request that stand on the event under Upsales' own names. Fields that are not listed are there too.
 *
 * @see upsales.1
 */
export interface UpsalesRequest {
  readonly appId: Id;
  /** When it was sent. */
  readonly date: string;
  /** The account that has the app. */
  readonly customer: { readonly id: Id; readonly name: string };
  readonly config?: Fields;
  readonly version?: string | number | null | undefined;
  /** What earlier callbacks kept for the customer. */
  readonly appData?: Fields;
  readonly apiKey?: string | null | undefined;
  readonly apiPath?: string | null | undefined;
  /** Who started the run, if somebody did. */
  readonly user?: UpsalesUser | null | undefined;
  /** Of the user: `"sv-SE"`. */
  readonly language?: string | null | undefined;
  readonly userConfig?: Fields;
  /** What earlier callbacks kept for the user. */
  readonly userAppData?: Fields;
}

export interface UpsalesUser {
  readonly id: Id;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

type Fields = Readonly<Record<string, unknown>> | null | undefined;

/** A request whole: with its data, the address for a callback, and the credential. */
export interface UpsalesBody extends UpsalesRequest {
  readonly data?: unknown;
  readonly callbackUrl?: string | null | undefined;
  readonly authenticationKey?: unknown;
}

const fields = z.record(z.string(), z.unknown()).nullish();
const text = z.string().nullish();

export const bodySchema: z.ZodType<UpsalesBody> = z.looseObject({
  appId: id,
  date: z.string(),
  customer: z.looseObject({ id, name: z.string() }),
  config: fields,
  version: z.union([z.string(), z.number()]).nullish(),
  appData: fields,
  apiKey: text,
  apiPath: text,
  user: z.looseObject({ id, name: text, email: text }).nullish(),
  language: text,
  userConfig: fields,
  userAppData: fields,
  data: z.unknown().optional(),
  callbackUrl: z.string().min(1).nullish(),
});
