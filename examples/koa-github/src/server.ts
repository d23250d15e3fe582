/** The process: reads the environment, listens, and finishes what it began when it is told to stop. */
import { once } from "node:events";
import { createAppAuth } from "@octokit/auth-app";
import { createApp } from "./app.ts";

const { GITHUB_WEBHOOK_SECRET, GITHUB_APP_ID, GITHUB_PRIVATE_KEY, PORT = "3000" } = process.env;

const { app, receiver } = createApp({
  secret: GITHUB_WEBHOOK_SECRET,
  tokenOf,
  check: async (sha) => (sha === "" ? ["There is no commit."] : []),
  observe: (record) => console.log(JSON.stringify(record)),
  onError: console.error,
});
const server = app.listen(Number(PORT));
await once(server, "listening");
console.log(`Listening on http://localhost:${PORT}/hooks/github`);

await once(process, "SIGTERM");
// what runs may end, what arrives meanwhile is told to come again; then the port is given back
await receiver.close({ within: "10s" });
server.close();

/** Made by the App's own key, good for an hour, and kept that long. */
async function tokenOf(installationId: number): Promise<string> {
  if (!GITHUB_APP_ID || !GITHUB_PRIVATE_KEY) throw new Error("set GITHUB_APP_ID and GITHUB_PRIVATE_KEY");
  const auth = createAppAuth({ appId: GITHUB_APP_ID, privateKey: GITHUB_PRIVATE_KEY });
  const { token } = await auth({ type: "installation", installationId });
  return token;
}
