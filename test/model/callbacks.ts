/** The provider's end: callback addresses that work once, and what it saw. */
import type { Transport } from "@answerback/core";
import type { PostFate } from "./plan.ts";

/** What is known of one address. */
export interface Address {
  /** How its one use came. */
  used?: "inline" | "post";
  /** It refused a use for no reason. */
  spoiled?: boolean;
  /** Posts that reached it. */
  posts: number;
  /** Replies with a callback in them, whether they arrived or not. */
  inline: number;
  /** The adapter said that it was sent fully. */
  told?: boolean;
}

type Init = Parameters<Transport>[1];

/** The addresses of a run, by URL. */
export class Callbacks {
  readonly #addresses = new Map<string, Address>();
  readonly #violated: (what: string) => void;

  constructor(violated: (what: string) => void) {
    this.#violated = violated;
  }

  at(url: string): Address {
    const known = this.#addresses.get(url) ?? { posts: 0, inline: 0 };
    this.#addresses.set(url, known);
    return known;
  }

  /** A response with a callback in it arrived. */
  inline(url: string): void {
    const address = this.at(url);
    if (address.used) this.#violated(`a callback arrived inline after another ${address.used}`);
    address.used = "inline";
  }

  /** A post arrived. */
  post(url: string, fate: PostFate): Response {
    const address = this.at(url);
    address.posts += 1;
    if (address.used) return new Response(null, { status: 410 });
    if (fate === "fails") return new Response(null, { status: 502 });
    if (fate === "busy") return new Response(null, { status: 429, headers: { "retry-after": "7" } });
    if (fate === "rejects") {
      address.spoiled = true;
      return new Response(null, { status: 403 });
    }
    address.used = "post";
    return new Response(null, { status: fate === "takes and fails" ? 500 : 200 });
  }
}

/** Rejects as `fetch` does when its signal aborts. */
export function aborted({ signal }: Pick<Init, "signal">): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
  });
}

/** What `fetch` throws for a connection that never was, or that broke. */
export function broken(code: "ECONNREFUSED" | "ECONNRESET"): Error {
  return new TypeError("fetch failed", { cause: { code } });
}
