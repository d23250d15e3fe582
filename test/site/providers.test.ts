/** The pages of providers: each has all its parts, and what it shows is what its receiver takes, gives and registers. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { generate } from "../../packages/site/generate/index.ts";
import { providers } from "../../packages/site/generate/providers/list.ts";
import { mountsOf } from "../../packages/site/generate/providers/mount.ts";
import { nameOf } from "../../packages/site/generate/sources/declared.ts";
import { tagsOf } from "../../packages/site/generate/sources/doc.ts";
import { sections } from "../../packages/site/generate/sources/protocols.ts";
import { examplesIn } from "../../packages/site/generate/sources/readme.ts";
import { output, secrets } from "../docs/snippets.ts";
import { top } from "../house/imports.ts";

const pages = new Map((await generate()).map(({ path, markdown }) => [path, markdown]));
const pageOf = (name: string) => pages.get(`providers/${name}.md`)!;

const parts = [
  "Mount it",
  "Events",
  "What it sends",
  "Fields",
  "What it gets",
  "Options",
  "Register it",
  "Promised, and left open",
  "The contract, clause by clause",
];

it.each(providers)("the page of $title has every part, and something in each", ({ name, endpoints }) => {
  const [head = "", ...sections] = pageOf(name).split(/^## /m);
  expect(sections.map((text) => text.slice(0, text.indexOf("\n")))).toEqual(parts);
  for (const fact of ["Authentication", "The key of an event", "It waits", "Sent again", "Callbacks"])
    expect(head.match(new RegExp(`^\\| ${fact} \\| \\S`, "gm"))).toHaveLength(endpoints.length);
  const [, , , fields = "", gets = "", options = ""] = sections;
  expect(fields).toMatch(/^### /m);
  expect(gets).toMatch(/^How it reads the answer: \w/m);
  expect(options.match(/^\| `/gm)?.length).toBe(
    endpoints.flatMap((one) => nameOf(one.options).members).length,
  );
  expect(endpoints.filter((one) => nameOf(one.options).members.length === 0)).toEqual([]);
});

it.each(providers)("each row of a table of $title says something, and none what another says", ({ name }) => {
  const [, text = ""] = pageOf(name).split(/^(?=## Events$)/m);
  const rows = Array.from(text.matchAll(/^\| (`.*) \| (.*) \|$/gm), ([row, left, right]) => ({
    row,
    left,
    right,
  }));
  expect(rows.filter(({ right }) => /^(?:`[^`]*`)?$/.test(right!)).map(({ row }) => row)).toEqual([]);
  const [events = ""] = text.split(/^## What/m);
  const said = Array.from(events.matchAll(/^\| `.* \| (.*) \|$/gm), ([, right]) => right);
  expect(said.filter((one, at) => said.indexOf(one) !== at)).toEqual([]);
});

it.each(providers)("the events and samples of $title go by names that it has", ({ name, endpoints }) => {
  const text = pageOf(name);
  for (const { provider, samples } of endpoints) {
    const known = [...Object.keys(provider.events), "handshake"];
    const named = Object.keys(samples).map((what) => what.split(",")[0]!);
    expect(named.filter((type) => known.length > 1 && !known.includes(type))).toEqual([]);
    expect(named.filter((type) => !text.includes(`::: details \`${type}\``))).toEqual([]);
  }
});

it.each(providers)("the docstrings of $title lead to all its clauses", ({ title, endpoints, from }) => {
  const own = sections.find((section) => section.title === title)!.clauses.map(({ id }) => id);
  const ranges = endpoints.flatMap(({ factory }) => tagsOf(nameOf(factory, from).doc, "see")).join(" ");
  const named = Array.from(ranges.matchAll(/#(\w+\.\d+)/g), ([, id]) => id!);
  expect(named).toContain(own[0]);
  expect(named).toContain(own.at(-1));
});

it("two receivers of a page have each its key, its mount and its registration", () => {
  for (const listed of providers.filter(({ endpoints }) => endpoints.length > 1)) {
    const text = pageOf(listed.name);
    const mounts = mountsOf(listed);
    expect(new Set(mounts).size).toBe(listed.endpoints.length);
    for (const mount of mounts) {
      expect(text).toContain(`"https://app.example${mount}"`);
      expect(text).toContain(`POST ${mount} HTTP/1.1`);
    }
    const keys = Array.from(text.matchAll(/^\| The key of an event \| (.*) \|$/gm), ([, key]) => key);
    expect(new Set(keys).size).toBe(listed.endpoints.length);
  }
});

it("what the apps of the pages are sent on the same page, they take", async () => {
  mkdirSync(join(top, "test/.pasted"), { recursive: true });
  const folder = mkdtempSync(join(top, "test/.pasted/samples-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const { name } of providers) {
    mkdirSync(join(folder, name));
    for (const { file, code } of examplesIn(pageOf(name))) writeFileSync(join(folder, name, file), code);
  }
  const program = join(top, "test/site/send-samples.ts");
  const args = ["--conditions=source", "--no-warnings", program, folder];
  // SNS has its certificate fetched, which nobody here has
  const sns = /^Amazon SNS, (?:Notification|SubscriptionConfirmation): 503 .*$\n?/gm;
  const { code, text } = await output(process.execPath, args, { cwd: folder, env: secrets });
  expect({ code, text: text.replaceAll(sns, "") }).toEqual({ code: 0, text: "" });
});

it("no page has a word twice in a row, or a number that its noun does not fit", () => {
  const odd = Array.from(pages).flatMap(([path, text]) => {
    const prose = text.replaceAll(/^```[^]*?^```$|``[^`]+``|`[^`]*`|\]\([^)]*\)|^.*\btest\/.*$/gm, "·");
    const found =
      prose.match(/\b(?!had|that)(\w{2,}) \1\b|\b1 (?:more|events|days|posts|providers)\b/gi) ?? [];
    return found.map((words) => `${path}: ${words}`);
  });
  expect(odd).toEqual([]);
});
