/** What the registry is told of each package: where its source is, who is asked, and which files and faces it has. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { filesOf, top } from "./imports.ts";
import { leadsSomewhere } from "./pages.ts";
import { repository } from "../../packages/site/generate/sources/repository.ts";

type Faces = Record<string, string | Record<string, string>>;

const text = (file: string) => readFileSync(join(top, file), "utf8");

const manifests = filesOf("packages/*/package.json")
  .map((file) => ({ folder: file.split("/")[1]!, manifest: JSON.parse(text(file)) }))
  .filter(({ manifest }) => !manifest.private);

describe.each(manifests)("packages/$folder", ({ folder, manifest }) => {
  it("names the repository, its place in it, and where to read and ask", () => {
    const { homepage, bugs, repository: place, license, author } = manifest;
    expect({ homepage, bugs, place, license, author }).toEqual({
      homepage: `${repository}/tree/main/packages/${folder}#readme`,
      bugs: `${repository}/issues`,
      place: { type: "git", url: `git+${repository}.git`, directory: `packages/${folder}` },
      license: "MIT",
      author: "The Answerback maintainers",
    });
    expect(leadsSomewhere("README.md", homepage)).toBe(true);
  });

  it("can be found: a sentence, and words of its own beside those of all", () => {
    expect(manifest.description).toMatch(/^[A-Z].{20,150}\.$/);
    expect(manifest.keywords.slice(0, 3)).toEqual(["answerback", "webhook", "webhooks"]);
    expect(manifest.keywords.length).toBeGreaterThan(3);
    expect(new Set(manifest.keywords).size).toBe(manifest.keywords.length);
  });

  it("publishes what was built, its sources, and the same faces as here", () => {
    expect(manifest.files).toContain("src");
    const { access, exports } = manifest.publishConfig;
    expect(access).toBe("public");
    const bundled = JSON.stringify(exports).replaceAll("/dist/bundled/", "/dist/");
    expect(JSON.parse(bundled)).toEqual(withoutSources(manifest.exports));
    expect(exports["./package.json"]).toBe("./package.json");
  });
});

it("pnpm is told of the Node that the workspace brings", () => {
  const { nodeVersion } = parse(text("pnpm-workspace.yaml"));
  expect(JSON.parse(text("package.json")).devDependencies.node).toBe(`^${nodeVersion}`);
});

/** The exports as they are published: the condition `source` is for this workspace alone. */
function withoutSources(faces: Faces): Faces {
  const published = Object.entries(faces).map(([face, targets]) => {
    if (typeof targets === "string") return [face, targets];
    const { source: _, ...rest } = targets;
    return [face, rest];
  });
  return Object.fromEntries(published);
}
