/** `answerback create`: an app in a folder of its own, of a provider, a framework and a backend. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { filesOf, type Choice } from "../create/app.ts";
import { asked, usual, type Typed } from "../create/questions.ts";
import { kinds, namesOf, readStarters, type Starter } from "../create/starters.ts";
import { wrong } from "../exit.ts";
import { namedAlike, unknown } from "../providers/index.ts";
import { canAsk, print, type World } from "../world.ts";

interface Options extends Typed {
  readonly yes?: true;
}

/** The command. */
export function createCommand(world: World): Command {
  const starters = readStarters();
  const command = new Command("create")
    .description("Make an app to begin with: it runs, and has tests")
    .argument("[folder]", `where to: a new folder, or an empty one; else ${usual.folder}`);
  for (const kind of kinds) command.option(`--${kind} <name>`, namesOf(starters, kind).join(", "));
  return command
    .option("--yes", `ask nothing: what is not given is ${kinds.map((kind) => usual[kind]).join(", ")}`)
    .addHelpText("after", "\nOn a terminal it asks for what is not given.")
    .action((folder: string | undefined, options: Omit<Options, "folder">) =>
      create(world, { ...options, ...(folder !== undefined && { folder }) }, starters),
    );
}

async function create(world: World, { yes, ...given }: Options, starters: readonly Starter[]): Promise<void> {
  const typed = { ...given, ...spelt(given, starters) };
  if (typed.folder !== undefined) refuseFull(typed.folder);
  const toAsk = yes ? [] : (["folder", ...kinds] as const).filter((name) => typed[name] === undefined);
  if (toAsk.length > 0 && !canAsk(world))
    throw wrong(`there is no terminal to ask on: give ${toAsk.map(asOption).join(", ")}, or --yes`);
  const { folder, ...parts } =
    toAsk.length > 0 ? await asked(world, typed, starters) : { ...usual, ...typed };
  refuseFull(folder);
  const choice: Choice = { ...parts, name: packageName(folder) };
  const files = filesOf(choice, starters);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: "wx" });
  }
  await print(world, next(folder, choice, files));
}

const asOption = (name: string) => (name === "folder" ? "a folder" : `--${name}`);

/** The names as they are written here. Throws a Complaint for one that there is not. */
function spelt(typed: Typed, starters: readonly Starter[]): Typed {
  const found = kinds.flatMap((kind) => {
    const name = typed[kind];
    if (name === undefined) return [];
    const names = namesOf(starters, kind);
    const known = names.find((one) => namedAlike(one, name));
    if (known === undefined) throw unknown(kind, name, names);
    return [[kind, known]];
  });
  return Object.fromEntries(found);
}

/** Nothing of anybody's is written over. A repository that was just made is empty. */
function refuseFull(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw wrong(`${folder} is a file`);
  if (readdirSync(folder).some((name) => name !== ".git"))
    throw wrong(`${folder} is not empty: name a new folder`);
}

/** What npm takes for a name. */
function packageName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+/, "");
  return name || usual.folder;
}

/** What to do now, as the app's own README has it. */
function next(
  folder: string,
  { provider, framework, backend }: Choice,
  files: ReadonlyMap<string, string>,
): string {
  const [, shell = ""] = /```sh\n(npm install\n.*?)```/s.exec(files.get("README.md")!) ?? [];
  const [, records = ""] = /^\/\*\* (.*) \*\//.exec(files.get("src/backend.ts")!) ?? [];
  const lines = [...(resolve(folder) === process.cwd() ? [] : [`cd ${folder}`]), ...shell.trim().split("\n")];
  return [
    `Made ${folder}: ${provider}, ${framework}, ${backend}. Now:`,
    "",
    ...lines.map((line) => `  ${line}`),
    "",
    records,
    "README.md has a request to send, and what to change first.",
  ].join("\n");
}
