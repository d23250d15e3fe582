/** What a server is made of: each kind of them has a file in `apps/`, so that no process loads what it does not serve. */
import type { RequestListener } from "node:http";
import type { Format } from "../work/deliveries.ts";

/** Makes a server for deliveries of one format. */
export type App = (format: Format) => RequestListener | Served | Promise<RequestListener | Served>;

/** A server that has something to do beside answering. */
export interface Served {
  readonly listener: RequestListener;
  /** Resolves when all is done that the requests so far have left to do. */
  idle(): Promise<void>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

/** A file of `apps/`, which exports its servers by name as `apps`. */
export type AppKind = "unsigned" | "signed" | "durable";
