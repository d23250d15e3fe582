/** What Slack sends, field by field, each from its seed. */
import type { Fields } from "../deliveries/delivery.ts";
import { inSeconds } from "../lib/digest.ts";
import { idOf, parsedObject } from "../lib/json.ts";
import type { Random } from "../lib/random.ts";
import type { Make } from "./builder.ts";
import type { TextOptions } from "./simulate.ts";

const agent = {
  Accept: "application/json,*/*",
  "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
};

/** A slash command: flat fields. */
export const command: Make = (random, given) => {
  const { team, user, app, channel } = world(random);
  const form: Record<string, string | undefined> = {
    token: random.hex(24),
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: user.id,
    user_name: user.name,
    command: "/crunch",
    text: random.sentence(),
    api_app_id: app,
    is_enterprise_install: "false",
    response_url: `https://hooks.slack.com/commands/${team.id}/${random.int(1e12, 9e12)}/${random.hex(24)}`,
    trigger_id: triggerId(random),
    ...(given as Readonly<Record<string, string | undefined>> | undefined),
  };
  return {
    event: `command ${form["command"]}`,
    id: form["trigger_id"],
    form,
    headers: agent,
  };
};

/** A click on a button of a message. */
export const blockActions: Make = (random, given) => {
  const { team, user, app, channel } = world(random);
  const ts = timestamp(random);
  return interaction(given, {
    type: "block_actions",
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    api_app_id: app,
    token: random.hex(24),
    container: { type: "message", message_ts: ts, channel_id: channel.id, is_ephemeral: false },
    trigger_id: triggerId(random),
    team,
    enterprise: null,
    is_enterprise_install: false,
    channel,
    message: { type: "message", user: "U0BOT00001", ts, text: random.sentence(), team: team.id, blocks: [] },
    state: { values: {} },
    response_url: `https://hooks.slack.com/actions/${team.id}/${random.int(1e12, 9e12)}/${random.hex(24)}`,
    actions: [
      {
        action_id: "approve",
        block_id: random.hex(5),
        text: { type: "plain_text", text: "Approve", emoji: true },
        value: String(random.int(1, 9_999)),
        type: "button",
        action_ts: timestamp(random),
      },
    ],
  });
};

/** A modal that was sent. */
export const viewSubmission: Make = (random, given) => {
  const { team, user, app } = world(random);
  return interaction(given, {
    type: "view_submission",
    team,
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    api_app_id: app,
    token: random.hex(24),
    trigger_id: triggerId(random),
    view: {
      id: `V${random.hex(10).toUpperCase()}`,
      team_id: team.id,
      type: "modal",
      callback_id: "order",
      private_metadata: "",
      state: { values: { amount: { value: { type: "plain_text_input", value: random.amount() } } } },
      hash: `${timestamp(random)}.${random.hex(8)}`,
    },
    response_urls: [],
    is_enterprise_install: false,
    enterprise: null,
  });
};

function interaction(given: Fields, made: Fields): TextOptions {
  const payload: Fields = { ...made, ...given };
  return {
    event: String(payload["type"]),
    id: idOf(payload["trigger_id"]),
    form: { payload: JSON.stringify(payload) },
    headers: agent,
  };
}

/** An event in its envelope. */
export const event: Make = (random, given) => {
  const { team, user, app, channel } = world(random);
  const ts = timestamp(random);
  const inner: Fields = {
    type: "app_mention",
    user: user.id,
    ts,
    client_msg_id: random.uuid(),
    text: `<@U0BOT00001> ${random.sentence()}`,
    team: team.id,
    channel: channel.id,
    event_ts: ts,
    ...given,
  };
  const json = {
    token: random.hex(24),
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app,
    event: inner,
    type: "event_callback",
    event_id: `Ev${random.hex(9).toUpperCase()}`,
    event_time: Number(ts.split(".", 1)[0]),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: "U0BOT00001",
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${random.hex(40)}`,
  };
  return { event: String(inner["type"]), id: json.event_id, json, headers: agent };
};

/** The challenge may come back as text, as a form, or as JSON. */
export const urlVerification: Make = (random, given) => {
  const json = { token: random.hex(24), challenge: random.hex(52), type: "url_verification", ...given };
  const { challenge } = json;
  return {
    event: "url_verification",
    json,
    headers: agent,
    taken({ status, body }) {
      if (status !== 200) return false;
      const said = [body, parsedObject(body)?.["challenge"], new URLSearchParams(body).get("challenge")];
      return said.includes(challenge) || "the challenge is not in the answer";
    },
  };
};

function world(random: Random) {
  const id = (letter: string) => `${letter}0${random.hex(9).toUpperCase()}`;
  return {
    team: { id: id("T"), domain: "acme" },
    user: { id: id("U"), name: random.name().first.toLowerCase() },
    app: id("A"),
    channel: { id: id("C"), name: random.pick(["general", "orders", "support"]) },
  };
}

const triggerId = (random: Random) => `${random.int(1e12, 9e12)}.${random.int(1e10, 9e10)}.${random.hex(32)}`;

const timestamp = (random: Random) =>
  `${inSeconds(random.instant())}.${String(random.int(0, 999_999)).padStart(6, "0")}`;
