/** `createInspector`: a page beside the receivers, mounted in Express, Koa or node:http. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pathUnder, splitTarget, type Leftovers } from "@answerback/node";
import { toAsked, write, type Arrived } from "./mounts.ts";
import { toSettings, type InspectorOptions } from "./options.ts";
import { answer } from "./server/answer.ts";
import { Watch } from "./server/watch.ts";

/** Of Koa's context what the inspector needs. */
export interface KoaContext {
  /** Node's own request. */
  readonly req: IncomingMessage;
  /** Node's own response, which the inspector writes by itself. */
  readonly res: ServerResponse;
  /** Below a mount of koa-mount. */
  readonly url: string;
  /** As it was sent. */
  readonly originalUrl: string;
  /** The app's request, where a body parser may have left its work. */
  readonly request: object;
  /** `false`: the inspector answers by itself. */
  respond?: boolean | undefined;
}

/** A page beside the receivers. Each function is complete in itself, so that it can be handed on. */
export interface Inspector {
  /** Answers what is below its mount: for `app.use("/inspect", inspector.handler)` of Express, and for node:http. */
  readonly handler: (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void;
  /** The same for Koa: `app.use(mount("/inspect", inspector.koa))`, or with the option `path`. */
  readonly koa: (ctx: KoaContext, next: () => Promise<unknown>) => Promise<void>;
  /** Ends what is live, and stops watching the receivers. */
  readonly close: () => void;
}

/**
 * Makes an inspector: what comes in, live; records by state and search; the story of one event; dead letters in groups by
 * error; counts over time; pauses. It only looks, unless `actions` is `true`, and shows no payload unless `payloads` is. It
 * never shows a credential or a callback address.
 *
 * @throws OptionError for a mistake in the options: `missing`, `invalid`, `unknown`; `taken` for two receivers of one name.
 * @example
 * const inspector = createInspector({
 *   receivers: [orders, contacts],
 *   authorize: ({ headers }) => isOperator(headers.cookie),
 *   actions: true,
 * });
 * app.use("/inspect", inspector.handler);
 */
export function createInspector(options: InspectorOptions): Inspector {
  const settings = toSettings(options);
  const watch = new Watch(settings);

  function pathOf(url: string): string | undefined {
    return pathUnder(settings.prefix, splitTarget(url).path);
  }

  async function respond(res: ServerResponse, arrived: Arrived): Promise<void> {
    write(res, await answer({ settings, watch }, toAsked(arrived)));
  }

  return {
    handler(req, res, next) {
      const { url = "/", originalUrl = url } = req as IncomingMessage & { originalUrl?: string };
      const left: Leftovers = req as IncomingMessage & Leftovers;
      const path = pathOf(url);
      if (path !== undefined) void respond(res, { req, path, originalUrl, left });
      else if (next) next();
      else res.writeHead(404).end();
    },
    async koa(ctx, next) {
      const { req, res, url, originalUrl, request: left } = ctx;
      const path = pathOf(url);
      if (path === undefined) return void (await next());
      ctx.respond = false;
      await respond(res, { req, path, originalUrl, left });
    },
    close: () => watch.close(),
  };
}
