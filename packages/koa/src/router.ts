/** Where a middleware stands in @koa/router, told from what the router leaves on the context. */

import type { Context } from "koa";

/** A route of @koa/router, whose expression matches all of a path, or a `router.use`, whose matches a beginning. */
interface Layer {
  readonly regexp: RegExp;
  readonly stack: readonly unknown[];
}

/** `path` below the route or `router.use` that runs `middleware`; all of `path` when no router does. */
export function pathBelowRouter(ctx: Context, middleware: unknown, path: string): string {
  const matched: readonly Layer[] | undefined = ctx["matched"];
  const layer = matched?.findLast(({ stack }) => stack.includes(middleware));
  if (!layer) return path;
  const consumed = layer.regexp.exec(path)?.[0].replace(/\/$/, "") ?? "";
  return path.slice(consumed.length) || "/";
}
