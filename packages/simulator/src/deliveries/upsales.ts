/** Upsales' deliveries: app requests by their path, with or without a `callbackUrl`. */
import { optional, readOptions, text } from "@answerback/core/provider";
import { idOf } from "../lib/json.ts";
import { seeded } from "../lib/random.ts";
import type { Random } from "../lib/random.ts";
import type { RawDelivery } from "../protocols/protocol.ts";
import type { BuildOptions, Fields } from "./delivery.ts";
import { buildOptions, fields, jsonDelivery, pathUnder } from "./delivery.ts";

/**
 * What makes a request.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.1 upsales.1}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.2 upsales.2}
 */
export interface UpsalesOptions extends BuildOptions {
  /** The app's key, in the body. Default `"a-key-of-the-app"`. */
  readonly authenticationKey?: string;
  /**
   * Any field of the body: `{ user: undefined }` is a run that no user began, `{ callbackUrl: undefined }` has no
   * callback. Default: random ones.
   */
  readonly body?: Fields;
  /** Any field of the body's `data`; of an entity's request, of `data.object`. Default: random ones. */
  readonly data?: Fields;
}

/**
 * Makes a request to one path.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.3 upsales.3}
 */
export type UpsalesBuilder = (options?: UpsalesOptions) => RawDelivery;

type Entity = "client" | "contact" | "order" | "agreement" | "activity" | "appointment";

/** The builders of Upsales, by the request's path: `/orderinsert/:id` is `orderInsert`. */
export type UpsalesDeliveries = Readonly<
  Record<
    | `${Entity}${"Insert" | "Update" | "Delete"}`
    | "orderEdit"
    | "agreementEdit"
    | "external"
    | "iframe"
    | "status"
    | "widgetNotification",
    UpsalesBuilder
  >
> & {
  /** A request to `/testField/:field`. */
  readonly testField: (field: string, options?: UpsalesOptions) => RawDelivery;
  /** A request to `/fieldValues/:field`. */
  readonly fieldValues: (field: string, options?: UpsalesOptions) => RawDelivery;
  /** A request to `/widget/:name`; with `"name/arg"`, to `/widget/:name/:arg`. */
  readonly widget: (name: string, options?: UpsalesOptions) => RawDelivery;
  /** A request to `/widgetRow/:name/:arg`, by `"name/arg"`. */
  readonly widgetRow: (name: string, options?: UpsalesOptions) => RawDelivery;
  /** A request to any other path, with a `callbackUrl`. */
  readonly other: (path: string, options?: UpsalesOptions) => RawDelivery;
};

/**
 * The builders of Upsales.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.3 upsales.3}
 */
export const upsales: UpsalesDeliveries = {
  clientInsert: ofEntity("client", "insert"),
  clientUpdate: ofEntity("client", "update"),
  clientDelete: ofEntity("client", "delete"),
  contactInsert: ofEntity("contact", "insert"),
  contactUpdate: ofEntity("contact", "update"),
  contactDelete: ofEntity("contact", "delete"),
  orderInsert: ofEntity("order", "insert"),
  orderUpdate: ofEntity("order", "update"),
  orderDelete: ofEntity("order", "delete"),
  agreementInsert: ofEntity("agreement", "insert"),
  agreementUpdate: ofEntity("agreement", "update"),
  agreementDelete: ofEntity("agreement", "delete"),
  activityInsert: ofEntity("activity", "insert"),
  activityUpdate: ofEntity("activity", "update"),
  activityDelete: ofEntity("activity", "delete"),
  appointmentInsert: ofEntity("appointment", "insert"),
  appointmentUpdate: ofEntity("appointment", "update"),
  appointmentDelete: ofEntity("appointment", "delete"),
  orderEdit: (options) => edit("order", options),
  agreementEdit: (options) => edit("agreement", options),
  external: (options) =>
    other("external", "/external", { ...options, data: { companyIds: [1, 2], ...options?.data } }),
  iframe: (options) => withoutCallback("iframe", "/iframe", options),
  status: (options = {}) =>
    // nothing but the credential and the customer; "almost all requests, except for status requests"
    withoutCallback("status", "/status", { ...options, body: { ...bare, ...options.body } }),
  widgetNotification: (options = {}) =>
    withoutCallback("notification", "/widget/notification", {
      ...options,
      data: { ...logEntry, ...options.data },
    }),
  testField: (field, options) =>
    withoutCallback("testField", `/testField/${encodeURIComponent(field)}`, options),
  fieldValues: (field, options) =>
    withoutCallback("fieldValues", `/fieldValues/${encodeURIComponent(field)}`, options),
  widget: (name, options) => withoutCallback("widget", `/widget/${name}`, options),
  widgetRow: (name, options) => withoutCallback("widgetRow", `/widgetRow/${name}`, options),
  other: (path, options) => other(path.slice(1).replaceAll("/", "."), path, options),
};

