/** A receiver of ours before the judge of a sender. */
import { createReceiver, type Receiver, type ReceiverOptions } from "@answerback/core";
import type { Bench, BuiltSubject } from "@answerback/simulator";
import type { Framework } from "../support/frameworks.ts";

/** How a provider of ours goes with a sender. */
export interface Judged {
  /** What the sender calls the event. */
  readonly idOf: (event: any) => string;
  /** What is answered where the judge's handler has no answer, and the provider needs one. */
  readonly otherwise?: unknown;
  readonly options?: Partial<ReceiverOptions>;
}

/** A receiver with the in-memory backend, around the judge's handler and on the judge's clock. */
export function subject(
  { mount }: Framework,
  make: () => any,
  { idOf, otherwise, options }: Judged,
): BuiltSubject {
  let receiver: Receiver;
  return {
    build({ handle, clock, transport }: Bench) {
      receiver = createReceiver(make(), {
        clock,
        transport,
        handle: async (event: any) => (await handle(idOf(event))) ?? otherwise,
        warn: () => {},
        onError: () => {},
        ...options,
      } as any);
      return mount(receiver, { at: "/hooks" });
    },
    close: () => receiver.close({ within: 0 }),
  };
}
