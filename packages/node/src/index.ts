/** The public face of `@answerback/node`, every name by hand; what an adapter for another framework is built from. */

export { createNodeHandler } from "./handler.ts";
export type { NodeHandler, NodeHandlerOptions } from "./handler.ts";
export type { Head } from "./delivery.ts";
export { readBody } from "./read-body.ts";
export type { Leftovers, Limits } from "./read-body.ts";
export { receive } from "./receive.ts";
export { followResponse } from "./follow-response.ts";
export { writeReply } from "./write-reply.ts";
export { pathUnder, splitTarget, toPrefix, type MountOptions } from "@answerback/core/adapter";
export { createGuardedFetch, guardedFetch, type GuardedFetchOptions } from "./guarded-fetch.ts";
export { GuardedFetchError, type GuardedFetchErrorCode } from "./guarded-fetch/errors.ts";
export type { Lookup } from "./guarded-fetch/resolve.ts";
