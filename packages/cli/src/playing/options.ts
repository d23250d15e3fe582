/** The options that send, play and judge share: where to, with which credentials, and what the delivery is made of. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { wrong } from "../exit.ts";
import type { Credentials, Making } from "../providers/provider.ts";
import { wholeNumber } from "../typed.ts";

/** Credentials as they were typed. */
export interface CredentialOptions {
  readonly user?: string;
  readonly secret?: string;
  readonly verifyToken?: string;
  readonly key?: string;
  readonly publicUrl?: string;
}

/** Adds the options for credentials. Each can stand in the environment, where no list of processes shows it. */
export function withCredentials(command: Command): Command {
  return command
    .addOption(
      new Option("--user <name:password>", "Basic credentials that the receiver takes").env(
        "ANSWERBACK_USER",
      ),
    )
    .addOption(
      new Option("--secret <text>", "the secret that it shares with the provider").env("ANSWERBACK_SECRET"),
    )
    .addOption(new Option("--verify-token <text>", "meta: the verify token").env("ANSWERBACK_VERIFY_TOKEN"))
    .option(
      "--key <file>",
      "discord, sns: the provider's own key, a PEM file that is made if it is not there",
    )
    .option("--public-url <origin>", "twilio: the origin that is registered, if it is not <url>'s");
}

/** Where a receiver is. */
export interface Place {
  /** What stands in front of its path: `http://127.0.0.1:3000`. */
  readonly origin: URL;
  /** Its path: `"/hooks/postback"`; `""` at the root. */
  readonly mount: string;
  /** What has to be in the query of each request: `"secret=…"`; `""`: nothing. */
  readonly query: string;
  /** The credentials that it takes. */
  readonly credentials: Credentials;
}

/** Reads the address of a receiver, and the credentials for it. Throws a Complaint for what is no address. */
export function placeOf(address: string, options: CredentialOptions): Place {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw wrong(`${JSON.stringify(address)} is no address; write it as http://localhost:3000/hooks/postback`);
  const { secret, verifyToken, key: keyFile, publicUrl } = options;
  const user = options.user === undefined ? userIn(url) : userOf(options.user);
  return {
    origin: new URL(url.origin),
    mount: url.pathname.replace(/\/$/, ""),
    query: url.search.slice(1),
    credentials: { user, secret, verifyToken, keyFile, publicUrl },
  };
}

/** `name:password`. Throws a Complaint for what is not. */
export function userOf(typed: string): NonNullable<Credentials["user"]> {
  const at = typed.indexOf(":");
  if (at < 0) throw wrong("--user: write it as name:password");
  return { username: typed.slice(0, at), password: typed.slice(at + 1) };
}

function userIn({ username, password }: URL): Credentials["user"] {
  if (username === "") return undefined;
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** What a delivery is made of, as it was typed. */
export interface MakingOptions {
  readonly seed: number;
  readonly field: Record<string, unknown>;
  readonly header: Record<string, string>;
}

/** Adds the options for what is in a delivery. */
export function withMaking(command: Command): Command {
  return command
    .option("--seed <number>", "another seed makes another event", wholeNumber(0), 1)
    .addOption(
      new Option(
        "--field <name=value>",
        "a field in place of the random one: JSON, or a text; the name alone leaves it out; upsales: body.user is one of the whole body",
      )
        .argParser(addField)
        .default({}, "none"),
    )
    .addOption(
      new Option("--header <name: value>", "a header beside the provider's")
        .argParser(addHeader)
        .default({}, "none"),
    );
}

/** What the simulator's builders take. */
export function makingOf(options: MakingOptions, { mount }: Place): Making {
  return { seed: options.seed, mount, headers: options.header, fields: options.field };
}

/** Adds `name=value` to what was typed before. */
export function addField(typed: string, before: Record<string, unknown>): Record<string, unknown> {
  const [, name = "", value] = /^([^=]+)(?:=(.*))?$/s.exec(typed) ?? [];
  if (name === "") throw new InvalidArgumentError("Write it as name=value.");
  return { ...before, [name]: value === undefined ? undefined : valueOf(value) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function addHeader(typed: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+): ?(.*)$/.exec(typed) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as "Name: value".');
  return { ...before, [name]: value };
}
