/** The receiver as a provider of Nest: its handlers use the app's services, and it is closed with the app. */
import { bodySecret, createReceiver, upsales } from "@answerback/core";
import type { ReceiverOptions } from "@answerback/core";
import type { BeforeApplicationShutdown } from "@nestjs/common";
import type { Orders } from "./orders.ts";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<
  ReceiverOptions,
  "answerWithin" | "backend" | "observe" | "onError" | "transport"
> {
  /** The app's authentication key, which Upsales sends with every request. */
  readonly key: string | undefined;
}

export class Upsales implements BeforeApplicationShutdown {
  readonly receiver: ReturnType<typeof createUpsales>;

  constructor(orders: Orders, settings: Settings) {
    this.receiver = createUpsales(orders, settings);
  }

  /** What runs may end, what arrives meanwhile is told to come again; then Nest gives the port back. */
  beforeApplicationShutdown(): Promise<unknown> {
    return this.receiver.close({ within: "10s" });
  }
}

function createUpsales(orders: Orders, { key, ...options }: Settings) {
  return createReceiver(upsales(), {
    ...options,
    authenticate: bodySecret("authenticationKey", key),
    handle: {
      // somebody saved an order: quick, so the callback travels in the response
      "order.insert": ({ params, customer }) => {
        orders.see(params.id, customer.name ?? "somebody");
        return { callback: { message: `Order ${params.id} is one of ${orders.count()} today` } };
      },
    },
  });
}
