/** What nobody has typed is asked, on a terminal. */
import type { Readable, Writable } from "node:stream";
import { Complaint, exit } from "../exit.ts";
import type { World } from "../world.ts";
import { kinds, namesOf, type Kind, type Starter } from "./starters.ts";

/** What may be typed in front of the questions. */
export type Typed = Partial<Record<Kind | "folder", string>>;

/** What is taken for an answer by itself. */
export const usual = {
  folder: "my-app",
  provider: "upsales",
  framework: "express",
  backend: "memory",
} as const;

/** Asks for what is missing. Throws a Complaint at Ctrl-C. */
export async function asked(
  world: World,
  typed: Typed,
  starters: readonly Starter[],
): Promise<Required<Typed>> {
  // loaded for questions alone
  const { isCancel, select, text } = await import("@clack/prompts");
  const terminal = {
    input: world.stdin as Readable,
    output: world.stderr as Writable,
    signal: world.signal,
  };
  const answerOf = async (question: Promise<string | symbol>) => {
    const answer = await question;
    if (isCancel(answer)) throw new Complaint(exit.stopped, "stopped; nothing was done");
    return answer as string;
  };
  const answers: Required<Typed> = { ...usual, ...typed };
  if (typed.folder === undefined)
    answers.folder = await answerOf(
      text({
        ...terminal,
        message: "In which folder?",
        defaultValue: usual.folder,
        placeholder: usual.folder,
      }),
    );
  for (const kind of kinds) {
    if (typed[kind] !== undefined) continue;
    const options = namesOf(starters, kind).map((value) => ({ value, ...hintOf(kind, value, starters) }));
    answers[kind] = await answerOf(
      select({ ...terminal, message: `Which ${kind}?`, options, initialValue: usual[kind] as string }),
    );
  }
  return answers;
}

/** A provider is told by what its example does. */
function hintOf(kind: Kind, name: string, starters: readonly Starter[]): { readonly hint?: string } {
  const hint = starters.find(({ parts }) => parts.provider === name)?.manifest.description;
  return kind === "provider" && hint !== undefined ? { hint } : {};
}
