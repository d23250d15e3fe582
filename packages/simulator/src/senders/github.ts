/** GitHub: webhooks, never sent again by themselves; and a deployment protection rule, decided at its own address. */
import { oneOf, optional, readOptions, setting } from "@answerback/core/provider";
import { hmac } from "../lib/digest.ts";
import { isObject, parsed, parsedObject } from "../lib/json.ts";
import type { Random } from "../lib/random.ts";
import type { CallbackRequest, CallbackState, Opinion, RawDelivery, Sign } from "../protocols/protocol.ts";
import { textOf } from "../protocols/protocol.ts";
import type { FieldOptions, Make, SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import type { Sender } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What GitHub has to be told. */
export interface GithubOptions {
  /** The webhook's secret. */
  readonly secret: string;
  /** The webhook's content type. Default `"json"`; a form has the JSON in `payload`. */
  readonly contentType?: "json" | "form";
}

/** GitHub as a sender. */
export interface Github {
  /** The ping that follows the making of a webhook. */
  readonly ping: SenderBuilder;
  /** A push of one commit. */
  readonly push: SenderBuilder;
  /** A deployment that waits for a decision, which is posted to `deployment_callback_url` with an installation's token. */
  readonly deploymentProtectionRule: SenderBuilder;
  /** Any event, with its action behind a dot: `event("issues.opened", { fields: { issue: … } })`. */
  readonly event: (name: string, options?: FieldOptions) => RawDelivery;
  /** Webhooks and deployment protection rules, for the judge. */
  readonly senders: readonly Sender[];
}

/**
 * GitHub as a sender. Its id of an event is the GUID in `X-GitHub-Delivery`, which a redelivery has, too.
 *
 * @throws OptionError for a mistake in the options.
 * @see {@link https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks}
 */
export function github(options: GithubOptions): Github {
  const { secret, contentType = "json" } = readOptions("github", options, {
    secret: setting,
    contentType: optional(oneOf("json", "form")),
  });
  const made = (name: string, own: (random: Random) => object): Make => madeIn(contentType, name, own);
  const push = made("push", pushed);
  const rule = made("deployment_protection_rule", requested);
  const common = { name: "github", patience: "10s", repeats: true, sign: signature(secret) } as const;
  const webhooks = simulate({
    ...common,
    example: exampleOf(push),
    handshakes: [exampleOf(made("ping", pinged))(1)],
  });
  const rules = simulate({
    ...common,
    callback: { urlOf: ({ body }) => callbackUrlIn(textOf(body)), judge },
    example: exampleOf(rule),
    answer: { environment_name: "production", state: "approved", comment: "All fine." },
  });
  return {
    ping: builder(webhooks, made("ping", pinged)),
    push: builder(webhooks, push),
    deploymentProtectionRule: builder(rules, rule),
    event: (name, given) => {
      const [event = "", action] = name.split(".");
      const make = made(event, (random) => ({ ...(action && { action }), ...commonIn(random) }));
      return builder(webhooks, make)(given);
    },
    senders: [webhooks, rules],
  };
}

function signature(secret: string): Sign {
  return ({ body }) => ({
    "X-Hub-Signature": `sha1=${hmac({ algorithm: "sha1", key: secret, as: "hex" }, body)}`,
    "X-Hub-Signature-256": `sha256=${hmac({ key: secret, as: "hex" }, body)}`,
  });
}

/** JSON as the body, or in the `payload` of a form. */
function callbackUrlIn(body: string): string | undefined {
  const payload = parsedObject(body) ?? parsedObject(new URLSearchParams(body).get("payload") ?? "");
  const url = payload?.["deployment_callback_url"];
  return typeof url === "string" ? url : undefined;
}

/** A comment alone reports, and leaves the decision open. */
function judge({ headers, body }: CallbackRequest, { taken }: CallbackState): Opinion {
  if (!/^(bearer|token) \S/i.test(headers["authorization"] ?? ""))
    return { ...error(401, "Requires authentication"), refused: "no token of an installation" };
  const review = parsed(body);
  if (!isObject(review) || typeof review["environment_name"] !== "string")
    return { ...error(422, "Invalid request."), refused: "no environment_name" };
  const { state, comment } = review;
  if (state !== "approved" && state !== "rejected" && (state !== undefined || comment === undefined))
    return { ...error(422, "Invalid request."), refused: "neither approved nor rejected" };
  if (state === undefined && taken.length >= 10)
    return { ...error(422, "Too many status reports"), refused: "ten status reports were sent" };
  return { status: 204, spends: state !== undefined };
}

const error = (status: number, message: string) => ({ status, body: { message } });

function madeIn(contentType: "json" | "form", name: string, own: (random: Random) => object): Make {
  return (random, given) => {
    const guid = random.uuid();
    const payload = { ...own(random), ...given };
    return {
      event: name,
      id: guid,
      ...(contentType === "json" ? { json: payload } : { form: { payload: JSON.stringify(payload) } }),
      headers: {
        Accept: "*/*",
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": name,
        "X-GitHub-Hook-ID": String(random.int(1e8, 9e8)),
        "X-GitHub-Hook-Installation-Target-ID": String(random.int(1e8, 9e8)),
        "X-GitHub-Hook-Installation-Target-Type": "repository",
      },
    };
  };
}

function commonIn(random: Random) {
  const id = random.int(1e8, 9e8);
  const owner = { login: "octo-org", id: 6811672, type: "Organization" };
  return {
    repository: {
      id,
      name: "octo-repo",
      full_name: "octo-org/octo-repo",
      private: false,
      owner,
      default_branch: "main",
    },
    organization: { login: "octo-org", id: 6811672 },
    sender: { login: "octocat", id: 583231, type: "User", site_admin: false },
  };
}

function pinged(random: Random) {
  const hook = { type: "Repository", id: random.int(1e8, 9e8), name: "web", active: true, events: ["push"] };
  return { zen: "Keep it logically awesome.", hook_id: hook.id, hook, ...commonIn(random) };
}

function pushed(random: Random) {
  const [before, after] = [random.hex(40), random.hex(40)];
  const author = { name: random.name().first, email: "octocat@github.com", username: "octocat" };
  const commit = {
    id: after,
    message: random.sentence(),
    timestamp: new Date(random.instant()).toISOString(),
    author,
    added: [],
    removed: [],
    modified: ["README.md"],
  };
  const head = { ref: "refs/heads/main", before, after, created: false, deleted: false, forced: false };
  return { ...head, ...commonIn(random), pusher: author, commits: [commit], head_commit: commit };
}

function requested(random: Random) {
  const run = random.int(1e9, 9e9);
  return {
    action: "requested",
    environment: "production",
    event: "push",
    deployment_callback_url: `https://api.github.com/repos/octo-org/octo-repo/actions/runs/${run}/deployment_protection_rule`,
    deployment: {
      id: random.int(1e8, 9e8),
      sha: random.hex(40),
      ref: "main",
      task: "deploy",
      environment: "production",
    },
    pull_requests: [],
    ...commonIn(random),
    installation: { id: random.int(1e7, 9e7), node_id: random.hex(32) },
  };
}
