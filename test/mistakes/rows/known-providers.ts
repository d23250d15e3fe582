/** The options of the providers that people have. */
import { meta } from "@answerback/providers/meta";
import { shopify } from "@answerback/providers/shopify";
import { slack } from "@answerback/providers/slack";
import { sns } from "@answerback/providers/sns";
import { stripe } from "@answerback/providers/stripe";
import { telegram } from "@answerback/providers/telegram";
import { twilio } from "@answerback/providers/twilio";
import { given, js } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

const secret = "a-secret-of-the-endpoint";
const topicArn = "arn:aws:sns:eu-west-1:123456789012:MyTopic";

/** The rows. */
export const knownProviders: readonly Chapter[] = [
  {
    title: "Providers that people have",
    rows: [
      row(
        "`stripe` with a variable that is not set",
        () => stripe({ secret: undefined }),
        "missing",
        "stripe: secret: it is missing; **is the environment variable set?**",
      ),
      row(
        "a key of Stripe's API as `secret`",
        () => stripe({ secret: "sk_live_4711" }),
        "invalid",
        "stripe: secret: it is a key of Stripe's API; **give the endpoint's signing secret, whsec_…**",
      ),
      row(
        "a bot's token as Slack's `signingSecret`",
        () => slack({ signingSecret: "xoxb-4711" }),
        "invalid",
        "slack: signingSecret: it is a token of Slack's; **give the app's signing secret, from its page \"Basic Information\"**",
      ),
      row(
        "an access token as Shopify's `clientSecret`",
        () => shopify({ clientSecret: "shpat_4711" }),
        "invalid",
        "shopify: clientSecret: it is an access token of Shopify's; **give the app's client secret, or the secret that the admin shows**",
      ),
      row(
        '`stripe({ apiVersion: "latest" })`',
        () => stripe({ secret, apiVersion: "latest" }),
        "invalid",
        'stripe: apiVersion: **write it as Stripe does: "2025-09-30.clover"**',
      ),
      row(
        "a handler for `invoice.payed`",
        () => given({ authenticate: undefined, handle: { "invoice.payed": () => {} } }, stripe({ secret })),
        "unknown",
        'handle: stripe has no event "invoice.payed"; it has invoice.created, invoice.deleted, invoice.finalization_failed, invoice.finalized, invoice.marked_uncollectible, invoice.overdue, invoice.overpaid, invoice.paid, invoice.payment_action_required, invoice.payment_attempt_required, invoice.payment_failed, invoice.payment_succeeded, invoice.sent, invoice.upcoming, invoice.updated, invoice.voided, invoice.will_be_due, and "*" for the rest; **did you mean "invoice.paid"?**',
      ),
      row(
        "`shopify({ secret })`",
        () => js(shopify)({ secret }),
        "unknown",
        "shopify: secret: there is no option secret; **did you mean clientSecret?**",
      ),
      row(
        "`twilio` in a receiver without `publicUrl`",
        () => given({ authenticate: undefined }, twilio({ authToken: secret })),
        "missing",
        "publicUrl: twilio signs the address to which it sends; **give it as it is registered, such as https://example.com/hooks**",
      ),
      row(
        "`meta` without a `verifyToken`",
        () => js(meta)({ appSecret: secret }),
        "missing",
        "meta: verifyToken: it is missing; **is the environment variable set?**",
      ),
      row(
        "`telegram` with a secret that Telegram does not take",
        () => telegram({ secretToken: "a secret" }),
        "invalid",
        "telegram: secretToken: **write it with letters, digits, _ and -, at most 256**",
      ),
      row(
        '`sns({ topicArn: "MyTopic" })`',
        () => sns({ topicArn: "MyTopic", fetch }),
        "invalid",
        "sns: topicArn: **it is no ARN of a standard topic, such as arn:aws:sns:eu-west-1:123456789012:MyTopic**",
      ),
      row(
        "`sns` without a `fetch`",
        () => js(sns)({ topicArn }),
        "missing",
        "sns: fetch: it is missing; **give what fetches certificates, such as guardedFetch of @answerback/node**",
      ),
    ],
  },
];
