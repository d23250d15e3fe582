/** Deliveries whose sender signs the body: GitHub's and Slack's, the same two for everybody who checks them. */
import { createHmac } from "node:crypto";
import { idOf } from "./deliveries.ts";

/** Who signs what: an issue that was opened, whole or as short as the other deliveries, and a message. */
export type SignedSample = "github, 600 B" | "github, 6.6 kB" | "slack, 1.2 kB";

/** What both sides know. */
export const secret = "a-secret-that-both-sides-know";

/** A delivery as it is sent. */
export interface SignedDelivery {
  readonly headers: Record<string, string>;
  readonly body: string;
  /** The signature of another body, where the id of the event is in the body. */
  readonly sign?: (body: Uint8Array) => string;
}

/** A delivery of the event 0. */
export function signedDelivery(sample: SignedSample): SignedDelivery {
  if (sample === "slack, 1.2 kB") return slackDelivery();
  return githubDelivery(sample === "github, 6.6 kB" ? issueOpened : issueInShort);
}

/** Its id is in a header, so all of them have one signature. */
function githubDelivery(event: object): SignedDelivery {
  const body = JSON.stringify(event);
  const headers = {
    Host: "127.0.0.1",
    "User-Agent": "GitHub-Hookshot/044aadd",
    Accept: "*/*",
    "Content-Type": "application/json",
    "X-GitHub-Delivery": idOf(0),
    "X-GitHub-Event": "issues",
    "X-GitHub-Hook-ID": "292430182",
    "X-GitHub-Hook-Installation-Target-ID": "79929171",
    "X-GitHub-Hook-Installation-Target-Type": "repository",
    "X-Hub-Signature-256": `sha256=${hmacOf(Buffer.from(body))}`,
  };
  return { headers, body };
}

/** Good for five minutes. */
function slackDelivery(): SignedDelivery {
  const body = JSON.stringify(messagePosted);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const sign = (bytes: Uint8Array) => `v0=${hmacOf(Buffer.from(`v0:${timestamp}:`), bytes)}`;
  const headers = {
    Host: "127.0.0.1",
    "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    Accept: "application/json,*/*",
    "Accept-Encoding": "gzip,deflate",
    "Content-Type": "application/json",
    "X-Slack-Request-Timestamp": timestamp,
    "X-Slack-Signature": sign(Buffer.from(body)),
  };
  return { headers, body, sign };
}

function hmacOf(...parts: readonly Uint8Array[]): string {
  const hmac = createHmac("sha256", secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

const api = "https://api.github.com/repos/octo-org/octo-repo";

const user = {
  ...{ login: "octocat", id: 583_231, node_id: "MDQ6VXNlcjU4MzIzMQ==", gravatar_id: "", type: "User" },
  avatar_url: "https://avatars.githubusercontent.com/u/583231?v=4",
  html_url: "https://github.com/octocat",
  ...Object.fromEntries(
    "followers following gists starred subscriptions organizations repos events received_events"
      .split(" ")
      .map((name) => [`${name}_url`, `https://api.github.com/users/octocat/${name}`]),
  ),
  ...{ url: "https://api.github.com/users/octocat", user_view_type: "public", site_admin: false },
};

const issueOpened = {
  action: "opened",
  issue: {
    ...{ id: 1_444_111_222, node_id: "I_kwDOEwCmU85WEzUW", number: 4_711, state: "open", locked: false },
    ...{ url: `${api}/issues/4711`, html_url: "https://github.com/octo-org/octo-repo/issues/4711" },
    ...{ repository_url: api, labels_url: `${api}/issues/4711/labels{/name}` },
    ...{ title: "Webhooks arrive twice", body: "Since this morning we see each of them twice. ".repeat(8) },
    ...{ user, labels: [], assignee: null, assignees: [], milestone: null, comments: 0 },
    ...{ created_at: "2026-11-20T09:00:00Z", updated_at: "2026-11-20T09:00:00Z", closed_at: null },
    ...{ author_association: "CONTRIBUTOR", active_lock_reason: null, state_reason: null },
    reactions: { total_count: 0, "+1": 0, "-1": 0, laugh: 0, hooray: 0, confused: 0, heart: 0, eyes: 0 },
  },
  repository: {
    ...{ id: 79_929_171, node_id: "MDEwOlJlcG9zaXRvcnk3OTkyOTE3MQ==", name: "octo-repo", private: false },
    ...{ full_name: "octo-org/octo-repo", owner: user, html_url: "https://github.com/octo-org/octo-repo" },
    ...{ description: "What the octocats build", fork: false, url: api, default_branch: "main" },
    ...Object.fromEntries(
      "forks keys teams hooks events branches tags blobs trees statuses languages stargazers contributors subscribers commits comments contents compare merges archive downloads issues pulls milestones notifications labels releases deployments"
        .split(" ")
        .map((name) => [`${name}_url`, `${api}/${name}{/id}`]),
    ),
    ...{ created_at: "2017-01-24T15:00:00Z", pushed_at: "2026-11-20T08:59:00Z", size: 108, language: "C" },
    ...{ stargazers_count: 80, watchers_count: 80, forks_count: 9, open_issues_count: 3, archived: false },
    ...{ topics: ["webhooks", "events"], visibility: "public", has_issues: true, has_wiki: false },
  },
  sender: user,
};

const issueInShort = {
  action: "opened",
  issue: { number: 4_711, title: "Webhooks arrive twice", body: issueOpened.issue.body, state: "open" },
  repository: { id: 79_929_171, full_name: "octo-org/octo-repo", private: false },
  sender: { login: "octocat", id: 583_231, type: "User" },
};

const messagePosted = {
  ...{ token: "one-that-nobody-checks", team_id: "T123ABC456", api_app_id: "A123ABC456" },
  event: {
    ...{ type: "message", user: "U123ABC456", ts: "1732000000.000200", team: "T123ABC456" },
    ...{ client_msg_id: "5a0d6a52-9f5c-4ad4-8f0b-0f3c8d9f3c3b", channel: "C123ABC456" },
    ...{ text: "Your order is on its way. ".repeat(8).trim(), event_ts: "1732000000.000200" },
    blocks: [
      {
        ...{ type: "rich_text", block_id: "b1" },
        elements: [
          {
            type: "rich_text_section",
            elements: [{ type: "text", text: "Your order is on its way. ".repeat(8).trim() }],
          },
        ],
      },
    ],
    channel_type: "channel",
  },
  ...{ type: "event_callback", event_id: `Ev${idOf(0)}`, event_time: 1_732_000_000 },
  authorizations: [
    {
      enterprise_id: null,
      team_id: "T123ABC456",
      user_id: "U987ZYX654",
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
  ...{ is_ext_shared_channel: false, event_context: "4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMTIzIn0" },
};
