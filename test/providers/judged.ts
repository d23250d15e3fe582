/** A provider before the simulator's judge of its sender. */
import { createReceiver, type Receiver } from "@answerback/core";
import { judgeBy, scenariosFor, type Bench, type Sender } from "@answerback/simulator";
import type { Framework } from "../support/frameworks.ts";

/** What is judged. */
export interface Judged {
  readonly sender: Sender;
  /** Makes the provider. */
  readonly make: () => any;
  /** The sender's id of an event, of the event as a handler gets it. */
  readonly idOf: (event: any) => string;
  /** Options of the receiver. */
  readonly options?: object;
  /** Makes of the judge's answer what a handler of this provider returns. Default: the answer itself. */
  readonly answer?: (given: any) => unknown;
  /** A scenario that this provider is no subject of. Default: none. */
  readonly except?: string;
}

/** Plays the scenarios of the sender against a receiver of the provider: what it does wrong, and what was not played. */
export async function faultsOf({ mount }: Framework, judged: Judged): Promise<readonly string[]> {
  const { sender, make, idOf, options, answer = (given) => given, except } = judged;
  let receiver: Receiver;
  const subject = {
    build({ handle, clock, transport }: Bench) {
      receiver = createReceiver(make(), {
        clock,
        transport,
        handle: async (event: any) => answer(await handle(idOf(event))),
        warn: () => {},
        onError: () => {},
        ...options,
      });
      return mount(receiver, { at: "/hooks" });
    },
    close: () => receiver.close({ within: 0 }),
  };
  const scenarios = scenariosFor(sender).filter(({ name }) => name !== except);
  const { findings, skipped } = await judgeBy(scenarios, subject, { mount: "/hooks" });
  return [...findings.map(({ scenario, says }) => `${scenario}: ${says}`), ...skipped.map(String)];
}
