/** What the scenarios of a sender know of it, and how they send one delivery alone. */
import type { AnyDelivery, RawDelivery } from "../../protocols/protocol.ts";
import type { Sender } from "../../senders/simulate.ts";
import type { Stage } from "../scenario.ts";

/** What the scenarios of a sender have to know of it. */
export interface SenderTraits {
  /** The sender. */
  readonly sender: Sender;
  /** Makes the `n`th delivery of the scenario, one that a right receiver handles. Default: the first. */
  readonly make: (stage: Stage, n?: number) => RawDelivery;
}

/** The delivery, sent once whatever comes of it. */
export function once<Delivery extends AnyDelivery>(delivery: Delivery): Delivery {
  const { protocol } = delivery;
  if (!protocol) return delivery;
  const conclude: typeof protocol.conclude = (seen, progress) => {
    const concluded = protocol.conclude(seen, progress);
    return concluded.kind === "will retry" ? { kind: "gave up", says: "sent once, by the judge" } : concluded;
  };
  return { ...delivery, protocol: { ...protocol, conclude } };
}
