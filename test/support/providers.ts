/** The four providers of core as the samples know them. */
import { appInbox, basicAuth, bodySecret, postback, uphance, upsales, urlSecret } from "@answerback/core";

/** A provider function without its types, of which the four have none in common. */
type Make = (options?: object) => any;

/** The providers as the samples know them: where they are mounted, with which credentials. */
export const providers = {
  upsales: {
    make: upsales as Make,
    at: "/upsales",
    authenticate: bodySecret("authenticationKey", "a-key-of-the-app-4711"),
  },
  uphance: {
    make: uphance as Make,
    at: "/hooks/uphance",
    authenticate: urlSecret("0b6f4a3c9d1e4f7fa2c58e7d6b901234"),
  },
  "app-inbox": {
    make: appInbox as Make,
    at: "/hooks/inbox",
    authenticate: basicAuth({ username: "inbox", password: "correct-horse-battery" }),
  },
  postback: {
    make: postback as Make,
    at: "/hooks/postback",
    authenticate: basicAuth({ username: "hook", password: "correct-horse-battery" }),
  },
} as const;

export type ProviderName = keyof typeof providers;
