/** Requests and replies as plain data: what the inspector decides knows no framework. */
import type { Readable } from "node:stream";
import type { Body } from "@answerback/core";
import type { Settings } from "../options.ts";
import type { Watch } from "./watch.ts";

/** A request, as a mount hands it on. */
export interface Asked {
  readonly method: string;
  /** Below the mount: `"/api/records"`. */
  readonly path: string;
  /** As it was sent, with what the mount took off: `"/inspect/api/records"`. */
  readonly wholePath: string;
  /** Without its question mark. */
  readonly query: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly remoteAddress: string | undefined;
  /** Reads the body, or takes it from a parser that was there before. Never rejects. */
  readonly body: (limits: { readonly limit: number; readonly withinMs: number }) => Promise<Body>;
}

/** What a request is answered from. */
export interface Inside {
  readonly settings: Settings;
  readonly watch: Watch;
}

/** A reply. A stream is one that goes on: the feed, or the progress of long work. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}

/** Plain data as a reply. */
export function json(status: number, data: unknown, headers: Reply["headers"] = {}): Reply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(data) };
}

/** What is not done, and why. */
export function refusal(status: number, message: string, headers?: Reply["headers"]): Reply {
  return json(status, { code: "refused", message }, headers);
}
