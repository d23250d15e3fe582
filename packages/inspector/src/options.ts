/** What an inspector is made of, checked: whose records it shows, to whom, and what may be done there. */
import { OptionError, type Receiver, type Warning } from "@answerback/core";
import {
  aFunction,
  flag,
  objectWith,
  oneOrMore,
  optional,
  readOptions,
  withDefault,
  wrongKind,
  type Kind,
} from "@answerback/core/provider";

/** A request as `authorize` sees it. */
export interface InspectorRequest {
  /** The HTTP method: `"GET"`. */
  readonly method: string;
  /** The path below the inspector: `"/api/retry"`. */
  readonly path: string;
  /** The headers by name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Where the connection comes from; behind a proxy that is the proxy. */
  readonly remoteAddress: string | undefined;
}

/** `true`: let in. A text: refused with this challenge, the value of `WWW-Authenticate`. Anything else: refused. */
export type Verdict = boolean | string;

/** What {@link createInspector} takes. */
export interface InspectorOptions {
  /** The receivers that it shows, in this process; each has another name. */
  readonly receivers: Receiver | readonly Receiver[];
  /**
   * Who may look, and act: your own function, asked for each request; it may answer later. `true` lets in; a text refuses with
   * this challenge, so that a browser asks for a password: `'Basic realm="inspector"'`; anything else refuses. What it throws
   * is a refusal, and told. The option `false` lets in whoever can reach it, and has to be written out.
   */
  readonly authorize: ((request: InspectorRequest) => Verdict | Promise<Verdict>) | false;
  /** May records be retried and discarded, and work paused? Default `false`: the page only looks. */
  readonly actions?: boolean | undefined;
  /** Are the data of events shown, and the bodies of answers and callbacks? Default `false`. */
  readonly payloads?: boolean | undefined;
  /** The path under which it answers where the framework takes none off: node:http, Koa without koa-mount. Default: everything. */
  readonly path?: string | undefined;
  /** Gets what the developer should know. Default: `process.emitWarning`, with `warning.code`. */
  readonly warn?: ((warning: Warning) => void) | undefined;
}

/** The options as the inspector works with them. */
export interface Settings {
  readonly receivers: ReadonlyMap<string, Receiver>;
  readonly authorize: (request: InspectorRequest) => Verdict | Promise<Verdict>;
  readonly actions: boolean;
  readonly payloads: boolean;
  readonly prefix: string;
  readonly warn: (warning: Warning) => void;
}

/** Checks the options. Throws an OptionError that names the option and the cure. */
export function toSettings(options: InspectorOptions): Settings {
  const given = readOptions("createInspector", options, {
    receivers: oneOrMore(objectWith<Receiver>("what createReceiver returns", "receive", "watch")),
    authorize: whoMayLook,
    actions: withDefault(flag, false),
    payloads: withDefault(flag, false),
    path: withDefault(aPrefix, ""),
    warn: optional(aFunction),
  });
  const { authorize, actions, payloads, path: prefix, warn = emitted } = given;
  return { receivers: byName([given.receivers].flat()), authorize, actions, payloads, prefix, warn };
}

const whoMayLook: Kind<Settings["authorize"]> = (option, value) => {
  if (value === false) return () => true;
  if (value !== undefined) return aFunction(option, value);
  throw new OptionError(
    option,
    "missing",
    "it is missing; give a function that says who may look, or write out false to let in whoever can reach it",
  );
};

const aPrefix: Kind<string> = (option, value) => {
  if (typeof value !== "string") throw wrongKind(option, value, 'a text, such as "/inspect"');
  if (value === "" || value.startsWith("/")) return value.replace(/\/+$/, "");
  throw new OptionError(
    option,
    "invalid",
    `${JSON.stringify(value)} has to start with a slash; write "/${value}"`,
  );
};

function byName(receivers: readonly Receiver[]): ReadonlyMap<string, Receiver> {
  const names = new Map<string, Receiver>();
  for (const receiver of receivers) {
    if (names.has(receiver.name))
      throw new OptionError(
        "createInspector: receivers",
        "taken",
        `two are named ${receiver.name}; give one of them another name`,
      );
    names.set(receiver.name, receiver);
  }
  return names;
}

function emitted({ code, message }: Warning): void {
  process.emitWarning(message, { type: "AnswerbackWarning", code });
}
