/** The process: reads the environment, listens, and closes the app when it is told to stop. */
import { once } from "node:events";
import { createExpressApp, createFastifyApp } from "./app.ts";
import { backend } from "./backend.ts";

const { UPSALES_KEY, PLATFORM = "express", PORT = "3000" } = process.env;

const createApp = PLATFORM === "fastify" ? createFastifyApp : createExpressApp;
const app = await createApp({
  key: UPSALES_KEY,
  backend,
  observe: (record) => console.log(JSON.stringify(record)),
  onError: console.error,
});
await app.listen(Number(PORT));
console.log(`Listening on http://localhost:${PORT}/upsales`);

await once(process, "SIGTERM");
await app.close();
await backend.close();
