/** An app that answers Upsales late, as a process of its own: `answerWithin` is 0, so its answer is always posted. */
import { createServer } from "node:http";
import { bodySecret, createReceiver, upsales } from "@answerback/core";
import { createNodeHandler } from "@answerback/node";

const receiver = createReceiver(upsales(), {
  answerWithin: "50ms",
  authenticate: bodySecret("authenticationKey", "a-key-of-the-app-4711"),
  onError: (error) => console.error(String(error)),
  handle: async () => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { callback: { notify: "Crunched" } };
  },
});
const handler = createNodeHandler(receiver);
const server = createServer((...exchange) => void handler(...exchange)).listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify(server.address()));
});
