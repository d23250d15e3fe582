/** A page followed step by step, as its reader would: commands run, files written, what is printed compared. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { output } from "./snippets.ts";

/** Where and how a page is followed. */
export interface Following {
  /** An empty folder. */
  readonly folder: string;
  readonly env: Record<string, string>;
  /** Stands for a line `npm install …`. Default: what the line says. */
  readonly install?: (line: string) => string;
  /** What the reader knows better than the page, such as the address of a database: text for text. */
  readonly instead?: Readonly<Record<string, string>>;
}

/**
 * Does what a page says, from its first block to its last. Throws at the first step that does not end as the page says.
 *
 * @returns All that was printed.
 */
export async function follow(
  page: string,
  { folder, env, install, instead = {} }: Following,
): Promise<string> {
  const shell = { cwd: folder, env };
  const commands: string[] = [];
  const printed: string[] = [];
  let stop: (() => Promise<void>) | undefined;
  try {
    for (const { language, code } of blocksOf(page)) {
      if (language === "ts") writeFileSync(join(folder, nameOf(code)), code);
      else if (language === "json") same(printed.at(-1), code);
      else if (language === "sh") {
        const script = Object.entries(instead).reduce((text, [old, own]) => text.replaceAll(old, own), code);
        const own = script.replaceAll(/^npm install .*$/gm, (line) => install?.(line) ?? line);
        // one shell for all, as for the reader: what is exported stays
        const exported = commands.flatMap((text) => text.match(/^export .*$/gm) ?? []).join("\n");
        commands.push(own);
        if (/\bnpm start\b/.test(own)) stop = await start(`${exported}\n${own}`, shell);
        else printed.push(await run(`${exported}\n${own}`, shell));
      }
    }
    return printed.join("\n");
  } finally {
    await stop?.();
  }
}

/** The blocks of code of a page, in turn. */
export function blocksOf(page: string): { language: string; code: string }[] {
  const blocks = page.matchAll(/^```(\w+).*\n([^]*?)^```$/gm);
  return Array.from(blocks, ([, language, code]) => ({ language: language!, code: code! }));
}

/** The packages that its lines `npm install …` name. */
export function installedBy(page: string): string[] {
  const lines = blocksOf(page).flatMap(({ code }) => code.match(/^npm install .*$/gm) ?? []);
  return lines.flatMap((line) => line.split(" ").slice(2)).filter((word) => !word.startsWith("-"));
}

function nameOf(code: string): string {
  const name = /^\/\/ ([\w./-]+\.ts)\n/.exec(code)?.[1];
  if (!name) throw new Error(`a block does not say in its first line which file it is:\n${code}`);
  return name;
}

type Shell = { readonly cwd: string; readonly env: Record<string, string> };

async function run(script: string, shell: Shell): Promise<string> {
  const { code, text } = await output("bash", ["--norc", "-euc", script], shell);
  if (code !== 0) throw new Error(`this ended with ${code}:\n${script}\n${text}`);
  return text;
}

/** Starts what listens on port 3000. Returns what stops it. */
async function start(script: string, { cwd, env }: Shell): Promise<() => Promise<void>> {
  // a group of its own, so that npm, its shell and the app all end
  const server = spawn("bash", ["--norc", "-euc", script], {
    cwd,
    env: { ...process.env, ...env },
    stdio: "ignore",
    detached: true,
  });
  const ended = once(server, "exit");
  const failed = ended.then(() => Promise.reject(new Error(`this ended by itself:\n${script}`)));
  failed.catch(() => {});
  const stop = async () => {
    if (server.exitCode === null) process.kill(-server.pid!, "SIGTERM");
    await ended;
  };
  await Promise.race([whenUp(() => fetch("http://127.0.0.1:3000/")), failed]);
  return stop;
}

/** Tries until somebody listens. */
export async function whenUp(request: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await request().catch(() => undefined);
    if (answer) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function same(printed: string | undefined, shown: string): void {
  if (printed === undefined) throw new Error(`nothing was run that prints this:\n${shown}`);
  if (isDeepStrictEqual(JSON.parse(printed), JSON.parse(shown))) return;
  throw new Error(`it printed\n${printed}\nand not\n${shown}`);
}
