/** What is registered with each provider: where to send to, and what shows who sends. */

export const upsales = { mount: "/upsales", authenticationKey: "a-key-of-the-app-4711" };
export const uphance = { mount: "/hooks/uphance", secret: "0b6f4a3c9d1e4f7fa2c58e7d6b901234" };
export const appInbox = { mount: "/hooks/inbox", auth: { username: "inbox", password: "correct-horse" } };
export const postback = { mount: "/hooks/postback", auth: { username: "hook", password: "battery-staple" } };
