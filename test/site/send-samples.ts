/** Sends the samples of each provider's page to the app of the same page, and prints those that it does not take. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { send, signed } from "@answerback/simulator";
import type { Express } from "express";
import { providers } from "../../packages/site/generate/providers/list.ts";
import { mountsOf } from "../../packages/site/generate/providers/mount.ts";
import { mounted } from "../../packages/site/generate/providers/samples.ts";

const [folder = ""] = process.argv.slice(2);
const refused: string[] = [];
console.log = () => {}; // what the handlers of the examples print
process.on("warning", (warning: Error & { code?: string }) => {
  if (warning.code?.endsWith("schema_drift")) refused.push(warning.message);
});

for (const listed of providers) {
  const { app }: { app: Express } = await import(join(folder, listed.name, "app.ts"));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const [index, { samples }] of listed.endpoints.entries())
    for (const [what, delivery] of Object.entries(samples)) {
      // signed for the address that the provider was given, not for that of this server
      const sample = signed(mounted(delivery, mountsOf(listed)[index]!), {
        to: new URL("https://app.example"),
      });
      const seen = await send(sample, url);
      const answer = seen.kind === "answered" ? `${seen.status} ${seen.body}` : seen.kind;
      if (!/^20[04]/.test(answer)) refused.push(`${listed.title}, ${what}: ${answer}`);
    }
  server.close();
}
process.stdout.write(refused.join("\n"));
process.exit(0);
