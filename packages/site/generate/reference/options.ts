/** The page of options: each that a function takes, with its default, from the docstrings of the types. */
import { fromDoc, linkTo } from "../links.ts";
import { code, heading, page, type Page } from "../page.ts";
import { declaredIn, entries, nameOf, type Declared, type Member } from "../sources/declared.ts";
import { providers } from "../providers/list.ts";
import { membersTable, tagsSaid } from "../types.ts";

/** The options that one function takes. */
interface Options {
  /** The function: `"createReceiver"`, `"receiver.registration"`. */
  readonly by: string;
  /** Whose it is, where a function takes other options of each provider, or stands in two packages. */
  readonly of?: string;
  /** The type of its options; `undefined`: its docstring says what it takes. */
  readonly type?: string;
  /** The entry that exports both. */
  readonly from: string;
}

const core = "@answerback/core";
const provider = "@answerback/core/provider";

const groups: readonly (readonly [title: string, options: readonly Options[]])[] = [
  [
    "The receiver",
    [
      { by: "createReceiver", type: "ReceiverOptions", from: core },
      { by: "order", type: "Order", from: core },
      { by: "receiver.records.retryAll", type: "BulkOptions", from: core },
      { by: "openRecords", type: "OpenRecordsOptions", from: core },
    ],
  ],
  [
    "Registrations",
    [
      { by: "receiver.registration", type: "RegistrationOptions", from: core },
      { by: "receiver.registration", of: "Postback", type: "PostbackRegistration", from: core },
      {
        by: "receiver.registration",
        of: "Slack",
        type: "SlackRegistrationOptions",
        from: "@answerback/providers/slack",
      },
    ],
  ],
  [
    "Providers",
    providers.flatMap(({ endpoints, from }) =>
      endpoints.map(({ factory, options }) => ({ by: factory, type: options, from })),
    ),
  ],
  [
    "Authenticators",
    [
      { by: "basicAuth", from: core },
      { by: "bodySecret", from: core },
      { by: "headerSecret", from: core },
      { by: "querySecret", from: core },
      { by: "urlSecret", from: core },
      { by: "bearerJwt", type: "BearerJwtOptions", from: provider },
      { by: "hmacSignature", type: "HmacSignatureOptions", from: provider },
      { by: "ed25519Signature", type: "Ed25519SignatureOptions", from: provider },
      { by: "standardWebhooks", of: "core", from: core },
    ],
  ],
  [
    "Adapters",
    [
      { by: "createExpressMiddleware", type: "ExpressMiddlewareOptions", from: "@answerback/express" },
      { by: "createKoaMiddleware", type: "KoaMiddlewareOptions", from: "@answerback/koa" },
      { by: "createFastifyPlugin", type: "FastifyMountOptions", from: "@answerback/fastify" },
      { by: "createNodeHandler", type: "NodeHandlerOptions", from: "@answerback/node" },
      { by: "createFetchHandler", type: "FetchHandlerOptions", from: "@answerback/fetch" },
      { by: "createGuardedFetch", type: "GuardedFetchOptions", from: "@answerback/node" },
    ],
  ],
  [
    "Backends",
    [
      { by: "memory", type: "MemoryOptions", from: core },
      { by: "sqlite", type: "SqliteOptions", from: "@answerback/sqlite" },
      { by: "redis", type: "RedisOptions", from: "@answerback/redis" },
      { by: "postgres", type: "PostgresOptions", from: "@answerback/postgres" },
      { by: "backendConformance", type: "ConformanceOptions", from: "@answerback/conformance" },
    ],
  ],
  [
    "Carriers",
    [
      { by: "bullmq", type: "BullmqOptions", from: "@answerback/bullmq" },
      { by: "pgBoss", type: "PgBossOptions", from: "@answerback/pg-boss" },
    ],
  ],
  [
    "To look in",
    [
      { by: "createInspector", type: "InspectorOptions", from: "@answerback/inspector" },
      { by: "opentelemetry", type: "OpenTelemetryOptions", from: "@answerback/opentelemetry" },
    ],
  ],
];

/** Makes the page. */
export function optionsPage(): Page {
  return page("reference/options.md", "Options", [
    "Every option by the function that takes it. A name that there is not is refused when something is created, and the nearest one is offered; a `?` marks what may be left out. What is said of a mistake stands among the [messages](/reference/messages.md).",
    ...groups.flatMap(([title, options]) => [`## ${title}`, ...options.map(section)]),
  ]);
}

function section({ by, of, type, from }: Options): string {
  const folder = entries.find(({ name }) => name === from)!.folder;
  const declared = type === undefined ? nameOf(by, from) : nameOf(type, from);
  const link = linkTo(type ?? by, folder);
  return [
    heading(3, of === undefined ? code(by) : `${code(by)} of ${of}`, of === undefined ? by : `${by}-${of}`),
    `${fromDoc(declared.doc.text, folder)} [In the reference](${link}).`,
    type === undefined
      ? tagsSaid(withoutMore(declared), folder).join("\n\n")
      : membersTable([...(by === "createReceiver" ? typed : []), ...declared.members], folder),
  ].join("\n\n");
}

/** The options of a receiver that its provider types stand in a type of their own. */
const typed: readonly Member[] = declaredIn("packages/core/src/receiver/options.ts", "OptionsFor").members;

/** Of a function that takes its secrets as arguments, what it says of these. */
function withoutMore({ doc }: Declared): Declared["doc"] {
  return { ...doc, tags: doc.tags.filter(({ name }) => name !== "see") };
}
