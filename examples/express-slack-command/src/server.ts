/** The process: reads the environment, listens, and finishes what it began when it is told to stop. */
import { once } from "node:events";
import { createApp } from "./app.ts";

const { SLACK_SIGNING_SECRET, CRUNCH_SECONDS = "0", PORT = "3000" } = process.env;

const { app, receiver } = createApp({
  signingSecret: SLACK_SIGNING_SECRET,
  crunchSeconds: Number(CRUNCH_SECONDS),
  observe: (record) => console.log(JSON.stringify(record)),
  onError: console.error,
});
const server = app.listen(Number(PORT));
await once(server, "listening");
console.log(`Listening on http://localhost:${PORT}/slack`);

await once(process, "SIGTERM");
// what runs may end, what arrives meanwhile is told to come again; then the port is given back
await receiver.close({ within: "10s" });
server.close();
