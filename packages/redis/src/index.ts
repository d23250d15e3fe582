/** The public face of `@answerback/redis`, every name by hand. */

export { redis, type RedisOptions } from "./redis.ts";
export type { RedisClient } from "./client.ts";
