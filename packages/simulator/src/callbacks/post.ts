/** One post to the address of a delivery: what is sent, what goes wrong with it, and what the provider makes of it. */
import type { Clock } from "../lib/clock.ts";
import type { Conclusion } from "../protocols/conclusion.ts";
import type { CallbackReply, CallbackRequest } from "../protocols/protocol.ts";
import type { CallbackVerdict } from "./ledger.ts";

/** How a callback is posted: the arguments of `fetch`, as core's `transport` option has them. */
export type CallbackTransport = (url: string | URL, init?: TransportInit) => Promise<Response>;

/** What `fetch` takes, as far as it matters here. */
export interface TransportInit {
  /** Default `"GET"`, which most providers refuse. */
  readonly method?: string | undefined;
  /** What a provider looks at is its own affair: Upsales reads `Content-Type` alone. */
  readonly headers?: Readonly<Record<string, string>> | Headers | [string, string][] | undefined;
  /** The callback as it travels, most often JSON text. Default `""`. */
  readonly body?: string | undefined;
  /**
   * What a redirect does. Default `"follow"`; the conclusion then says where the callback would have gone.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
   */
  readonly redirect?: "follow" | "manual" | "error" | undefined;
  /** Aborts the post. */
  readonly signal?: AbortSignal | null | undefined;
}

/** What goes wrong with one request to a callbackUrl. */
export type CallbackFault =
  /** Answered with this status, unread. */
  | {
      readonly kind: "status";
      /** The HTTP status. */
      readonly status: number;
      /** The headers of the answer. Default: none. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Taken and concluded at once, answered `byMs` later. */
  | {
      readonly kind: "late";
      /** ms on the clock. */
      readonly byMs: number;
    }
  /** Taken and concluded, never answered. */
  | { readonly kind: "never" }
  /** Never arrives; the receiver sees a refused connection. */
  | { readonly kind: "drop request" }
  /** Taken and concluded; the receiver sees a lost connection. */
  | { readonly kind: "drop response" };

/** Which fault the `post`th request (from 1) to one callbackUrl meets; `undefined`: none. */
export type CallbackFaultPlan = (at: {
  readonly url: string;
  readonly post: number;
}) => CallbackFault | undefined;

/** Something that reached the address of a delivery, or was meant to. */
export interface CallbackUse {
  /** When the provider saw it: ms on the clock. */
  readonly at: number;
  /** The address; `""` for an inline callback of a request that had none. */
  readonly url: string;
  /** In the answer to the delivery, or by a request to the URL. */
  readonly how: "inline" | "posted";
  /** Of a post: the method, where it is not `"POST"`. */
  readonly method?: string;
  /** The callback as text; of an inline one, JSON text. */
  readonly body: string;
  /** `true`: it was sent before the delivery that brought the address was acknowledged. */
  readonly early?: true;
  /** What went wrong with the post. Default: nothing. */
  readonly fault?: CallbackFault;
  /** Was it accepted, refused or lost, and why? */
  readonly concluded: Conclusion;
}

/** A post on its way. */
export interface Post {
  /** What is sent, and where. */
  readonly request: CallbackRequest;
  /** How it is sent. */
  readonly init: TransportInit;
  /** Asks the provider, which takes it or refuses it. */
  readonly judge: (request: CallbackRequest) => CallbackVerdict | Promise<CallbackVerdict>;
  /** Records what became of the post. */
  readonly record: (use: Omit<CallbackUse, "at">) => CallbackUse;
  /** The clock that the faults are on. */
  readonly clock: Clock;
}

/** A post as the provider reads it. */
export function requestOf(url: string, init: TransportInit): CallbackRequest {
  const { method = "GET", headers = {}, body = "" } = init;
  return { how: "posted", url, method, headers: Object.fromEntries(new Headers(headers)), body };
}

/**
 * Answers a post as the fault has it, else as the provider does.
 *
 * @throws TypeError as `fetch` does, when the connection fails; the signal's reason, when it aborts.
 */
export async function answerPost(post: Post, fault: CallbackFault | undefined): Promise<Response> {
  const { request, init, judge, record, clock } = post;
  const { url, method, body } = request;
  const note = (concluded: Conclusion, early = false) =>
    record({
      url,
      how: "posted",
      ...(method === "POST" ? {} : { method }),
      body,
      concluded,
      ...(early ? { early } : {}),
      ...(fault ? { fault } : {}),
    });
  if (fault?.kind === "drop request") {
    note(lost("it never arrived"));
    throw new TypeError("fetch failed", { cause: coded("ECONNREFUSED") });
  }
  if (fault?.kind === "status") {
    note(lost(followed(fault, init) ?? `answered ${fault.status}`));
    return new Response(null, { status: fault.status, headers: fault.headers ?? {} });
  }
  const asked = judge(request);
  // a verdict that is there already is recorded at once
  const { reply, concluded, early } = asked instanceof Promise ? await asked : asked;
  note(concluded, early);
  if (fault?.kind === "drop response") throw new TypeError("fetch failed", { cause: coded("ECONNRESET") });
  if (fault) await silence(clock, fault.kind === "late" ? fault.byMs : undefined, init.signal);
  return responseOf(reply);
}

function responseOf({ status = 200, body, headers = {} }: CallbackReply): Response {
  if (status === 204 || status === 304) return new Response(null, { status, headers });
  if (typeof body === "string" && headers["content-type"] !== undefined)
    return new Response(body, { status, headers });
  return Response.json(body, { status, headers });
}

/**
 * Where a receiver that follows redirects would have gone with its callback.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
function followed(fault: CallbackFault & { kind: "status" }, init: TransportInit): string | undefined {
  const to = fault.headers?.["location"];
  if (to === undefined || init.redirect === "manual" || init.redirect === "error") return undefined;
  return `followed a redirect to ${to}`;
}

/** Resolves after `ms`, or never; rejects as `fetch` does when the signal aborts. */
function silence(
  clock: Clock,
  ms: number | undefined,
  signal: AbortSignal | null | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = ms === undefined ? () => {} : clock.after(ms, resolve);
    signal?.addEventListener("abort", () => {
      cancel();
      reject(signal.reason);
    });
  });
}

const lost = (why: string): Conclusion => ({ kind: "callback lost", says: `callback lost: ${why}` });
const coded = (code: string) => Object.assign(new Error(code), { code });
