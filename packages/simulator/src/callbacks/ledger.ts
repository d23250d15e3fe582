/** What Upsales knows of its callbackUrls: which are open, which are used, and why a callback is refused. No I/O. */
import { Buffer } from "node:buffer";
import { isObject, parsed } from "../lib/json.ts";
import type { Conclusion } from "../protocols/conclusion.ts";

/**
 * The limit of the page, "less than 100kb": bytes of JSON text that are already too many.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.10 upsales.10}
 */
export const callbackBytes = 102_400;

/** A request to a callbackUrl. */
export interface CallbackRequest {
  /** In upper case. */
  readonly method: string;
  /** The value of the `Content-Type` header; `""` when there is none. */
  readonly contentType: string;
  /** The body as text. */
  readonly body: string;
}

/** What Upsales answers to a request to a callbackUrl, and what it concluded. */
export interface CallbackVerdict {
  /** The HTTP status. */
  readonly status: number;
  /** Was the callback accepted, and if not, why? */
  readonly concluded: Conclusion;
}

/** What Upsales knows of its callbackUrls. */
export interface CallbackLedger {
  /** A delivery with this URL was sent. Sent again, it is the same URL. */
  open(url: string): void;
  /**
   * A 200 with a `callback` arrived in time.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.5 upsales.5}
   */
  inline(url: string | undefined, callback: unknown): Conclusion;
  /**
   * Something was sent to the URL.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.7 upsales.7}
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.8 upsales.8}
   */
  request(url: string, request: CallbackRequest): CallbackVerdict;
  /** Was a delivery with this URL sent? */
  knows(url: string): boolean;
  /** What was accepted for the URL, parsed; `undefined`: nothing yet. */
  accepted(url: string): unknown;
}

type How = "answered inline" | "already used";

/** An empty ledger. */
export function callbackLedger(): CallbackLedger {
  const open = new Set<string>();
  const used = new Map<string, { how: How; callback: unknown }>();
  const use = (url: string, how: How, callback: unknown) => {
    used.set(url, { how, callback });
    return accepted;
  };
  return {
    open: (url) => void open.add(url),
    knows: (url) => open.has(url),
    accepted: (url) => used.get(url)?.callback,
    inline(url, callback) {
      if (url === undefined) return refused("the request had no callbackUrl");
      const spent = used.get(url);
      const why = spent ? spent.how : (tooLarge(JSON.stringify(callback)) ?? misshapen(callback));
      return why ? refused(why) : use(url, "answered inline", callback);
    },
    request(url, request) {
      if (!open.has(url)) return { status: 404, concluded: refused("unknown callbackUrl") };
      const malformed = malformedRequest(request);
      if (malformed) return malformed;
      const spent = used.get(url);
      // "only available once, and only as long as you didn't respond with a callback property to the request"
      if (spent) return { status: 410, concluded: refused(spent.how) };
      return { status: 200, concluded: use(url, "already used", JSON.parse(request.body)) };
    },
  };
}

function malformedRequest({ method, contentType, body }: CallbackRequest): CallbackVerdict | undefined {
  if (method !== "POST") return { status: 405, concluded: refused(`${method}, must be POST`) };
  const type = contentType.split(";", 1)[0]!.trim().toLowerCase();
  if (type !== "application/json")
    return { status: 415, concluded: refused(`content type ${type || "missing"}`) };
  const large = tooLarge(body);
  if (large) return { status: 413, concluded: refused(large) };
  const why = misshapen(parsed(body));
  return why ? { status: 400, concluded: refused(why) } : undefined;
}

function tooLarge(json: string): string | undefined {
  const bytes = Buffer.byteLength(json);
  return bytes < callbackBytes ? undefined : `${bytes} bytes, must be less than ${callbackBytes}`;
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

const accepted: Conclusion = { kind: "callback accepted", says: "callback accepted" };
const refused = (why: string): Conclusion => ({ kind: "callback refused", says: `callback refused: ${why}` });
