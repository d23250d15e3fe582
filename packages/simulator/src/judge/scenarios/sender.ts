/** The scenarios of a sender made with the kit, from what it says of itself. */
import { OptionError } from "@answerback/core/provider";
import type { RawDelivery } from "../../protocols/protocol.ts";
import type { Sender } from "../../senders/simulate.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { handling, repeating } from "./common.ts";
import { demandAcknowledged } from "./demands.ts";
import { retriedScenarios } from "./retried.ts";
import { addressScenarios } from "./sender-address.ts";
import { signatureScenarios } from "./sender-signatures.ts";
import type { SenderTraits } from "./sender-traits.ts";
import { once } from "./sender-traits.ts";
import type { Draft } from "./traits.ts";

/**
 * The scenarios of senders, each made of its `example`, its `handshakes`, its signature, its retries and its terms for
 * callbacks. Where there are several senders, the name of a scenario ends with the event that it sends.
 *
 * @throws OptionError `missing` for a sender without an `example`.
 * @example
 * const report = await judgeBy(scenariosFor(acme), { build: ({ handle, clock }) => myListener(handle, clock) });
 */
export function scenariosFor(...senders: readonly Sender[]): readonly Scenario[] {
  return senders.flatMap((sender) => {
    const { name, protocol } = sender;
    const traits: SenderTraits = {
      sender,
      make: (stage, n = 1) => exampleOf(sender, stage.nth(n).seed, stage),
    };
    const { event } = exampleOf(sender, 1);
    const ending = senders.length > 1 ? ` (${event})` : "";
    return draftsOf(traits).map((draft) => ({
      ...draft,
      provider: name,
      protocol,
      name: draft.name + ending,
    }));
  });
}

function exampleOf(sender: Sender, seed: number, stage?: Stage): RawDelivery {
  const { example } = sender.options;
  if (!example)
    throw new OptionError(`scenariosFor: ${sender.name}`, "missing", "it has no example; give simulate one");
  return sender.delivery({ ...example(seed), mount: stage?.options.mount });
}

function draftsOf(traits: SenderTraits): readonly Draft[] {
  const { sender, make } = traits;
  const attempts = attemptsOf(sender);
  const { repeats = attempts > 1 } = sender.options;
  const common = { make, clauses: { acknowledged: "any.11", key: "any.10", slow: "any.11" } };
  return [
    ...handshakes(sender),
    ...handling(common),
    ...(repeats ? repeating(common) : []),
    // they let a handler fail three times, and an answer get lost twice
    ...(attempts > 3 ? retriedScenarios(common) : []),
    ...signatureScenarios(traits),
    ...(hasAddress(sender) ? addressScenarios(traits) : []),
  ];
}

function handshakes(sender: Sender): readonly Draft[] {
  return (sender.options.handshakes ?? []).map((asked) => ({
    name: `answers the handshake ${asked.event}`,
    clause: "any.34",
    async play(stage) {
      const handshake = once(sender.delivery({ ...asked, mount: stage.options.mount }));
      const [attempt] = await stage.play(handshake);
      demandAcknowledged(stage, attempt);
    },
  }));
}

/** How often it sends what is never answered, as far as it matters here. */
function attemptsOf({ protocol }: Sender): number {
  const goesOn = (attempt: number) =>
    protocol.conclude({ kind: "connection lost", tookMs: 0 }, { attempt, sinceMs: 0 }).kind === "will retry";
  return [1, 2, 3].findIndex((attempt) => !goesOn(attempt)) + 1 || 4;
}

function hasAddress(sender: Sender): boolean {
  return sender.protocol.callback?.urlOf(exampleOf(sender, 1)) !== undefined;
}
