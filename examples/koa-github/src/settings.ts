/** What the environment says, what a commit has to pass, and the token that is posted with. */
import { createAppAuth } from "@octokit/auth-app";
import type { Settings } from "./receiver.ts";

const { GITHUB_WEBHOOK_SECRET, GITHUB_APP_ID, GITHUB_PRIVATE_KEY } = process.env;

export const settings: Settings = {
  secret: GITHUB_WEBHOOK_SECRET,
  tokenOf,
  check: async (sha) => (sha === "" ? ["There is no commit."] : []),
};

/** Made by the App's own key, good for an hour, and kept that long. */
async function tokenOf(installationId: number): Promise<string> {
  if (!GITHUB_APP_ID || !GITHUB_PRIVATE_KEY) throw new Error("set GITHUB_APP_ID and GITHUB_PRIVATE_KEY");
  const auth = createAppAuth({ appId: GITHUB_APP_ID, privateKey: GITHUB_PRIVATE_KEY });
  const { token } = await auth({ type: "installation", installationId });
  return token;
}
