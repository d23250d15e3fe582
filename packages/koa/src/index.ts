/** The public face of `@answerback/koa`, every name by hand. */

export { createKoaMiddleware } from "./middleware.ts";
export type { KoaMiddlewareOptions } from "./middleware.ts";
