/** What a handler may be told. */

import { aPrefix } from "@answerback/core/adapter";
import { aFunction, optional, withDefault, type Kind } from "@answerback/core/provider";
import type { WaitUntil } from "./host.ts";

/** What `createFetchHandler` takes beside the receiver. */
export interface FetchHandlerOptions {
  /** The prefix it answers under: `"/hooks/x"` has `/hooks/x` and `/hooks/x/…`. Default: everything. */
  readonly path?: string | undefined;
  /** Did the request arrive over TLS? Default: whether its URL says https. Must not throw. */
  readonly secure?: ((request: Request) => boolean) | undefined;
  /** Has the host wait for what goes on behind a reply: `after` of Next.js. Default: nobody waits. */
  readonly waitUntil?: WaitUntil | undefined;
}

/** Each option's kind, and its default. */
export const known: {
  readonly path: Kind<string>;
  readonly secure: Kind<(request: Request) => boolean>;
  readonly waitUntil: Kind<WaitUntil | undefined>;
} = {
  path: aPrefix,
  secure: withDefault(aFunction, overTls),
  waitUntil: optional(aFunction),
};

function overTls({ url }: Request): boolean {
  return url.startsWith("https:");
}
