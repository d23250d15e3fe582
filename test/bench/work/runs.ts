/** Upsales runs, each with a callback address of its own, and the receiver of them. */
import {
  bodySecret,
  createReceiver,
  upsales,
  type Delivery,
  type Receiver,
  type ReceiverOptions,
} from "@answerback/core";
import { type Backend } from "@answerback/core/backend";

/** What a receiver of runs may have. */
export interface RunsOptions extends Partial<
  Pick<ReceiverOptions, "name" | "answerWithin" | "background" | "transport">
> {
  readonly backend: Backend<any>;
  /** Gets the number of the run. Default: it answers with a callback. */
  readonly handle?: (number: number) => unknown;
  /** Runs, and posts, at a time. Default: as many as a receiver has unless it is told otherwise. */
  readonly concurrency?: { readonly runs: number; readonly posts: number };
}

/** What a handler returns that wants a callback. */
export const withCallback = { callback: { notify: "done" } };

/** A receiver of runs. */
export function runsReceiver({ handle = () => withCallback, ...options }: RunsOptions): Receiver {
  return createReceiver<any, any, any, any, any>(upsales(), {
    authenticate: bodySecret("authenticationKey", "a-key-of-the-app"),
    handle: ({ data }: { data: { number: number } }) => handle(data.number),
    warn: () => {},
    ...options,
  });
}

/** The number of the run that a callback is for. */
export function numberIn(callbackUrl: string): number {
  return Number(callbackUrl.slice(callbackUrl.lastIndexOf("/") + 1));
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
