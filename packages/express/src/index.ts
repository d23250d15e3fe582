/** The public face of `@answerback/express`, every name by hand. */

export { createExpressMiddleware } from "./middleware.ts";
export type { ExpressMiddlewareOptions } from "./middleware.ts";
