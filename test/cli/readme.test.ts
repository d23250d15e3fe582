/** Every command in the README does what its row says, against the README's own app. */
import { spawn } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { deliveries, send } from "@answerback/simulator";
import { filesOf, top } from "../house/imports.ts";
import { paste } from "../docs/snippets.ts";
import { freePort } from "../support/free-port.ts";
import { answerback, start } from "./support.ts";

const readme = "packages/cli/README.md";
const page = readFileSync(join(top, readme), "utf8");
const examples = Array.from(
  page.matchAll(/^\| `[a-z ]+` *\|.*\| `answerback (.+?)` *\|$/gm),
  ([, args]) => args!,
);

it("every command has a row, and every row works", { timeout: 120_000 }, async () => {
  const rooms = filesOf("packages/cli/src/commands/**/*.ts").flatMap((file) =>
    Array.from(
      readFileSync(join(top, file), "utf8").matchAll(/new Command\("(\w+)"\)/g),
      ([, name]) => name!,
    ),
  );
  for (const name of rooms) expect(examples.join("\n")).toMatch(new RegExp(`(^|\\s)${name}\\b`, "m"));

  const { folder } = paste(readme);
  const port = await startApp(folder);
  const env = { ANSWERBACK_USER: "hook:correct-horse-battery", ANSWERBACK_BACKEND: "sqlite:answerback.db" };
  const run = (args: readonly string[]) => answerback(args, { cwd: folder, env });
  // one that dies, about the subject of the examples
  const auth = { username: "hook", password: "correct-horse-battery" };
  const fatal = deliveries.postback.contactUpdate({ auth, data: { id: "11e6", email: undefined } });
  await send(fatal, new URL(`http://127.0.0.1:${port}`));
  let key = "";
  for (const example of examples) {
    const args = example.replace("localhost:3000", `127.0.0.1:${port}`).replace("<key>", key).split(" ");
    if (args[0] === "listen") {
      await listenOnce(folder, args);
      continue;
    }
    const { code, out, err } = await run(args);
    expect([example, code, err, out.length > 0 || args.includes("--dry-run")]).toEqual([
      example,
      0,
      expect.anything(),
      true,
    ]);
    key ||= /dead .* (\S+)$/m.exec(out)?.[1] ?? "";
  }
  expect(key).not.toBe("");
});

/** Starts the README's own app on a port. */
async function startApp(folder: string): Promise<number> {
  const port = await freePort();
  const options = [
    "--conditions=source",
    "--experimental-strip-types",
    "--disable-warning=ExperimentalWarning",
  ];
  const app = spawn(process.execPath, [...options, "server.ts"], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void app.kill("SIGKILL"));
  await new Promise<void>((resolve, reject) => {
    app.stdout.once("data", () => resolve());
    app.once("exit", (code) => reject(new Error(`the app ended with ${code}`)));
  });
  return port;
}

/** Listens for one request of Postback's, and leaves it where the next row looks for it. */
async function listenOnce(folder: string, args: readonly string[]): Promise<void> {
  const port = await freePort();
  const listening = start([...args.map((arg) => (arg === "4000" ? String(port) : arg)), "--count", "1"], {
    cwd: folder,
  });
  await listening.until("Late answers come here");
  const auth = { username: "hook", password: "correct-horse-battery" };
  await send(deliveries.postback.contactCreate({ auth, seed: 99 }), new URL(`http://127.0.0.1:${port}`));
  expect((await listening.ended).code).toBe(0);
  const kept = join(folder, "deliveries");
  const file = readdirSync(kept).find((name) => name.endsWith(".http"))!;
  copyFileSync(join(kept, file), join(kept, "example.http"));
}
