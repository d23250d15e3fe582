/** The code on a page, laid out as files in a folder where the packages can be found. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { top } from "../house/imports.ts";

const run = promisify(execFile);

/** The secrets that pages read from the environment. */
export const secrets = {
  UPSALES_KEY: "a-key-of-the-app-4711",
  POSTBACK_PASSWORD: "correct-horse-battery",
  POSTBACK_PATH: "a-long-secret-of-the-address",
  INBOX_PASSWORD: "correct-horse-battery",
  UPHANCE_SECRET: "0b6f4a3c9d1e4f7fa2c58e7d6b901234",
  ACME_SECRET: "0b6f4a3c9d1e4f7fa2c58e7d6b901234",
  DISCORD_PUBLIC_KEY: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  GITHUB_WEBHOOK_SECRET: "It's a Secret to Everybody",
  SLACK_SIGNING_SECRET: "8f742231b10e8888abcd99yyyzzz85a5",
  CLERK_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  STRIPE_WEBHOOK_SECRET: "whsec_a_secret_of_the_endpoint",
  SHOPIFY_CLIENT_SECRET: "a-client-secret",
  TWILIO_AUTH_TOKEN: "12345678901234567890123456789012",
  META_APP_SECRET: "an-app-secret",
  META_VERIFY_TOKEN: "a-token-of-yours",
  TELEGRAM_SECRET: "a-secret_token",
};

/** A page's files, ready to run. */
export interface Pasted {
  readonly folder: string;
  readonly files: readonly string[];
}

/** A page's files in a folder of their own, as somebody who pastes them has them. */
export function paste(page: string): Pasted {
  const folder = newFolder();
  return { folder, files: write(page, folder) };
}

/** The files of many pages, each page's in a folder of its own, beside a tsconfig for all of them. */
export function pasteAll(pages: readonly string[]): Pasted {
  const folder = newFolder();
  const files = pages.flatMap((page) => {
    const own = page.replaceAll(/\W+/g, "-");
    mkdirSync(join(folder, own));
    const files = write(page, join(folder, own));
    if (files.length === 0) throw new Error(`${page} shows no code`);
    return files.map((file) => `${own}/${file}`);
  });
  const tsconfig = { extends: "../../tsconfig.json", files, include: [], exclude: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  return { folder, files };
}

function newFolder(): string {
  const parent = join(top, "test/.pasted");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "page-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes each `ts` block under the name in its first line, `// app.ts`. Returns the names. */
function write(page: string, folder: string): string[] {
  const blocks = readFileSync(join(top, page), "utf8").matchAll(/^```ts\n([^]*?)^```$/gm);
  return Array.from(blocks, ([, code = ""]) => {
    const name = /^\/\/ ([\w./-]+\.ts)\n/.exec(code)?.[1];
    if (!name) throw new Error(`${page}: a block does not say in its first line which file it is:\n${code}`);
    writeFileSync(join(folder, name), code);
    return name;
  });
}

/** What a command of the workspace printed, and how it ended. */
export async function output(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<{ code: number; text: string }> {
  const env = { ...process.env, ...options.env };
  const done = run(command, args, { cwd: options.cwd, env });
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, text: `${stdout}${stderr}` }),
  );
}
