/** The generated pages of the site: all that can be told, taken or sent is on its page, and every link leads somewhere. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { generate } from "../../packages/site/generate/index.ts";
import { providers } from "../../packages/site/generate/providers/list.ts";
import { entries, nameOf, type Member } from "../../packages/site/generate/sources/declared.ts";
import { clauses, sections } from "../../packages/site/generate/sources/protocols.ts";
import { examplesIn } from "../../packages/site/generate/sources/readme.ts";
import { repository } from "../../packages/site/generate/sources/repository.ts";
import { output, secrets } from "../docs/snippets.ts";
import { top } from "../house/imports.ts";
import { warningsInSources } from "./warnings.ts";

const pages = new Map((await generate()).map(({ path, markdown }) => [path, markdown]));

it("each provider of the packages has a page", () => {
  const factories = new Set(providers.flatMap(({ endpoints }) => endpoints.map(({ factory }) => factory)));
  const exported = entries
    .filter(({ name }) => /^@answerback\/(?:core|providers\/.*)$/.test(name))
    .flatMap(({ names }) => names.filter(({ signature }) => /\): Provider</.test(signature)));
  expect(exported.length).toBe(15);
  expect(exported.filter(({ name }) => !factories.has(name))).toEqual([]);
});

it.each(providers)(
  "the page of $title has its events, its options and its clauses",
  ({ name, endpoints, title }) => {
    const text = pageAt(`providers/${name}.md`);
    const events = endpoints.flatMap(({ provider }) => Object.keys(provider.events));
    expect(events.filter((type) => !text.includes(`\`${type}\``))).toEqual([]);
    const options = endpoints.flatMap((one) => membersOf(one.options));
    expect(options.filter((option) => !hasRow(text, option))).toEqual([]);
    const own = sections.find((section) => section.title === title)!.clauses;
    expect(own.filter(({ id }) => !text.includes(`<a id="${id}"></a>**${id}** `))).toEqual([]);
    expect(pageAt("providers/index.md")).toContain(`(./${name}.md)`);
  },
);

it("a page says which failures are not told, as nobody would send the event again", () => {
  const told = providers.filter(({ name }) =>
    /^.*Nobody sends .* again\. So/m.test(pageAt(`providers/${name}.md`)),
  );
  expect(told.map(({ name }) => name)).toEqual(["upsales", "discord", "github", "slack", "twilio"]);
  expect(pageAt("providers/slack.md")).toContain("Nobody sends `command`, `block_actions`, ");
  expect(pageAt("providers/discord.md")).toContain("\n`discord()`: Nobody sends an event again. ");
});

it("a page says at its top which secret is meant", () => {
  const signing = providers.filter(({ endpoints }) =>
    membersOf(endpoints[0].options).some(({ type }) => type === "Secret"),
  );
  expect(signing.length).toBeGreaterThan(7);
  const silent = signing.filter(
    ({ name }) => !/^\| Authentication \| .*; `\w+` is /m.test(pageAt(`providers/${name}.md`)),
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
  expect(pageAt("providers/slack.md")).toContain(
    '`signingSecret` is the app\'s signing secret, from its page "Basic Information" |',
  );
});

it("Postback gets the usual statuses, by which the guide to errors tells those of your own provider", () => {
  const table = /## What it gets\n([^]*?)\n## /.exec(pageAt("providers/postback.md"))?.[1];
  expect(table).toContain("| The body is not what the provider sends. | 400 |");
  expect(table).not.toContain("**");
});

it("the examples of all providers compile, and run", async () => {
  mkdirSync(join(top, "test/.pasted"), { recursive: true });
  const folder = mkdtempSync(join(top, "test/.pasted/site-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = providers.flatMap(({ name }) => {
    mkdirSync(join(folder, name));
    return examplesIn(pageAt(`providers/${name}.md`)).map(({ file, code }) => {
      writeFileSync(join(folder, name, file), code);
      return `./${name}/${file}`;
    });
  });
  expect(files.length).toBe(providers.length * 3);
  const tsconfig = { extends: "../../tsconfig.json", include: ["*/*.ts"], exclude: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  const tsc = join(top, "node_modules/typescript/bin/tsc");
  const good = { code: 0, text: "" };
  expect(await output(process.execPath, [tsc, "--noEmit", "-p", "."], { cwd: folder })).toEqual(good);
  const program = `${files.map((file) => `await import("${file}");`).join("")} process.exit(0)`;
  const args = ["--conditions=source", "--no-warnings", "--input-type=module", "-e", program];
  expect(await output(process.execPath, args, { cwd: folder, env: secrets })).toEqual(good);
});

