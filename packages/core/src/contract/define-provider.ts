/** `defineProvider`: a provider's parts are checked when it is defined, or else when a receiver is made with it. */
import type { Authenticator, Signing } from "./authenticator.ts";
import {
  aFunction,
  aSchema,
  duration,
  flag,
  isObject,
  listOf,
  objectWith,
  oneOf,
  oneOrMore,
  optional,
  text,
  textOr,
  wholeNumber,
  wholeNumberIn,
  wrongKind,
  type Kind,
} from "./kinds.ts";
import { OptionError } from "./option-error.ts";
import { bodyForms } from "./body-forms.ts";
import { allTerms, someTerms } from "./callback-terms.ts";
import type { EventSpec, EventSpecs } from "./event-spec.ts";
import type { Provider } from "./provider.ts";
import { partsOf, readOptions, type Kinds } from "./read-options.ts";
import type { Register } from "./registration.ts";
import { defaultStatuses } from "./statuses.ts";

/**
 * Makes a provider: checks that its parts fit together, and infers the types of its handlers.
 *
 * @throws OptionError `missing` or `empty` for a name, formats, events or a `decode` that are not there; `unknown` for a
 *   part, or a part of an event, that a provider does not have; `invalid` or `out_of_range` for a part of another kind;
 *   `taken` for an event type `"*"`, and for a media type that `accepts` names twice.
 * @example
 * const acme = defineProvider({
 *   name: "acme",
 *   accepts: ["json"],
 *   events: { "invoice.paid": { data: z.looseObject({ total: z.number() }) } },
 *   decode({ body }) {
 *     const { id, event, data } = envelope.parse(body);
 *     return { type: event, data, key: [id] };
 *   },
 *   retention: "3d",
 * });
 */
export function defineProvider<
  const Events extends EventSpecs<Events>,
  Extra extends object = {},
  Registering extends Register = Register,
  Given = unknown,
>(
  provider: Provider<Events, Extra, Registering> & Given,
): Provider<Events, Extra, Registering> & Signed<Given> {
  if (!isObject(provider)) throw wrongKind("defineProvider", provider, "{ name, accepts, events, decode }");
  mustBeProvider(provider);
  return Object.freeze(provider) as Provider<Events, Extra, Registering> & Signed<Given>;
}

/** What is kept of the type of a provider that signs what it sends: its receivers may leave `authenticate` out. */
export type Signed<Given> = [Given] extends [Signing] ? Signing : unknown;

/** A provider, wherever it comes from. */
export const aProvider: Kind<Provider> = (option, value) => {
  const provider = somethingThatDecodes(option, value);
  mustBeProvider(provider);
  return provider;
};

const somethingThatDecodes = objectWith<Provider>(
  "a provider, such as upsales(), or what defineProvider made",
  "decode",
);

function mustBeProvider(provider: Provider): void {
  const name = aName("defineProvider: name", provider.name);
  readOptions(name, provider, parts);
  for (const [type, event] of Object.entries<EventSpec>(provider.events)) {
    if (type === "*") throw new OptionError(`${name}: events`, "taken", `"*" stands for unlisted events`);
    readOptions(`${name}: ${type}`, event, eventParts);
    if (event.callback) allTerms(`${name}: ${type}.callback`, { ...provider.callback, ...event.callback });
  }
}

const aName = textOr("it scopes the event keys");

const eventParts: Kinds<EventSpec> = {
  path: optional(oneOrMore(text)),
  data: optional(aSchema),
  sure: optional(aSchema),
  answer: optional(aSchema),
  interactive: optional(flag),
  deletes: optional(flag),
  handle: optional(aFunction),
  patience: optional(duration),
  answerWithin: optional(duration),
  retries: optional(flag),
  retention: optional(duration),
  callback: optional(orFalse(someTerms)),
};

/** An authenticator that was made: a function is not enough, since it does not say what it needs. */
const anAuthenticator: Kind<Authenticator> = (option, value) => {
  const given = objectWith<Authenticator>("an authenticator, such as hmacSignature(…)", "verify")(
    option,
    value,
  );
  oneOf("head", "body")(`${option}.needs`, given.needs);
  return given;
};

function orFalse<Value>(kind: Kind<Value>): Kind<Value | false> {
  return (option, value) => (value === false ? value : kind(option, value));
}

const statuses = Object.fromEntries(
  Object.keys(defaultStatuses).map((row) => [row, optional(wholeNumberIn(200, 599))]),
);

const parts: Kinds<Provider> = {
  name: text,
  accepts: bodyForms,
  untyped: optional(oneOf("json", "form", "text", "bytes")),
  inflate: optional(flag),
  authenticator: optional(anAuthenticator),
  events: objectWith<object>('the events by type, such as { "invoice.paid": {} }'),
  handshake: optional(aFunction),
  decode: aFunction,
  encode: optional(aFunction),
  encodeBatch: optional(aFunction),
  refuse: optional(aFunction),
  patience: optional(duration),
  answerWithin: optional(duration),
  retention: optional(duration),
  retryWindow: optional(duration),
  keyAdvice: optional(text),
  retries: optional(flag),
  bodyLimit: optional(wholeNumber),
  httpsOnly: optional(flag),
  callback: optional(allTerms),
  whenDead: optional(aFunction),
  judge: optional(aFunction),
  statuses: optional(partsOf(statuses)),
  secrets: optional(listOf(text)),
  registration: optional(aFunction),
  probe: optional(flag),
};
