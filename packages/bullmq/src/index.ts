/** The public face of `@answerback/bullmq`, every name by hand. */

export { bullmq, type BullmqOptions, type ConnectionOptions } from "./bullmq.ts";
