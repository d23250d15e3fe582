/** Upsales runs, each with a callback address of its own, and the receiver of them. */
import {
  bodySecret,
  createReceiver,
  upsales,
  type Backend,
  type Delivery,
  type Receiver,
} from "@answerback/core";

/** A receiver that answers each run with a callback. */
export function runsReceiver(options: {
  readonly backend: Backend;
  readonly background?: boolean;
  readonly transport?: () => Promise<Response>;
}): Receiver {
  return createReceiver(upsales(), {
    authenticate: bodySecret("authenticationKey", "a-key-of-the-app"),
    handle: () => ({ callback: { notify: "done" } }),
    warn: () => {},
    ...options,
  });
}

/** The delivery of a run. */
export function runOf(number: number): Delivery {
  const run = {
    ...{ appId: 123, date: new Date().toISOString(), authenticationKey: "a-key-of-the-app" },
    ...{ customer: { id: 10_488, name: "Acme AB" }, data: { number } },
    callbackUrl: `https://integration.upsales.com/callback/${number}`,
  };
  const bytes = Buffer.from(JSON.stringify(run));
  return {
    ...{ method: "POST", path: "/external", query: "", secure: true },
    headers: { "content-type": ["application/json"] },
    body: async () => ({ kind: "bytes", bytes }),
  };
}
