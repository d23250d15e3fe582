/** How a provider is mounted: the example of its README, in an app of Express and one of Koa. */
import { examplesIn, partsOf, type Example } from "../sources/readme.ts";
import { textOf } from "../sources/repository.ts";
import type { Endpoint, Listed } from "./list.ts";

/** The example of its section, else the first one of the README that imports it. */
export function exampleOf({ readme, title, from }: Listed): Example[] {
  const { examples } = partsOf(readme, title);
  if (examples.length > 0) return [...examples];
  const found = examplesIn(textOf(readme)).find(({ code: text }) => text.includes(`"${from}"`));
  if (!found) throw new Error(`${readme} has no example of ${title}`);
  return [found];
}

/** Where the receivers of the example are mounted, in its order: as its `publicUrl` says, where it has one. */
export function mountsOf(listed: Listed): string[] {
  const [example] = exampleOf(listed);
  const mount = /publicUrl: "https:\/\/[^/"]+([^"]*)"/.exec(example!.code)?.[1] ?? `/hooks/${listed.name}`;
  const names = receiversOf(listed);
  return names.map((name) => (names.length === 1 ? mount : `${mount}/${kebab(name)}`));
}

/** The receivers of the example, by name. */
function receiversOf(listed: Listed): string[] {
  const [{ code } = { code: "" }] = exampleOf(listed);
  return Array.from(code.matchAll(/^export const (\w+) = createReceiver\(/gm), ([, name]) => name!);
}

/** The events that a receiver of the example has handlers for, `"*"` among them, in the provider's order. */
export function handledBy(listed: Listed, { provider }: Endpoint): string[] {
  const [{ code } = { code: "" }] = exampleOf(listed);
  const names = Array.from(
    code.matchAll(/(?:^ {4,6}|handle: \{ )(?:async )?(?:"([^"]+)"|(\w+))(?:: |\()/gm),
    ([, text, word]) => text ?? word,
  );
  return [...Object.keys(provider.events), "*"].filter((type) => names.includes(type));
}

/** The command that installs what the example and the app import. */
export function install(listed: Listed): string {
  const imports = [...exampleOf(listed), ...apps(listed).slice(0, 1)].flatMap(({ code }) => [
    ...code.matchAll(/ from "(@[\w-]+\/[\w-]+|\w[\w-]*)/g),
  ]);
  return `npm install ${[...new Set(imports.map(([, name]) => name!))].toSorted().join(" ")}`;
}

/** The example as a part of an app: of Express, and of Koa. */
export function apps(listed: Listed): [express: Example, koa: Example] {
  const [{ file } = { file: "" }] = exampleOf(listed);
  const receivers = receiversOf(listed);
  const mounts = mountsOf(listed);
  const from = `import { ${receivers.join(", ")} } from "./${file}";`;
  const express = receivers.map((one, index) => `.use("${mounts[index]}", createExpressMiddleware(${one}))`);
  const koa = receivers.map(
    (one, index) => `.use(createKoaMiddleware(${one}, { path: "${mounts[index]}" }))`,
  );
  return [
    {
      file: "app.ts",
      code: `// app.ts
import { createExpressMiddleware } from "@answerback/express";
import express from "express";
${from}

export const app = express()${chained(express)};
`,
    },
    {
      file: "koa-app.ts",
      code: `// koa-app.ts
import { createKoaMiddleware } from "@answerback/koa";
import Koa from "koa";
${from}

export const app = new Koa()${chained(koa)};
`,
    },
  ];
}

/** Calls behind each other: one on its line, several each on its own. */
const chained = (calls: readonly string[]) =>
  calls.length === 1 ? calls[0]! : calls.map((call) => `\n  ${call}`).join("");

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
