/** The public face of `@answerback/fetch`, every name by hand. */

export { createFetchHandler } from "./handler.ts";
export type { FetchHandler } from "./handler.ts";
export type { FetchHost, WaitUntil } from "./host.ts";
export type { FetchHandlerOptions } from "./options.ts";
export type { FetchRequest, RememberedRequest } from "./request.ts";
