/** The process: reads the environment, listens, and finishes what it began when it is told to stop. */
import { once } from "node:events";
import { createApp } from "./app.ts";

const { UPSALES_KEY, CRUNCH_SECONDS = "0", PORT = "3000" } = process.env;

const { app, receiver } = createApp({
  key: UPSALES_KEY,
  crunchSeconds: Number(CRUNCH_SECONDS),
  observe: (record) => console.log(JSON.stringify(record)),
  onError: console.error,
});
const server = app.listen(Number(PORT));
await once(server, "listening");
console.log(`Listening on http://localhost:${PORT}/upsales`);

await once(process, "SIGTERM");
// what runs may end, what arrives meanwhile is told to come again; then the port is given back
await receiver.close({ within: "10s" });
server.close();
