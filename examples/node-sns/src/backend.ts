/** Where records live: in the Redis of this machine, or in the one that REDIS_URL names. */
import { redis } from "@answerback/redis";

export const backend = redis(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379");
