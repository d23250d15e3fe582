/** `answerback register`: what has to be registered with a provider, for a receiver at an address. */
import type { Warning } from "@answerback/core";
import { Command } from "commander";
import { withCredentials, addField, userOf, type CredentialOptions } from "../playing/options.ts";
import { toJson } from "../print/json.ts";
import { namedAlike, unknown } from "../providers/index.ts";
import { registering } from "../registering.ts";
import { note, print, type World } from "../world.ts";

interface Options extends CredentialOptions {
  readonly events?: readonly string[];
  readonly option?: Readonly<Record<string, unknown>>;
}

/** The command. */
export function registerCommand(world: World): Command {
  const command = new Command("register")
    .description("Say what has to be registered with a provider, as JSON to send or paste")
    .argument("<provider>", Object.keys(registering).join(", "))
    .argument("<url>", "the public address of the receiver: https://example.com/hooks/postback");
  return withCredentials(command)
    .option("--events <types>", "the event types that it handles, with commas; default: all", listOf)
    .option(
      "--option <name=value>",
      "what the provider asks for besides: resource=contact, location_id=…; sns: topicArn=…",
      addField,
    )
    .addHelpText("after", "\nWhat is printed may hold the secret: it has to be registered, too.")
    .action((provider: string, url: string, options: Options) => register(world, { provider, url }, options));
}

const listOf = (typed: string) =>
  typed
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

async function register(
  world: World,
  what: { readonly provider: string; readonly url: string },
  { events = [], option = {}, secret, verifyToken, user }: Options,
): Promise<void> {
  const names = Object.keys(registering);
  const name = names.find((one) => namedAlike(one, what.provider));
  if (name === undefined) throw unknown("provider", what.provider, names);
  const { topicArn, ...options } = option;
  const credentials = { secret, verifyToken, user: user === undefined ? undefined : userOf(user) };
  const warn = ({ message }: Warning) => note(world, message);
  const receiver = registering[name]!({
    ...credentials,
    url: what.url,
    events,
    settings: { topicArn },
    warn,
  });
  try {
    await print(world, toJson(receiver.registration({ url: what.url, ...options })));
    if (secret !== undefined || user !== undefined)
      note(world, "It may hold the secret: keep it to yourself");
  } finally {
    await receiver.close();
  }
}
