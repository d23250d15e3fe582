/**
 * What an unpacked tarball holds: all that its exports name, its papers, the sources where "go to definition" looks for them, and
 * neither tests nor leavings of the compiler. Called with its folder, and with the package's in the workspace.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [tarball, workspace] = process.argv.slice(2);
const read = (file) => readFileSync(join(tarball, file), "utf8");
const manifest = JSON.parse(read("package.json"));
const held = new Set(readdirSync(tarball, { recursive: true }));
const ending = (end) => [...held].filter((file) => file.endsWith(end));

const faces = Object.values(manifest.exports).flatMap((face) =>
  typeof face === "string" ? face : Object.values(face),
);
const programs = Object.values(manifest.bin ?? {});
const maps = ending(".d.ts").map((file) => `${file}.map`);
const sources = ending(".d.ts.map").flatMap((map) =>
  JSON.parse(read(map)).sources.map((source) => join(dirname(map), source)),
);
for (const file of ["README.md", "LICENSE", ...faces, ...programs, ...maps, ...sources].map((path) =>
  join(path),
))
  if (!held.has(file)) complain(`${file} is not in the tarball`);

// test/house holds that its links lead somewhere from a registry, too
if (read("README.md") !== readFileSync(join(workspace, "README.md"), "utf8"))
  complain("its README is not the workspace's");

for (const file of held)
  // an app that is made of the starters has tests
  if (!file.startsWith("starters/") && /(^|\/)tests?\/|\.test(-d)?\.|tsbuildinfo/.test(file))
    complain(`${file} does not belong in the tarball`);

// dist outlives its source when a file is moved
for (const file of ending(".js").filter((name) => /^dist\/(?!bundled\/)/.test(name))) {
  const source = join(workspace, file.replace(/^dist/, "src").replace(/js$/, "ts"));
  if (!existsSync(source)) complain(`${file} has no source any more: remove ${workspace}/dist`);
}

if (JSON.stringify(manifest).includes('"workspace:')) complain("a dependency is still the workspace's");

function complain(words) {
  console.error(`${manifest.name}: ${words}`);
  process.exitCode = 1;
}
