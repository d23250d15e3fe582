/** The terms of a provider in a few words, read from the provider itself; what it does not say is the contract's default. */
import {
  toMs,
  type Authenticator,
  type CallbackTerms,
  type Duration,
  type EventSpec,
} from "@answerback/core/provider";
import type { Provider } from "@answerback/core";
import { code } from "../page.ts";
import { nameOf } from "../sources/declared.ts";
import { partsOf } from "../sources/readme.ts";
import type { Endpoint, Listed } from "./list.ts";

/** A fact: what it is called, and what it is. */
export type Fact = readonly [name: string, value: string];

/** The facts of an endpoint, without its key, which is a clause's to say. */
export function factsOf(endpoint: Endpoint, listed: Listed): [authentication: Fact, ...others: Fact[]] {
  const { provider } = endpoint;
  return [
    ["Authentication", authentication(endpoint)],
    ["Bodies", bodies(provider)],
    ["It waits", patience(provider, listed)],
    ["Acknowledged within", acknowledged(provider)],
    ["Sent again", retries(provider)],
    ["A key is remembered", statedOrDefault(provider.retention, "retention")],
    ["Callbacks", callbacks(endpoint)],
    ["Largest body", bytes(provider.bodyLimit) ?? defaultOf("bodyLimit")],
    ["HTTPS", provider.httpsOnly ? "sends to HTTPS only" : "not demanded by its page"],
  ];
}

/** How long it waits for a reply. */
function patience({ patience: waits }: Provider, listed: Listed): string {
  const time = waits === undefined ? defaultOf("patience") : inWords(waits);
  return saysPatience(listed) ? time : `its page does not say; we count on ${time}`;
}

/** Does its page say how long it waits? Else that is the first thing that it leaves open. */
export function saysPatience({ readme, title }: Listed): boolean {
  return !/\bhow long [\w ]+ waits\b/.test(partsOf(readme, title).open);
}

/** How long after its head a delivery is acknowledged at the latest. */
function acknowledged({ answerWithin, patience: waits }: Provider): string {
  if (answerWithin !== undefined) return inWords(answerWithin);
  const waitsMs = waits === undefined ? usualMs("patience") : toMs(waits, "patience");
  return inWords(Math.min(usualMs("answerWithin"), waitsMs / 2));
}

/** The default of a field, from "5 s, at most half of `patience`". */
function usualMs(name: "patience" | "answerWithin"): number {
  return toMs(/^\d+ s/.exec(defaultOf(name))![0].replace(" ", "") as Duration, name);
}

/** Does it send again what was not acknowledged, and for how long? */
function retries({ retries: sendsAgain = true, retryWindow }: Provider): string {
  if (!sendsAgain) return "not by itself, as far as its page says: what fails is run again by us";
  return retryWindow === undefined
    ? "yes; for how long its page does not say"
    : `for up to ${inWords(retryWindow)}`;
}

/** What shows that a delivery is from it. */
export function authentication({ provider, receiver }: Endpoint): string {
  const own = provider.authenticator;
  return credential(own ?? (receiver.authenticate as Authenticator));
}

function credential(authenticator: Authenticator): string {
  const registered = authenticator.registers?.();
  switch (registered?.in) {
    case "basic":
      return "Basic credentials";
    case "path":
      return "a secret in the URL";
    case "query":
    case "header":
    case "body":
      return `a secret in the ${registered.in === "query" ? "query" : registered.in}: ${code(registered.name)}`;
    default:
      return "a signature";
  }
}

/** The terms of its callback addresses, those of single events included. */
function callbacks({ provider }: Endpoint): string {
  const { type, terms } = addressOf(provider);
  if (!terms) return "none: what is answered is in the reply";
  const { hosts, maxBytes = 0 } = terms;
  const whose = type === undefined ? "" : `of ${code(type)}: `;
  const where = Array.isArray(hosts) ? `, on ${hosts.map(code).join(" or ")}` : "";
  // one byte is the limit of a request without a body
  const size = maxBytes > 1 ? `, each below ${maxBytes.toLocaleString("en")} bytes` : "";
  return `${whose}${usesOf(provider)} to an address${where}${size}`;
}

/** How often an address takes a callback, and for how long; `""`: it has none. */
export function usesOf(provider: Provider): string {
  const { terms } = addressOf(provider);
  if (!terms) return "";
  const { uses = 1, expires } = terms;
  const often = uses === Infinity ? "any number of posts" : `${uses} ${uses === 1 ? "post" : "posts"}`;
  return often + (expires === undefined ? "" : ` in ${inWords(expires)}`);
}

/** The provider's terms of a callback address, or those of the one event that has some and is the app's to answer. */
function addressOf({ callback, events }: Provider): Address {
  if (callback) return { terms: callback };
  const own = Object.entries<EventSpec>(events).filter(([, one]) => !one.handle);
  const [type, spec] = own.find(([, one]) => one.callback) ?? [];
  return spec?.callback ? { type, terms: spec.callback } : {};
}

interface Address {
  readonly type?: string | undefined;
  readonly terms?: Partial<CallbackTerms>;
}

function bodies({ accepts, inflate }: Provider): string {
  const forms = accepts.map((form) => {
    if (typeof form === "object")
      return `${code(form.type)} read as ${form.as === "json" ? "JSON" : form.as}`;
    return form === "json" ? "JSON" : `a ${form}`;
  });
  return forms.join(", ") + (inflate ? ", compressed or not" : "");
}

function statedOrDefault(stated: string | number | undefined, name: keyof Provider): string {
  return stated === undefined ? defaultOf(name) : inWords(stated);
}

/** What the contract says of a field that is left out. */
function defaultOf(name: keyof Provider): string {
  const { doc } = nameOf("Provider").members.find((member) => member.name === `${name}?`)!;
  const value = /Default ([^.]+)\./.exec(doc.text.replaceAll("\n", " "))?.[1];
  if (value === undefined) throw new Error(`the docstring of Provider.${name} says no default`);
  return value;
}

const units: Readonly<Record<string, string>> = { ms: "ms", s: "s", m: "min", h: "h", d: "days" };

/** A duration as people write it: `"2500ms"` is 2.5 s. */
export function inWords(duration: string | number): string {
  const [, count = "", unit] =
    /^(\d+)(ms|[smhd])$/.exec(typeof duration === "number" ? `${duration}ms` : duration) ?? [];
  if (unit === "ms" && Number(count) >= 1_000) return `${Number(count) / 1_000} s`;
  return `${count} ${count === "1" && unit === "d" ? "day" : units[unit!]}`;
}

function bytes(count: number | undefined): string | undefined {
  return count === undefined ? undefined : `${Math.round(count / 2 ** 20)} MiB`;
}

/** What a provider's clauses say that its event key is; of a provider with several endpoints, what they say of each, in turn. */
export function keysOf(
  clauses: readonly { readonly text: string }[],
  { title, endpoints }: Listed,
): string[] {
  const found = clauses.flatMap(({ text }) => text.match(/\bthe key is [^.;]*(?:\([^)]*\))?[^.;]*/gi) ?? []);
  const keys = found.map((one) => one.replace(/^the key is /i, "").trim());
  if (keys.length < endpoints.length) throw new Error(`the clauses of ${title} do not say what each key is`);
  return endpoints.length === 1 ? [keys.join("; or ")] : keys;
}
