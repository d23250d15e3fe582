/** The process: listens, and finishes what it began when it is told to stop. */
import { once } from "node:events";
import { createServer } from "node:http";
import { createApp } from "./app.ts";
import { backend } from "./backend.ts";
import { makeReceiver } from "./receiver.ts";
import { settings } from "./settings.ts";

const { PORT = "3000" } = process.env;

const receiver = makeReceiver({
  ...settings,
  backend,
  observe: (record) => console.log(JSON.stringify(record)),
  onError: console.error,
});
const app = createApp(receiver);
const server = createServer((request, response) => void app(request, response)).listen(Number(PORT));
await once(server, "listening");
console.log(`Listening on http://localhost:${PORT}/hooks`);

await once(process, "SIGTERM");
// what runs may end, what arrives meanwhile is told to come again; then the port is given back
await receiver.close({ within: "10s" });
await backend.close();
server.close();
