/** Follows the pages of the start with npm and packed tarballs: `node newcomer.ts FOLDER`, where `FOLDER/tarballs` has them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sectionOf } from "../../packages/site/section.ts";
import { top } from "../house/imports.ts";
import { follow } from "./follow.ts";
import { ownDatabase } from "./own-database.ts";

const [temp = ""] = process.argv.slice(2);
const { POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/test" } = process.env;

await follow(sectionOf("README.md", "quick-start"), { folder: join(temp, "express"), env: {}, install });

const { url, drop } = await ownDatabase(POSTGRES_URL);
try {
  const instead = { "postgres://localhost/app": url };
  await follow(sectionOf("packages/site/docs/start/koa.md"), {
    folder: join(temp, "koa"),
    env: {},
    install,
    instead,
  });
} finally {
  await drop();
}

/** The same line, with a tarball for each package of ours and for what that needs in turn. */
function install(line: string): string {
  const words = line.split(" ");
  const ours = words.filter((word) => word.startsWith("@answerback/"));
  const needed = new Set(ours);
  for (const name of needed) {
    const manifest = join(top, "packages", name.split("/")[1]!, "package.json");
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, "utf8"));
    for (const other of Object.keys(dependencies)) if (other.startsWith("@answerback/")) needed.add(other);
  }
  const tarballs = [...needed].map((name) => join(temp, "tarballs", `${name.split("/")[1]}.tgz`));
  return [...words.filter((word) => !needed.has(word)), ...tarballs].join(" ");
}
