/** GitHub: webhooks, and deployment protection rules, which are answered at an address of their own. */
import {
  defineProvider,
  emptyReply,
  hmacSignature,
  idIn,
  listOf,
  mountOptions,
  oneOrMore,
  parseJson,
  readOptions,
  setting,
  takesAtMost,
  text,
  textId,
  withDefault,
  type EncodableEvent,
  type Encoded,
  type EventSpec,
  type Id,
  type Provider,
  type Register,
  type Registrant,
  type RegistrationOptions,
  type Secret,
  type Signing,
} from "@answerback/core/provider";
import { z } from "zod";
import { actions, typeOf, types, type GithubEvents, type Rule } from "./github/events.ts";
import { judge, postOf, review, type GithubReport, type GithubReview } from "./github/review.ts";

export type { GithubEventName, GithubEvents, GithubPayload } from "./github/events.ts";
export type { GithubReport, GithubReview } from "./github/review.ts";

/** What {@link github} takes. */
export interface GithubOptions {
  /** The webhook's secret; a list while it rotates. The first is the one to register. */
  readonly secret: Secret;
  /**
   * The hosts of the API that decisions are posted to, each with its subdomains: `["github.example.com"]` for a GitHub
   * Enterprise Server. Default `["api.github.com"]`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#github.5 github.5}
   */
  readonly callbackHosts?: readonly string[] | undefined;
}

/** What the headers say of a delivery. They are not signed. */
export interface GithubDelivery {
  /** The GUID of the event, the same when it is delivered again: the header `X-GitHub-Delivery`. */
  readonly delivery: string;
  /** The event without its action: the header `X-GitHub-Event`. */
  readonly event: string;
}

/** The body of `POST /repos/{owner}/{repo}/hooks`, or `POST /orgs/{org}/hooks`. It holds the secret. */
export interface GithubRegistration {
  /** GitHub's name for a webhook. */
  readonly name: "web";
  /** It sends. */
  readonly active: true;
  /** The events that the receiver handles, without their actions; `["*"]`: all of them. */
  readonly events: readonly string[];
  /** Where it sends, and how. */
  readonly config: {
    /** The public address of the mount. */
    readonly url: string;
    /** The body is the payload. */
    readonly content_type: "json";
    /** Certificates are verified. */
    readonly insecure_ssl: "0";
    /** What GitHub signs with. */
    readonly secret: string | undefined;
  };
}

/**
 * The provider GitHub, for `createReceiver`.
 *
 * @throws OptionError `missing` or `empty` for a secret or hosts that are not there; `unknown` for an option that there is not;
 *   `invalid` for a secret or hosts of another kind.
 * @example
 * createReceiver(github({ secret: process.env.GITHUB_WEBHOOK_SECRET }), {
 *   handle: { "issues.opened": ({ data }) => welcome(data.issue.number) },
 * });
 * @see {@link https://docs.github.com/webhooks/webhook-events-and-payloads Webhook events and payloads}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#github.1 github.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#github.7 github.7}
 */
export function github(
  options: GithubOptions,
): Provider<GithubEvents, GithubDelivery, Register<RegistrationOptions, GithubRegistration>> & Signing {
  takesAtMost(1, "github", arguments);
  const { secret, callbackHosts: hosts } = readOptions("github", options, {
    secret: oneOrMore(setting),
    callbackHosts: withDefault(listOf(text), ["api.github.com"]),
  });
  return defineProvider<any, GithubDelivery, Register<RegistrationOptions, GithubRegistration>, Signing>({
    name: "github",
    accepts: ["json", "form"],
    authenticator: hmacSignature({ header: "X-Hub-Signature-256", prefix: "sha256=", secret }),
    events: eventsWith({
      answer: review.optional(),
      callback: { uses: Infinity, inlineSpends: false, expires: "30d", maxBytes: 65_536, hosts },
    }),
    patience: "10s",
    retries: false,
    bodyLimit: 25 * 1_048_576,
    decode({ format, body, headers }) {
      const { event, delivery } = head.parse(headers);
      const data = payload.parse(format === "form" ? parseJson(form.parse(body).payload) : body);
      const type = typeOf(event, data.action);
      const callbackUrl = type === rule ? data.deployment_callback_url : undefined;
      return { type, data, key: [delivery], id: aboutIn(data), callbackUrl, extra: { delivery, event } };
    },
    encode,
    judge,
    registration: githubRegistration,
  });
}

const rule: Rule = "deployment_protection_rule.requested";

/** All events: of what GitHub's description promises, an object is sure. */
function eventsWith(answered: EventSpec): Record<string, EventSpec> {
  return { ...Object.fromEntries(types.map((type) => [type, {}])), [rule]: answered };
}

/** A header that is there once: its value. */
const once = z.tuple([textId], "must be there once").transform(([value]) => value);

const head = z
  .looseObject({ "x-github-event": once, "x-github-delivery": once })
  .transform((headers) => ({ event: headers["x-github-event"], delivery: headers["x-github-delivery"] }));

const form = z.looseObject({ payload: z.string() });

/** What GitHub writes as `octocat/site#42`, else the repository, else the organization or the account. */
function aboutIn(data: unknown): Id | undefined {
  const repository = idIn(data, "repository", "full_name");
  const owner = idIn(data, "organization", "login") ?? idIn(data, "installation", "account", "login");
  const [number] = numbered.flatMap((name) => idIn(data, name, "number") ?? []);
  if (repository === undefined) return owner ?? idIn(data, "sender", "login");
  return number === undefined ? repository : `${repository}#${number}`;
}

/** What shares one row of numbers in a repository. */
const numbered = ["issue", "pull_request", "discussion"];

const payload = z.looseObject({
  action: z.string().optional(),
  deployment_callback_url: z.string().optional(),
});

/**
 * The reply is always empty. A decision, or a report, is posted.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#github.5 github.5}
 */
function encode(answer: unknown, event: EncodableEvent): Encoded {
  const reply = emptyReply();
  if (answer === undefined || event.accepted) return { reply };
  if (event.callbackUrl === undefined) return { reply, warnings: [dropped] };
  return { reply, post: postOf(answer as GithubReview | GithubReport, event.callbackUrl, event) };
}

const dropped = {
  code: "callback_dropped",
  message: "the decision was dropped: the event came without a deployment_callback_url",
};

/**
 * The registration of a receiver with GitHub. A GitHub App subscribes to events in its settings.
 *
 * @see {@link https://docs.github.com/rest/repos/webhooks#create-a-repository-webhook}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#github.7 github.7}
 */
function githubRegistration(
  { url, signingSecret, handles }: Registrant,
  options: RegistrationOptions,
): GithubRegistration {
  readOptions("registration", options, mountOptions);
  const handled = Object.entries(actions).filter(([event, known]) =>
    known.length === 0 ? handles(event) : known.some((action) => handles(`${event}.${action}`)),
  );
  const names = handled.map(([event]) => event).filter((event) => !ofAnApp.has(event));
  return {
    name: "web",
    active: true,
    events: handles("*") ? ["*"] : names,
    config: { url, content_type: "json", insecure_ssl: "0", secret: signingSecret },
  };
}

/** Events that no webhook of a repository or an organization is subscribed to: an App's own, and the ping. */
const ofAnApp: ReadonlySet<string> = new Set([
  "deployment_protection_rule",
  "deployment_review",
  "github_app_authorization",
  "installation",
  "installation_repositories",
  "installation_target",
  "marketplace_purchase",
  "merge_group",
  "ping",
  "repository_dispatch",
  "security_advisory",
  "sponsorship",
  "workflow_dispatch",
]);
