/** The public face of `@answerback/fastify`, every name by hand. */

export { createFastifyPlugin } from "./plugin.ts";
export type { FastifyMountOptions, FastifyPlugin } from "./plugin.ts";
