/** The page of messages: every code that is told, what it means, and what to do about it; its words stand beside the codes. */
import ts from "typescript-5.9";
import { fromDoc, linkTo } from "../links.ts";
import { code, folded, heading, list, page, prose, table, type Page } from "../page.ts";
import { docOf, nameOf, sourceFile, type Member } from "../sources/declared.ts";
import { tagsOf } from "../sources/doc.ts";
import { mistakesIn, mistakesPage, type Mistake } from "../sources/mistakes.ts";
import { onTheWeb } from "../sources/repository.ts";

/** Makes the page. */
export function messagesPage(): Page {
  const atRunTime = mistakesIn("At run time");
  const [errors, warnings, options, guarded] = (
    ["ErrorCode", "WarningCode", "OptionErrorCode", "GuardedFetchErrorCode"] as const
  ).map((name) => nameOf(name).members);
  const errorNames = new Set(errors!.map(({ name }) => name));
  return page("reference/messages.md", "Messages", [
    "Whatever is refused, failed, dropped or dead is told once, with a code and a sentence: to `onError`, else as a warning of the process, once a minute and code, and to `observe`. Search this page for the code, or for the words.",
    "A sentence names paths, what was expected, hosts and options; never a value out of a body, or a secret.",

    "## Errors",
    `The codes of [\`AnswerbackError\`](${linkTo("AnswerbackError")}). A provider that is refused gets the code as \`{"code":"…"}\`, with the status that [its own table](/providers/index.md) has for it.`,
    ...errors!.map((one) => entry(one, { id: one.name, folder: "core", seen: seenAs(one.name, atRunTime) })),
    heading(3, code("…_failed"), "stage_failed"),
    "Without `onError`, the warning of an error with the code [`failed`](#failed) says where it happened:",
    list(stages().map(({ name, said }) => `<a id="${name}_failed"></a>${code(`${name}_failed`)}: ${said}`)),

    "## Warnings",
    `What works, but probably not as it was meant: to the option \`warn\`, else \`process.emitWarning\`, with \`warning.code\`.`,
    ...warnings!.map((one) =>
      entry(one, {
        id: errorNames.has(one.name) ? `warning-${one.name}` : one.name,
        folder: "core",
        seen: seenAs(one.name, atRunTime),
      }),
    ),

    "## Mistakes in options",
    `The codes of [\`OptionError\`](${linkTo("OptionError")}), found when something is created. The message names the option and the cure; [all that is said](#mistakes-and-what-is-said-of-them).`,
    ...options!.map((one) => entry(one, { id: `option-${one.name}`, folder: "core", seen: [] })),

    "## `guardedFetch`",
    `The codes of [\`GuardedFetchError\`](${linkTo("GuardedFetchError")}): they tell whether the request may have arrived.`,
    ...guarded!.map((one) => entry(one, { id: one.name, folder: "node", seen: [] })),

    "## Exit codes of the command line",
    "What a script reads in `$?` after `npx answerback`.",
    table(
      ["code", ""],
      exitCodes().map(({ value, said }) => [`<a id="exit-${value}"></a>${code(value)}`, said]),
    ),

    "## Mistakes, and what is said of them",
    `Each of these was made by [a suite](${onTheWeb("test/mistakes")}), which keeps this list true; the cure is bold.`,
    allMistakes(),
  ]);
}

interface Placed {
  readonly id: string;
  readonly folder: string;
  readonly seen: readonly Mistake[];
}

/** A code with its cause, its cure, and the sentences that were seen with it. */
function entry({ name, doc }: Member, { id, folder, seen }: Placed): string {
  const [cure] = tagsOf(doc, "cure");
  if (doc.text === "" || !cure) throw new Error(`${name} says not both its cause and its cure`);
  return [
    heading(3, code(name), id),
    fromDoc(doc.text, folder),
    `**What to do:** ${fromDoc(cure, folder)}`,
    seen.length === 0
      ? ""
      : folded(
          "As it was seen",
          list(seen.map(({ mistake, message }) => `${prose(mistake)}: ${prose(message)}`)),
        ),
  ]
    .filter(Boolean)
    .join("\n\n");
}

const seenAs = (name: string, all: readonly Mistake[]) => all.filter((mistake) => mistake.code === name);

/** The stages at which something can fail, from the docstring of their type. */
function stages(): { readonly name: string; readonly said: string }[] {
  const { doc, signature } = nameOf("Stage", "@answerback/core");
  const sentences = doc.text.replaceAll("\n", " ");
  return Array.from(signature.matchAll(/"(\w+)"/g), ([, name]) => {
    const said = new RegExp(`\`"${name}"\`(?:, \`"\\w+"\`)*: ([^.]+)\\.`).exec(sentences)?.[1];
    if (said === undefined) throw new Error(`the docstring of Stage does not say what ${name} is`);
    return { name: name!, said: fromDoc(`${said}.`, "core") };
  });
}

/** The exit codes, from the docstrings beside them. */
function exitCodes(): { readonly value: string; readonly said: string }[] {
  const found: { value: string; said: string }[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isNumericLiteral(node.initializer))
      found.push({ value: node.initializer.text, said: fromDoc(docOf(node).text, "cli") });
    ts.forEachChild(node, look);
  };
  look(sourceFile("packages/cli/src/exit.ts"));
  return found;
}

/** Every mistake that the suite makes, with what is said of it: its page, a level further down. */
function allMistakes(): string {
  const text = mistakesPage.slice(mistakesPage.indexOf("## At creation")).trim();
  return prose(text.replaceAll(/^##/gm, "###"));
}
