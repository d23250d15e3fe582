/**
 * Moves the repository's address, everywhere that it stands: `pnpm repository https://forge.example/owner/name`. The one that
 * it replaces is the `repository` of the top package.json.
 */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";

const [next = "", ...rest] = process.argv.slice(2);
if (rest.length > 0 || !/^https:\/\/[\w.-]+(\/[\w-][\w.-]*)+$/.test(next) || next.endsWith(".git")) {
  console.error(
    "usage: pnpm repository https://forge.example/owner/name, without .git and without a slash at the end",
  );
  process.exit(1);
}

const { repository: old } = JSON.parse(readFileSync("package.json", "utf8"));
// not where another address begins with this one
const address = new RegExp(`${RegExp.escape(old)}(?![\\w-])`, "g");

const isOthers = (name) => ["node_modules", "dist", ".git"].includes(name.split("/").at(-1));
const files = [...globSync("**/*", { exclude: isOthers }), ...globSync(".*/**/*", { exclude: isOthers })];
const changed = files.filter((file) => {
  if (!statSync(file).isFile()) return false;
  // latin1 gives every byte back as it was
  const text = readFileSync(file, "latin1");
  const moved = text.replaceAll(address, () => next);
  if (moved !== text) writeFileSync(file, moved, "latin1");
  return moved !== text;
});

// a longer address may need another line, or a wider table
if (changed.length > 0)
  execFileSync("prettier", ["--write", "--ignore-unknown", "--log-level=warn", ...changed], {
    stdio: "inherit",
  });
console.log(`${changed.length} files name ${next} now`);
