/** What Upsales takes at a callbackUrl: one callback, as JSON, under 100 kB, each field of its type. */
import { isObject, parsed, parsedObject } from "../lib/json.ts";
import type { Answered } from "./conclusion.ts";
import type { CallbackRequest, Opinion } from "./protocol.ts";
import { textOf } from "./protocol.ts";
import type { CallbackOptions } from "./terms.ts";

/**
 * The limit of the page, "less than 100kb": bytes of JSON text that are already too many.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.10 upsales.10}
 */
export const callbackBytes = 102_400;

/**
 * Upsales' terms: one use, "only as long as you didn't respond with a callback property to the request".
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.8 upsales.8}
 */
export const upsalesCallback: CallbackOptions = {
  urlOf({ body }) {
    const url = parsedObject(textOf(body))?.["callbackUrl"];
    return typeof url === "string" ? url : undefined;
  },
  limit: callbackBytes,
  inline,
  judge,
};

/**
 * "Respond with 200 OK and an app callback object as callback property in the json body."
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.5 upsales.5}
 */
function inline({ status, body }: Answered): unknown {
  return status === 200 ? parsedObject(body)?.["callback"] : undefined;
}

function judge({ how, headers, body }: CallbackRequest): Opinion {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (how === "posted" && type !== "application/json")
    return { status: 415, refused: `content type ${type || "missing"}` };
  const why = misshapen(parsed(body));
  return why === undefined ? undefined : { status: 400, refused: why };
}

/**
 * Every property is optional, and has its type.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.11 upsales.11}
 */
function misshapen(callback: unknown): string | undefined {
  if (!isObject(callback)) return "not a JSON object";
  if ("callback" in callback) return "a callback inside the callback: the object alone is posted";
  const wrong = Object.entries(shapes).find(([field, fits]) => field in callback && !fits(callback[field]));
  return wrong && `field ${wrong[0]} has the wrong type`;
}

const isString = (value: unknown) => typeof value === "string";

const shapes: Readonly<Record<string, (value: unknown) => boolean>> = {
  status: (value) => typeof value === "number",
  message: isString,
  appData: isObject,
  userAppData: isObject,
  notify: isString,
  notifyUserIds: Array.isArray,
  notifyAll: (value) => typeof value === "boolean",
};