it("each clause stands once, among the guarantees or on its provider's page, with a test that shows it", () => {
  const all = ["guarantees.md", ...providers.map(({ name }) => `providers/${name}.md`)].map(pageAt);
  const parts = all.flatMap((text) => text.split('<a id="').slice(1));
  const shown = parts.filter((part) =>
    /::: details Shown by (?:a test|\d+ tests)\n\n- `[^`]+`: \[/.test(part),
  );
  const ids = shown.map((part) => part.split('"')[0]);
  expect(ids).toHaveLength(clauses.length);
  expect(new Set(ids)).toEqual(new Set(clauses.map(({ id }) => id)));
});

it("each code of an error is a heading of the messages", () => {
  const ids = givenAnchors(pageAt("reference/messages.md"));
  const codes = [...codesOf("ErrorCode"), ...codesOf("GuardedFetchErrorCode")];
  expect(codes.length).toBeGreaterThan(35);
  expect(codes.filter((code) => !ids.includes(code))).toEqual([]);
  expect(codesOf("OptionErrorCode").filter((code) => !ids.includes(`option-${code}`))).toEqual([]);
  const stages = Array.from(nameOf("Stage").signature.matchAll(/"(\w+)"/g), ([, stage]) => `${stage}_failed`);
  expect(stages.filter((code) => !ids.includes(code))).toEqual([]);
});

it("each code of a warning in the sources is among the messages, and none that nobody tells", () => {
  const told = warningsInSources();
  expect(told.length).toBeGreaterThan(25);
  expect(codesOf("WarningCode").toSorted()).toEqual(told);
  const ids = givenAnchors(pageAt("reference/messages.md"));
  expect(told.filter((code) => !ids.includes(code) && !ids.includes(`warning-${code}`))).toEqual([]);
});

it("each option that an app may write has a row on the page of options", () => {
  const tables = pageAt("reference/options.md").split(/^### /m);
  const types = entries
    .filter(({ name }) => !/core\/(?:backend|conformance)$|simulator$/.test(name))
    .flatMap(({ names }) => names.filter(({ name, kind }) => kind === "type" && /Options$/.test(name)));
  expect(types.length).toBeGreaterThan(30);
  const isThere = (members: readonly Member[]) =>
    tables.some((rows) => members.every((member) => hasRow(rows, member)));
  expect(types.filter(({ members }) => !isThere(members)).map(({ name }) => name)).toEqual([]);
  expect(tables.filter((rows) => /\n\| `handle` \|[^]*\n\| `authenticate\?` \|/.test(rows))).toHaveLength(1);
});

it("each exported name is on a page of its package", () => {
  const missing = entries.flatMap(({ name: entry, folder, names }) => {
    const own = new RegExp(`^reference/api/${folder}\\b`);
    const text = Array.from(pages, ([path, words]) => (own.test(path) ? words : "")).join("\n");
    return names.filter(({ name }) => !text.includes(`\`${name}\``)).map(({ name }) => `${entry}: ${name}`);
  });
  expect(missing).toEqual([]);
});

