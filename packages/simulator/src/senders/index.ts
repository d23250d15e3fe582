/** The senders by name, each made with the kit. */
import { discord } from "./discord.ts";
import { slack } from "./slack.ts";

/**
 * Providers that sign what they send, each told the secret that its receiver has.
 *
 * @example
 * const slack = senders.slack({ signingSecret: "8f742231b10e8888abcd99yyyzzz85a5" });
 * await play(app, slack.command({ mount: "/slack" }), { callbacks });
 */
export const senders: {
  /** Discord: interactions and webhook events. */
  readonly discord: typeof discord;
  /** Slack: commands, interactivity, events. */
  readonly slack: typeof slack;
} = { discord, slack };
