/** Apps as `answerback create` makes them, all in one folder, with the packages of the workspace beside them. */
import { globSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { called } from "../cli/support.ts";
import { top } from "../house/imports.ts";

/** What an app is made of. */
export interface Made {
  readonly provider: string;
  readonly framework: string;
  readonly backend: string;
}

/** Where apps are made. Its packages are those that the examples have; remove it at the end. */
export function createWorkshop(): { readonly root: string; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "answerback-create-")));
  for (const path of globSync("examples/*/node_modules/{[!@.]*,@*/*}", { cwd: top })) {
    const link = join(root, path.replace(/^examples\/[^/]+\//, ""));
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(realpathSync(join(top, path)), link);
  }
  return { root, remove: () => rmSync(root, { recursive: true }) };
}

/** The name of its folder. */
export const nameOf = ({ provider, framework, backend }: Made) => `${provider}.${framework}.${backend}`;

/** Makes one, and returns its folder. */
export async function make(root: string, made: Made): Promise<string> {
  const folder = join(root, nameOf(made));
  const flags = Object.entries(made).flatMap(([kind, name]) => [`--${kind}`, name]);
  expect(await called(["create", folder, ...flags])).toMatchObject({ code: 0, err: "" });
  return folder;
}