it("no page has a hole: a value that was not there, a tag of a docstring, a heading with nothing below", () => {
  // links, whose text may be a test's title, and what is said of mistakes may speak of undefined
  const holes = Array.from(pages).flatMap(([path, text]) => {
    const [own = ""] = withoutCode(text).split("## Mistakes, and what is said of them");
    const prose = own.replaceAll(/\[(?:\\.|[^\]\\])*\]\([^)]*\)/g, "");
    const values = prose.match(/.{0,40}(?:\bundefined\b|\bNaN\b|\[object |\{@link|@see|@cure).{0,20}/g) ?? [];
    const empty = withoutBlocks(text).match(/^(#{2,}) .*\n+(?=\1 |$(?!\n))/gm) ?? [];
    return [...values, ...empty].map((hole) => `${path}: ${hole.trim()}`);
  });
  expect(holes).toEqual([]);
});

it("no page has what VitePress takes for a tag or an expression", () => {
  const tags = Array.from(pages).flatMap(([path, text]) => {
    const found = withoutCode(text).match(/<(?!br>|\/a>|a id="[\w.-]+">|!--)[^>]{0,40}|\{\{.{0,20}/g) ?? [];
    return found.map((tag) => `${path}: ${tag}`);
  });
  expect(tags).toEqual([]);
});

it("every link leads to a page and an anchor, or to what is in the repository", () => {
  const anchors = new Map(Array.from(pages, ([path, text]) => [path, anchorsOf(text)]));
  const dead = Array.from(pages).flatMap(([path, text]) =>
    linksOf(text)
      .filter((link) => !leads(link, path, anchors))
      .map((link) => `${path}: ${link}`),
  );
  expect(dead).toEqual([]);
});

it("no anchor is on a page twice", () => {
  const twice = Array.from(pages).flatMap(([path, text]) =>
    givenAnchors(text)
      .filter((id, at, all) => all.indexOf(id) !== at)
      .map((id) => `${path}#${id}`),
  );
  expect(twice).toEqual([]);
});

function pageAt(path: string): string {
  const text = pages.get(path);
  if (text === undefined) throw new Error(`there is no page ${path}`);
  return text;
}

const membersOf = (type: string) => nameOf(type).members;
const codesOf = (type: string) => membersOf(type).map(({ name }) => name);
const hasRow = (text: string, { name }: Member) => text.includes(`\n| \`${name}\` |`);

/** Where a page can be jumped to: what it names itself, and what VitePress makes of its other headings. */
function anchorsOf(text: string): string[] {
  const headings = withoutBlocks(text).matchAll(/^#+ ((?:(?!\{#).)*)$/gm);
  return [...givenAnchors(text), ...Array.from(headings, ([, title]) => slug(title!))];
}

function givenAnchors(text: string): string[] {
  const given = withoutBlocks(text).matchAll(/^#+ .*\{#([^}]+)\}$|<a id="([^"]+)">/gm);
  return Array.from(given, ([, heading, anchor]) => (heading ?? anchor)!);
}

function slug(title: string): string {
  const letters = title.toLowerCase().replaceAll(/[^\w\s-]/g, "");
  return letters.trim().replaceAll(/\s+/g, "-");
}

function linksOf(text: string): string[] {
  return Array.from(withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link!);
}

function leads(link: string, from: string, all: ReadonlyMap<string, readonly string[]>): boolean {
  const blob = `${repository}/blob/main/`;
  if (link.startsWith(blob)) return existsSync(join(top, link.slice(blob.length).split("#")[0]!));
  if (/^https:\/\//.test(link)) return true;
  const [path = "", anchor] = link.split("#");
  const ids = all.get(path === "" ? from : join(dirname(from), path));
  return ids !== undefined && (anchor === undefined || ids.includes(anchor));
}

const withoutBlocks = (text: string) => text.replaceAll(/^```[^]*?^```$/gm, "");

const withoutCode = (text: string) => withoutBlocks(text).replaceAll(/``[^`]+``|`(?:(?!\n\n)[^`])+`/g, "");
