/**
 * What each package weighs in a folder where npm has installed all of them: by itself, and with all that it depends on. What it
 * asks the app for (a peer) is the app's. The rows and their ceilings stand in test/weight/README.md.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const page = "test/weight/README.md";
const [app, mode] = process.argv.slice(2);
const { packages } = JSON.parse(readFileSync(join(app, "package-lock.json"), "utf8"));
const ours = readdirSync("packages")
  .map((name) => JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8")))
  .filter((manifest) => !manifest.private)
  .map(({ name }) => name);

/** What a row names: packages, and of those before "beside" not what is there already. */
const scales = { ...Object.fromEntries(ours.map((name) => [name, [[name], []]])) };
scales["core and express, beside Express"] = [["@answerback/core", "@answerback/express"], ["express"]];

const rows = [...readFileSync(page, "utf8").matchAll(/^\| (.+?) +\|.*?\| *([\d.]+) MB *\|$/gm)];
const weighed = rows.map(([, title, ceiling]) => ({
  ...weigh(title.replaceAll("`", "")),
  title,
  ceiling: Number(ceiling),
}));

const missing = ours.filter((name) => !rows.some(([, title]) => title === `\`${name}\``));
for (const name of missing) complain(`${name} has no row in ${page}`);
for (const { title, all, ceiling } of weighed)
  if (all > ceiling * 1e6)
    complain(`${title} weighs ${megabytes(all)}, more than its ceiling of ${ceiling} MB`);
if (mode === "--write") write();

function weigh(title) {
  const [names, beside] = scales[title] ?? complain(`${page}: there is no package ${title}`) ?? [[], []];
  const there = closureOf(beside);
  const needed = [...closureOf(names)].filter((place) => !there.has(place));
  const own = names.map((name) => bytesOf(`node_modules/${name}`)).reduce(plus, 0);
  return { own, all: needed.map(bytesOf).reduce(plus, 0), count: needed.length };
}

/** The places in node_modules of these packages, and of all that they depend on. */
function closureOf(names) {
  const places = new Set();
  const visit = (place) => {
    if (place === undefined || places.has(place)) return;
    places.add(place);
    const { dependencies, optionalDependencies } = packages[place];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) visit(placeOf(name, place));
  };
  for (const name of names) visit(`node_modules/${name}`);
  return places;
}

/** Where Node finds a package that another one imports. `undefined`: it is optional, and not for this machine. */
function placeOf(name, from) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "")) {
    const place = join(folder, "node_modules", name);
    if (packages[place] && existsSync(join(app, place))) return place;
    if (folder === "") return undefined;
  }
}

/** The bytes of a package's files, without the packages inside it. */
function bytesOf(place) {
  const folder = join(app, place);
  const files = readdirSync(folder, { recursive: true }).filter((file) => !/^node_modules\//.test(file));
  return files
    .map((file) => statSync(join(folder, file)))
    .filter((stat) => stat.isFile())
    .map(({ size }) => size)
    .reduce(plus, 0);
}

function write() {
  const table = weighed.map(
    ({ title, own, all, count, ceiling }) =>
      `| ${title} | ${megabytes(own)} | ${megabytes(all)} | ${count} | ${ceiling} MB |`,
  );
  const text = readFileSync(page, "utf8");
  const begin = text.indexOf(rows[0][0]);
  const last = rows.at(-1)[0];
  writeFileSync(page, text.slice(0, begin) + table.join("\n") + text.slice(text.indexOf(last) + last.length));
  execFileSync("prettier", ["--write", "--log-level=warn", page], { stdio: "inherit" });
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function plus(sum, one) {
  return sum + one;
}

function complain(words) {
  console.error(words);
  process.exitCode = 1;
}
