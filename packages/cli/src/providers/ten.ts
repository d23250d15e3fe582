/** The ten providers of @answerback/providers, as the simulator's senders play them. */
import {
  scenariosFor,
  senders,
  type Clock,
  type RawDelivery,
  type Sender,
  type TextOptions,
} from "@answerback/simulator";
import { wrong } from "../exit.ts";
import { inTrueTime } from "../playing/true-time.ts";
import { certified, edKey } from "./key-file.ts";
import type { Credentials, Making, Played, ProviderEntry, Sendable } from "./provider.ts";

/** Each a name, what it takes, and how it is told. */
export const ten: readonly ProviderEntry[] = [
  entry("slack", "--secret: the signing secret", (given) => {
    const { senders: all, ...builders } = senders.slack({ signingSecret: secretOf("slack", given) });
    return played(all, plain(builders));
  }),
  entry("discord", "--key: a PEM file with an Ed25519 key, made if it is not there", ({ keyFile }) => {
    const privateKey = keyFile === undefined ? {} : { privateKey: edKey(keyFile) };
    const { senders: all, publicKey, ...builders } = senders.discord(privateKey);
    return { ...played(all, plain(builders)), notes: [`The receiver's publicKey has to be ${publicKey}`] };
  }),
  entry("github", "--secret: the webhook's secret", (given) => {
    const { senders: all, event, ...builders } = senders.github({ secret: secretOf("github", given) });
    return played(all, { ...plain(builders), event: named("name", event) });
  }),
  entry("stripe", "--secret: the endpoint's signing secret, whsec_…", (given) => {
    const { senders: all, event, ...builders } = senders.stripe({ secret: secretOf("stripe", given) });
    return played(all, { ...plain(builders), event: named("type", event) });
  }),
  entry("shopify", "--secret: the app's client secret", (given) => {
    const told = { clientSecret: secretOf("shopify", given) };
    const { senders: all, webhook, ...builders } = senders.shopify(told);
    return played(all, { ...plain(builders), webhook: named("topic", webhook) });
  }),
  entry("standard-webhooks", "--secret: the endpoint's signing secret, whsec_…", (given) => {
    const told = { secret: secretOf("standard-webhooks", given) };
    const { senders: all, event } = senders.standardWebhooks(told);
    return played(all, { event: named("type", event) });
  }),
  entry("twilio", "--secret: the auth token; --public-url: the registered origin", (given) => {
    const origin = given.publicUrl === undefined ? {} : { origin: given.publicUrl };
    const told = { authToken: secretOf("twilio", given), ...origin };
    const { senders: all, ...builders } = senders.twilio(told);
    return played(all, plain(builders));
  }),
  entry("meta", "--secret: the app's secret; --verify-token", (given) => {
    const appSecret = secretOf("meta", given);
    // only the handshake says it, so whoever sends a message need not know it
    const verifyToken = given.verifyToken ?? "a verify token that was not given";
    const { senders: all, ...builders } = senders.meta({ appSecret, verifyToken });
    return played(all, plain(builders));
  }),
  entry("telegram", "--secret: the secret_token of setWebhook", (given) => {
    const { senders: all, ...builders } = senders.telegram({ secretToken: secretOf("telegram", given) });
    return played(all, plain(builders));
  }),
  entry("sns", "--key: a PEM file with a key and its certificate, made if it is not there", ({ keyFile }) => {
    const certificate = keyFile === undefined ? {} : { certificate: certified(keyFile, "sns.amazonaws.com") };
    const { senders: all, certificate: pem, certificateUrl, ...builders } = senders.sns(certificate);
    const notes = [
      "SNS signs with a certificate that the receiver fetches from Amazon: start the app as --callbacks says, and its fetch gets this one",
    ];
    return { ...played(all, plain(builders)), notes, published: { [certificateUrl]: pem } };
  }),
];

function entry(name: string, takes: string, play: (given: Credentials) => Played): ProviderEntry {
  return { name, takes, play, hasAddress: ["slack", "discord", "github", "sns"].includes(name) };
}

function secretOf(name: string, { secret }: Credentials): string {
  if (secret !== undefined) return secret;
  const { takes } = ten.find((one) => one.name === name)!;
  throw wrong(`${name} signs what it sends: give ${takes}, or set ANSWERBACK_SECRET`);
}

function played(all: readonly Sender[], events: Played["events"]): Played {
  const inTime = (clock: Clock) => all.map((sender) => signingInTrueTime(sender, clock));
  return { events, scenarios: (clock) => scenariosFor(...inTime(clock)), notes: [], published: {} };
}

function signingInTrueTime(sender: Sender, clock: Clock): Sender {
  const delivery = (made: TextOptions): RawDelivery => {
    const { protocol, ...rest } = sender.delivery(made);
    return { ...rest, protocol: protocol && inTrueTime(protocol, clock) };
  };
  return {
    ...sender,
    protocol: inTrueTime(sender.protocol, clock),
    delivery: delivery as Sender["delivery"],
  };
}

type Builder = (options?: Making) => RawDelivery;

function plain(builders: object): Record<string, Sendable> {
  const functions = Object.entries(builders).filter(
    (one): one is [string, Builder] => typeof one[1] === "function",
  );
  return Object.fromEntries(
    functions.map(([name, build]) => [name, { build: (making: Making) => build(making) }]),
  );
}

function named(argument: string, build: (name: string, options?: Making) => RawDelivery): Sendable {
  return { argument, build: (making, name) => build(name, making) };
}
