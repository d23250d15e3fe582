/** Signatures for a receiver in another process: it has the true time, though the provider's clock jumps from attempt to attempt. */
import type { AnyDelivery, Clock, Protocol } from "@answerback/simulator";

/** A protocol whose signatures tell the true time; one of next week the receiver would find too new. */
export function inTrueTime(protocol: Protocol, clock: Clock): Protocol {
  const { sign } = protocol;
  if (!sign) return protocol;
  return {
    ...protocol,
    sign: (delivery, { at, url }) => sign(delivery, { at: at - (clock.now() - Date.now()), url }),
  };
}

/** The same delivery, signed so at each attempt. */
export function signedNow<Delivery extends AnyDelivery>(delivery: Delivery, clock: Clock): Delivery {
  const { protocol } = delivery;
  return protocol ? { ...delivery, protocol: inTrueTime(protocol, clock) } : delivery;
}
