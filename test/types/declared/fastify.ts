/** What apps export on Fastify. */
import { appInbox, createReceiver } from "@answerback/core";
import { createFastifyPlugin } from "@answerback/fastify";
import fastify from "fastify";

export const receiver = createReceiver(appInbox(), {
  authenticate: false,
  handle: ({ data }) => console.log(data),
});

export const plugin = createFastifyPlugin(receiver, { path: "/hooks" });

export const app = fastify({ logger: true });
app.register(plugin);
app.register(plugin, { prefix: "/x", logLevel: "silent" });

/** A server of another kind takes it as well. */
export const secure = fastify({ http2: true, https: {} });
secure.register(plugin, { prefix: "/x" });
