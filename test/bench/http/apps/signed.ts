/** The servers that check a signature over the body: octokit's, bolt's, and ours with a provider of its own for each. */
import { createReceiver, hmacSignature } from "@answerback/core";
import { defineProvider, type Authenticator } from "@answerback/core/provider";
import { createNodeHandler } from "@answerback/node";
import { createNodeMiddleware, Webhooks } from "@octokit/webhooks";
import { App as BoltApp, HTTPReceiver } from "@slack/bolt";
import { z } from "zod";
import { path } from "../../work/deliveries.ts";
import { secret } from "../../work/signed-deliveries.ts";
import type { App } from "../app.ts";

let handled = 0;
const handle = async (): Promise<void> => void (handled += 1);

export const apps = {
  "octokit 14": () => {
    const webhooks = new Webhooks({ secret });
    webhooks.on("issues", handle);
    const middleware = createNodeMiddleware(webhooks, { path });
    return (req, res) => void middleware(req, res);
  },
  "answerback as octokit": () => oursOf(github, githubSignature),
  "bolt 5": () => {
    const receiver = new HTTPReceiver({ signingSecret: secret, endpoints: path });
    const app = new BoltApp({ receiver, authorize: async () => ({ botId: "B1", botUserId: "U1" }) });
    app.message(handle);
    return receiver.requestListener;
  },
  "answerback as bolt": () => oursOf(slack, slackSignature),
} satisfies Record<string, App>;

function oursOf(provider: any, authenticate: Authenticator): ReturnType<App> {
  let observed = 0;
  const receiver = createReceiver<any, any, any, any>(provider, {
    authenticate,
    handle,
    observe: () => void (observed += 1),
    warn: () => {},
  });
  const handler = createNodeHandler(receiver, { path });
  return (req, res) => void handler(req, res);
}

const issue = z.looseObject({ number: z.number(), title: z.string() });
const repository = z.looseObject({ full_name: z.string() });

/** The event's type and id are in headers. */
const github = defineProvider({
  name: "github",
  accepts: ["json"],
  events: { issues: { data: z.looseObject({ action: z.string(), issue, repository }) } },
  decode({ headers, body }) {
    const [type] = headers["x-github-event"] ?? [];
    const [id] = headers["x-github-delivery"] ?? [];
    if (!type || !id) throw new TypeError("an event without type or id");
    return { type, data: body, key: [id] };
  },
});

const envelope = z.looseObject({ event_id: z.string(), event: z.looseObject({ type: z.string() }) });

/** The event is in an envelope. */
const slack = defineProvider({
  name: "slack",
  accepts: ["json"],
  events: { message: { data: z.looseObject({ channel: z.string(), text: z.string() }) } },
  decode({ body }) {
    const { event_id, event } = envelope.parse(body);
    return { type: event.type, data: event, key: [event_id] };
  },
});

/** @see https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
const githubSignature = hmacSignature({ header: "X-Hub-Signature-256", prefix: "sha256=", secret });

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
const slackSignature = hmacSignature({
  header: "X-Slack-Signature",
  prefix: "v0=",
  signed: "v0:{timestamp}:{body}",
  timestamp: { header: "X-Slack-Request-Timestamp" },
  secret,
});
