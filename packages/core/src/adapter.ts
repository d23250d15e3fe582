/** The public face of `@answerback/core/adapter`, for whoever mounts receivers on a framework. Every name by hand. */

export type { Body, Delivery, DeliveryReceiver, Reply, Sent } from "./contract/delivery.ts";
export { emitWarning, type Warning } from "./contract/warning.ts";
export { ask, failed } from "./mounting/ask.ts";
export { aPrefix, aReceiver, toPrefix, type MountOptions } from "./mounting/mount.ts";
export { pathUnder, splitTarget } from "./mounting/target.ts";
