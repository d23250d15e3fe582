/** What an event is about, by the provider's own id of it: of all providers, over HTTP, as `observe` tells it. */
import { appInbox, postback, uphance, upsales } from "@answerback/core";
import { discord, discordWebhookEvents } from "@answerback/providers/discord";
import { github } from "@answerback/providers/github";
import { meta } from "@answerback/providers/meta";
import { shopify } from "@answerback/providers/shopify";
import { slack } from "@answerback/providers/slack";
import { sns } from "@answerback/providers/sns";
import { standardWebhooks } from "@answerback/providers/standard-webhooks";
import { stripe } from "@answerback/providers/stripe";
import { telegram } from "@answerback/providers/telegram";
import { twilio } from "@answerback/providers/twilio";
import { describe, expect, it } from "vitest";
import { two } from "../life-cycle/support.ts";
import { openHouse } from "../support/house.ts";

/** A body, with the path or the headers that go with it. */
interface Sent {
  readonly json?: unknown;
  readonly form?: Record<string, string>;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

const secret = "a-secret";
const publicKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const TopicArn = "arn:aws:sns:eu-west-1:123456789012:Orders";
const fetch = async () => new Response();

const run = { appId: 1, date: "2024-04-12T07:07:19.000Z", customer: { id: 10488, name: "Acme AB" } };
const upsalesOf = (path: string, data?: unknown): Sent => ({ path, json: { ...run, data } });
const interaction = { id: "1", application_id: "2", token: "t", data: { name: "crunch", custom_id: "c" } };
const appEvent = (type: string, data: object): Sent => ({
  json: { type: 1, application_id: "2", event: { type, timestamp: "2026-01-01T00:00:00", data } },
});
const githubOf = (event: string, payload: object): Sent => ({
  json: payload,
  headers: { "x-github-event": event, "x-github-delivery": "a-guid" },
});
const repository = { full_name: "octocat/site" };
const shopifyOf = (topic: string, body: object): Sent => ({
  json: body,
  headers: { "x-shopify-topic": topic, "x-shopify-event-id": "e1" },
});
const payload = (fields: object): Sent => ({
  form: { payload: JSON.stringify({ trigger_id: "1.2", user: { id: "U7" }, team: { id: "T1" }, ...fields }) },
});
const slackEvent = (event: object): Sent => ({
  json: { type: "event_callback", team_id: "T1", event_id: "Ev1", event },
});
const snsOf = (Type: string): Sent => ({
  json: { Type, MessageId: "m-1", TopicArn, Message: "{}", Timestamp: "2026-01-01T00:00:00Z", Token: "t" },
});
const hook = (type: string, data: object): Sent => ({
  json: { type, data },
  headers: { "webhook-id": "msg_1" },
});
const stripeOf = (type: string, fields: object): Sent => ({ json: { id: "evt_1", type, ...fields } });
const update = (fields: object): Sent => ({ json: { update_id: 1, ...fields } });
const whatsapp = (value: object, field = "messages"): Sent => ({
  json: { object: "whatsapp_business_account", entry: [{ id: "102290", changes: [{ value, field }] }] },
});
const messaging = (item: object): Sent => ({
  json: { object: "page", entry: [{ id: "1784", messaging: [{ sender: { id: "7" }, ...item }] }] },
});

/** The provider, what is sent, and what it is about. */
const table: Record<string, readonly [provider: () => any, ...(readonly [Sent, string])[]]> = {
  upsales: [
    () => upsales({ paths: { "/validate": "order.validate" } }),
    [upsalesOf("/orderinsert/17", { object: { id: 17 } }), "17"],
    [upsalesOf("/contactdelete/18"), "18"],
    [upsalesOf("/orderedit", { object: { id: 19 } }), "19"],
    [upsalesOf("/validate", { object: { id: 20 } }), "20"],
    [upsalesOf("/widget/notification", { id: 99 }), "99"],
    [upsalesOf("/external", { rows: [] }), "10488"],
  ],
  uphance: [
    () => uphance(),
    [{ json: { event: "invoice_create", invoice: 4711 } }, "4711"],
    [{ json: { event: "product_update", product: { id: 5 } } }, "5"],
    [{ json: { event: "stock_take", id: "st-6" } }, "st-6"],
  ],
  "app-inbox": [() => appInbox(), [{ json: { id: "3f25", externalCustomerId: "cust-42" } }, "3f25"]],
  postback: [
    () => postback(),
    [{ form: { type: "CREATE", resource: "contact", data: '{"id":"11e66c8a"}' } }, "11e66c8a"],
  ],
  discord: [
    () => discord({ publicKey }),
    [{ json: { ...interaction, type: 2, member: { user: { id: "7001" } } } }, "7001"],
    [{ json: { ...interaction, type: 3, user: { id: "7002" } } }, "7002"],
  ],
  "discord's webhook events": [
    () => discordWebhookEvents({ publicKey }),
    [appEvent("APPLICATION_AUTHORIZED", { user: { id: "7003" } }), "7003"],
    [appEvent("ENTITLEMENT_CREATE", { id: "9", user_id: "7004" }), "7004"],
    [appEvent("ENTITLEMENT_DELETE", { id: "9" }), "9"],
    [appEvent("LOBBY_MESSAGE_CREATE", { id: "9", author: { id: "7005" } }), "7005"],
  ],
  github: [
    () => github({ secret }),
    [githubOf("issues", { action: "opened", repository, issue: { number: 42 } }), "octocat/site#42"],
    [
      githubOf("pull_request", { action: "closed", repository, pull_request: { number: 43 } }),
      "octocat/site#43",
    ],
    [
      githubOf("discussion", { action: "created", repository, discussion: { number: 44 } }),
      "octocat/site#44",
    ],
    [githubOf("push", { repository, sender: { login: "octocat" } }), "octocat/site"],
    [githubOf("organization", { action: "renamed", organization: { login: "github" } }), "github"],
    [githubOf("installation", { action: "created", installation: { account: { login: "acme" } } }), "acme"],
    [githubOf("github_app_authorization", { action: "revoked", sender: { login: "octocat" } }), "octocat"],
  ],
  slack: [
    () => slack({ signingSecret: secret }),
    [
      {
        form: {
          command: "/deploy",
          text: "",
          trigger_id: "1.2",
          user_id: "U1",
          channel_id: "C1",
          team_id: "T1",
        },
      },
      "U1",
    ],
    [payload({ type: "view_submission", view: { id: "V1", hash: "h" } }), "U7"],
    [slackEvent({ type: "app_mention", user: "U2", channel: "C1" }), "U2"],
    [slackEvent({ type: "team_join", user: { id: "U3" } }), "U3"],
    [slackEvent({ type: "channel_rename", channel: { id: "C2" } }), "C2"],
    [slackEvent({ type: "file_public", file_id: "F1" }), "F1"],
    [slackEvent({ type: "team_rename", name: "Acme" }), "T1"],
    [{ json: { type: "app_rate_limited", team_id: "T2" } }, "T2"],
  ],
  "standard webhooks": [
    () => standardWebhooks({ secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }),
    [hook("user.created", { id: "user_1" }), "user_1"],
    [hook("email.sent", { email_id: "em_1" }), "em_1"],
  ],
  stripe: [
    () => stripe({ secret }),
    [stripeOf("invoice.paid", { data: { object: { id: "in_1" } } }), "in_1"],
    [stripeOf("v2.core.account.updated", { related_object: { id: "acct_1" } }), "acct_1"],
  ],
  shopify: [
    () => shopify({ clientSecret: secret }),
    [shopifyOf("orders/create", { id: 450, customer: { id: 7 } }), "450"],
    [shopifyOf("refunds/create", { id: 451, order_id: 450 }), "450"],
    [shopifyOf("fulfillments/update", { id: 452, order_id: 450 }), "450"],
    [shopifyOf("inventory_levels/update", { inventory_item_id: 271 }), "271"],
    [
      shopifyOf("bulk_operations/finish", { admin_graphql_api_id: "gid://shopify/BulkOperation/1" }),
      "gid://shopify/BulkOperation/1",
    ],
    [shopifyOf("customers/redact", { shop_id: 9, shop_domain: "a.myshopify.com", customer: { id: 7 } }), "7"],
    [shopifyOf("shop/redact", { shop_id: 9, shop_domain: "a.myshopify.com" }), "9"],
  ],
  twilio: [
    () => twilio({ authToken: secret }),
    [{ form: { MessageSid: "SM1", Body: "Hi" } }, "SM1"],
    [{ form: { MessageSid: "SM2", MessageStatus: "sent" } }, "SM2"],
    [{ form: { CallSid: "CA1" } }, "CA1"],
    [{ form: { CallSid: "CA2", CallStatus: "busy", SequenceNumber: "1" } }, "CA2"],
    [{ form: { RecordingSid: "RE1", CallSid: "CA3", RecordingStatus: "completed" } }, "RE1"],
  ],
  meta: [
    () => meta({ appSecret: secret, verifyToken: secret }),
    [
      whatsapp({ messages: [{ id: "wamid.1", from: "46701234567", timestamp: "1", type: "text" }] }),
      "wamid.1",
    ],
    [whatsapp({ statuses: [{ id: "wamid.2", status: "read", timestamp: "1" }] }), "wamid.2"],
    [whatsapp({ event: "APPROVED" }, "message_template_status_update"), "102290"],
    [messaging({ message: { mid: "m_1" } }), "m_1"],
    [messaging({ reaction: { mid: "m_2" } }), "m_2"],
    [messaging({ read: { watermark: 1 } }), "7"],
  ],
  telegram: [
    () => telegram({ secretToken: secret }),
    [update({ message: { message_id: 1, from: { id: 5 }, chat: { id: -6 }, date: 1 } }), "5"],
    [update({ channel_post: { message_id: 1, chat: { id: -6 }, date: 1 } }), "-6"],
    [update({ message_reaction: { user: { id: 5 }, chat: { id: -6 } } }), "5"],
    [update({ poll: { id: "8" } }), "8"],
  ],
  sns: [
    () => sns({ topicArn: TopicArn, fetch }),
    [snsOf("Notification"), "m-1"],
    [snsOf("SubscriptionConfirmation"), TopicArn],
    [snsOf("UnsubscribeConfirmation"), TopicArn],
  ],
};

const rows = Object.entries(table).flatMap(([name, [provider, ...sent]]) =>
  sent.map(([request, id]) => ({ name, provider, request, id })),
);

describe.each(two)("$name", (framework) => {
  it.each(rows)("any.50 $name: $id is what it is about", async (row) => {
    const { provider, request, id } = row;
    const house = await openHouse(framework, "upsales", {
      provider: provider(),
      options: { authenticate: false, requireHttps: false, publicUrl: "https://app.example/upsales" },
    });
    await house.deliver(asSample(request));
    expect(house.observed).toMatchObject([{ kind: "run", id }, { kind: "delivery" }]);
  });
});

function asSample({ json, form, path = "", headers }: Sent) {
  const type = form ? "application/x-www-form-urlencoded" : "application/json";
  return {
    path: `/upsales${path}`,
    headers: { "content-type": type, ...headers },
    body: form ? new URLSearchParams(form).toString() : JSON.stringify(json),
  };
}
