/** A process of Bun's or Deno's with the four receivers on a port, which it prints; it ends with its standard input. */

import { respond } from "./runtime-receivers.ts";

/** What both runtimes have, as far as it is needed here. */
interface Serving {
  readonly port?: number;
  readonly addr?: { readonly port: number };
}
type Serve = (request: Request) => Promise<Response>;
declare const Bun: { serve(options: { port: number; fetch: Serve }): Serving } | undefined;
declare const Deno:
  { serve(options: { port: number; onListen(): void }, handle: Serve): Serving } | undefined;

const serve: Serve = (request) => respond(request);
const serving =
  typeof Bun === "undefined"
    ? Deno!.serve({ port: 0, onListen: () => {} }, serve)
    : Bun.serve({ port: 0, fetch: serve });
console.log(JSON.stringify({ port: serving.port ?? serving.addr!.port }));
for await (const _ of process.stdin);
process.exit(0);
