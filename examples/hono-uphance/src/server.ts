/** The process: reads the environment, listens, and finishes what it began when it is told to stop. */
import { once } from "node:events";
import { serve } from "@hono/node-server";
import { createApp } from "./app.ts";

const { UPHANCE_SECRET, PORT = "3000" } = process.env;

const { app, receiver } = createApp({
  secret: UPHANCE_SECRET,
  ship: ({ id }) => console.log(`Pick ticket ${id} is on its way`),
  observe: (record) => console.log(JSON.stringify(record)),
  onError: console.error,
});
const server = serve({ fetch: app.fetch, port: Number(PORT) });
await once(server, "listening");
console.log(`Listening on http://localhost:${PORT}/hooks/uphance/…`);

await once(process, "SIGTERM");
// what runs may end, what arrives meanwhile is told to come again; then the port is given back
await receiver.close({ within: "10s" });
server.close();
