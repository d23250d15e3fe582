/** `answerback send`: one delivery as its provider sends it, what came back, and what the provider concludes. */
import {
  callbackUrls,
  realClock,
  send,
  type CallbackUse,
  type Conclusion,
  type Fault,
  type RawDelivery,
  type Seen,
} from "@answerback/simulator";
import { Command, Option } from "commander";
import {
  serveCallbacks,
  tellOfNowhere,
  untilUsed,
  withCallbacks,
  type CallbackOptions,
} from "../callbacks/serve.ts";
import { Complaint, exit } from "../exit.ts";
import { providersHelp } from "../help.ts";
import {
  makingOf,
  placeOf,
  withCredentials,
  withMaking,
  type CredentialOptions,
  type MakingOptions,
} from "../playing/options.ts";
import { aboutAddress, addressIn, outgoing, protocolOf } from "../playing/outgoing.ts";
import { toJson } from "../print/json.ts";
import { shownCallback, shownSent } from "../print/sent.ts";
import { eventCalled, providerCalled } from "../providers/index.ts";
import { oneOf, wholeNumber } from "../typed.ts";
import { note, print, type World } from "../world.ts";

interface Options extends CredentialOptions, MakingOptions, CallbackOptions {
  readonly attempt: number;
  readonly copies: number;
  readonly fault?: Fault["kind"];
  readonly json?: true;
}

/** What came of one copy of the delivery. */
export interface Sent {
  readonly seen: Seen;
  readonly concluded: Conclusion;
}

/** The command. */
export function sendCommand(world: World): Command {
  const command = new Command("send")
    .description("Send one delivery, as the provider does, and say what the provider concludes")
    .argument("<provider>", "one of the list below")
    .argument("<event>", "one of its events: contact.create, event:invoice.paid")
    .argument("<url>", "where the receiver is: http://localhost:3000/hooks/postback");
  return withCallbacks(withMaking(withCredentials(command)))
    .option(
      "--copies <number>",
      "send it so many times at once, as a provider's duplicates come",
      wholeNumber(1, 1_000),
      1,
    )
    .option("--attempt <number>", "send it as this attempt of the provider's", wholeNumber(1), 1)
    .addOption(
      new Option("--fault <kind>", "drop-request, drop-response, drop-connection or stall").argParser(
        faultOf,
      ),
    )
    .option("--json", "print the result as JSON")
    .addHelpText("after", providersHelp)
    .action((provider: string, event: string, url: string, options: Options) =>
      sendOne(world, { provider, event, url }, options),
    );
}

const kinds = oneOf("drop-request", "drop-response", "drop-connection", "stall");
const faultOf = (typed: string) => kinds(typed).replace("-", " ") as Fault["kind"];

async function sendOne(
  world: World,
  what: { readonly provider: string; readonly event: string; readonly url: string },
  options: Options,
): Promise<void> {
  const entry = providerCalled(what.provider);
  const place = placeOf(what.url, options);
  const played = entry.play(place.credentials);
  const event = eventCalled(entry.name, played, what.event);
  const delivery = outgoing(event, makingOf(options, place), place);
  const callbacks = callbackUrls({ clock: realClock });
  const server = await serveCallbacks(world, options, { callbacks, published: played.published });
  const address = aboutAddress(delivery);
  for (const text of played.notes) note(world, text);
  if (address && !server) tellOfNowhere(world, address);
  try {
    const again = attemptOf(delivery, options.attempt);
    const copies = Array.from({ length: options.copies }, () =>
      sendCopy(again, { to: place.origin, callbacks, options }),
    );
    const sent = await Promise.all(copies);
    if (!options.json) await print(world, shownSent(world, delivery, sent));
    const url = addressIn(delivery);
    if (server && url && sent.some(({ concluded }) => concluded.kind === "acknowledged"))
      await untilUsed(callbacks, url, { ms: options.wait, signal: world.signal });
    if (options.json) await print(world, toJson(resultOf(delivery, sent, callbacks.uses)));
    else for (const use of callbacks.uses) await print(world, shownCallback(world, use));
    if (!isWell(sent, callbacks.uses)) throw new Complaint(exit.failed);
  } finally {
    await server?.close();
  }
}

function attemptOf(delivery: RawDelivery, attempt: number): RawDelivery {
  return attempt === 1
    ? delivery
    : (protocolOf(delivery).again(delivery, attempt, {
        kind: "answered",
        status: 500,
        headers: {},
        body: "",
        tookMs: 0,
      }) as RawDelivery);
}

async function sendCopy(
  delivery: RawDelivery,
  {
    to,
    callbacks,
    options: { fault, attempt },
  }: { to: URL; callbacks: ReturnType<typeof callbackUrls>; options: Options },
): Promise<Sent> {
  const { patienceMs, callback, conclude } = protocolOf(delivery);
  const answered = callback && callbacks.sent(delivery, callback);
  const seen = await send(delivery, to, { patienceMs, ...(fault && { fault: { kind: fault } as Fault }) });
  const concluded = conclude(seen, { attempt, sinceMs: 0 });
  answered?.(seen, concluded.kind === "acknowledged");
  return { seen, concluded };
}

/** As JSON. The address for callbacks is not in it. */
function resultOf(
  { provider, event, id, method }: RawDelivery,
  sent: readonly Sent[],
  uses: readonly CallbackUse[],
) {
  const callbacks = uses.map(({ url: _address, ...use }) => use);
  return { provider, event, id, method, sent, callbacks };
}

function isWell(sent: readonly Sent[], uses: readonly CallbackUse[]): boolean {
  return (
    sent.every(({ concluded }) => concluded.kind === "acknowledged") &&
    uses.every(({ concluded }) => concluded.kind === "callback accepted")
  );
}
