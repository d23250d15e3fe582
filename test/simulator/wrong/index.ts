/** All the wrong receivers, and three that are no receivers at all. */
import { createServer } from "node:http";
import { appInbox } from "./app-inbox.ts";
import type { Wrong } from "./mistakes.ts";
import { postback } from "./postback.ts";
import { uphance } from "./uphance.ts";
import { upsales } from "./upsales.ts";

/** Receivers that are wrong on purpose, each in one way. */
export const wrongReceivers: readonly Wrong[] = [
  ...upsales,
  ...uphance,
  ...appInbox,
  ...postback,
  {
    provider: "postback",
    mistake: "never answers",
    build: () => createServer(() => {}),
    clause: "postback.3",
    scenario: "handles and acknowledges a delivery",
  },
  {
    provider: "uphance",
    mistake: "hangs up on everybody",
    build: () => createServer((request) => request.destroy()),
    clause: "uphance.3",
    scenario: "handles and acknowledges a delivery",
  },
  {
    provider: "appInbox",
    mistake: "says yes to everything",
    build: () => createServer((_, response) => response.end()),
    clause: "inbox.4",
    scenario: "handles and acknowledges a delivery",
  },
];
