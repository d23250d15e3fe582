/** The process: reads the environment, listens, and finishes what it began when it is told to stop. */
import { once } from "node:events";
import { createApp } from "./app.ts";

const { ACME_SECRET, PORT = "3000" } = process.env;

const { app, receiver } = createApp({
  secret: ACME_SECRET,
  // with memory, too, Acme is answered after 2.5 s: what a restart loses is this app's to say
  answerWithin: "2.5s",
  inStock: () => true,
  observe: (record) => console.log(JSON.stringify(record)),
  onError: console.error,
});
const server = app.listen(Number(PORT));
await once(server, "listening");
console.log(`Listening on http://localhost:${PORT}/hooks/acme`);

await once(process, "SIGTERM");
// what runs may end, what arrives meanwhile is told to come again; then the port is given back
await receiver.close({ within: "10s" });
server.close();