function ofEntity(entity: string, verb: string): UpsalesBuilder {
  return (options = {}) => {
    const random = seeded(options.seed ?? 1);
    const object = { ...objectOf(entity, random), ...options.data };
    const body = bodyOf({ object }, options, random);
    const path = `/${entity}${verb}/${idOf(object)}`;
    return build(`${entity}.${verb}`, path, { ...options, body });
  };
}

function edit(entity: string, options: UpsalesOptions = {}): RawDelivery {
  const random = seeded(options.seed ?? 1);
  const data = {
    object: { ...objectOf(entity, random), ...options.data },
    current: { field: "probability", value: 80 },
  };
  const body = bodyOf(data, { ...options, body: { callbackUrl: undefined, ...options.body } }, random);
  return build(`${entity}.edit`, `/${entity}edit`, { ...options, body });
}

function other(event: string, path: string, options: UpsalesOptions = {}): RawDelivery {
  const random = seeded(options.seed ?? 1);
  return build(event, path, { ...options, body: bodyOf(options.data, options, random) });
}

function withoutCallback(event: string, path: string, options: UpsalesOptions = {}): RawDelivery {
  return other(event, path, { ...options, body: { callbackUrl: undefined, ...options.body } });
}

function build(
  event: string,
  path: string,
  options: UpsalesOptions & { readonly body: Fields },
): RawDelivery {
  readOptions<UpsalesOptions, typeof known>("deliveries.upsales", options, known);
  const id = idOf(options.body["data"]);
  const head = { provider: "upsales", event, id, path: pathUnder(options.mount, path) } as const;
  return jsonDelivery(head, { ...options, value: options.body });
}

const known = {
  ...buildOptions,
  authenticationKey: optional(text),
  body: optional(fields),
  data: optional(fields),
};

function bodyOf(data: Fields | undefined, options: UpsalesOptions, random: Random): Fields {
  const { first, last } = random.name();
  return {
    appId: random.int(100, 999),
    date: new Date(random.instant()).toISOString(),
    authenticationKey: options.authenticationKey ?? "a-key-of-the-app",
    customer: { id: random.int(10_000, 99_999), name: random.company() },
    config: { mode: "live" },
    version: "1.0.0",
    appData: { externalId: random.hex(6) },
    apiKey: random.hex(32),
    apiPath: "https://power.upsales.com/api/",
    user: { id: random.int(1, 99), name: `${first} ${last}`, email: "user@upsales.se" },
    language: random.pick(["sv-SE", "en-US", "nb-NO"]),
    userConfig: { calendar: "work" },
    userAppData: { externalId: random.hex(6) },
    data,
    callbackUrl: `https://integration.upsales.com/callback/${random.uuid()}`,
    ...options.body,
  };
}

function objectOf(entity: string, random: Random): Fields {
  const id = random.int(1, 99_999);
  if (entity === "client") return { id, name: random.company(), active: 1, phone: "+46 8 123" };
  if (entity === "contact") return { id, ...random.name(), email: "lue@example.com", active: 1 };
  const client = { id: random.int(1, 9_999), name: random.company() };
  return { id, description: random.sentence(), probability: 100, currency: "SEK", client, orderRow: [] };
}

const bare = Object.fromEntries(
  ["version", "appData", "apiKey", "apiPath", "user", "language", "userConfig", "userAppData", "data"].map(
    (field) => [field, undefined],
  ),
);

/**
 * What `data` of a notification's request holds.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.13 upsales.13}
 */
const logEntry = {
  id: 99,
  integrationId: 123,
  userId: 1,
  status: 1,
  message: "A message for the log",
  startDate: "2026-01-01T07:07:19.000Z",
  callbackDate: "2026-01-01T07:09:00.000Z",
};
