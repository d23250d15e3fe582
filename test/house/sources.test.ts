/** What the text of sources has to say, and may not: their first words, clocks, times, and how long an adapter is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filesOf, top } from "./imports.ts";

const textOf = (file: string) => readFileSync(join(top, file), "utf8");
const codeOf = (file: string) => textOf(file).replace(/\/\*[^]*?\*\/|\/\/.*/g, "");

it("every source file says at its door what is in it", () => {
  const files = filesOf("{packages,examples,test}/**/*.ts");
  expect(files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(textOf(file)))).toEqual([]);
});

it("no time of the life cycle stands outside receiver/patience.ts", () => {
  const time = /["'`]\d+(?:ms|s|m|h|d)["'`]|\w+Ms\b\s*[:=]\s*[1-9]|\b\d+_000\b(?!\))/;
  const convertsUnits = /[/*] [\d_]+\b/g;
  const files = filesOf("packages/core/src/receiver/**/*.ts").filter(
    (file) => !file.endsWith("/patience.ts"),
  );
  const found = files.flatMap((file) =>
    codeOf(file)
      .replace(convertsUnits, "")
      .split("\n")
      .filter((line) => time.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

it("the providers, the decoding and the authenticators look at no clock and set no timer", () => {
  const timely = /\bDate\b|setTimeout|setInterval|setImmediate|performance\./;
  const files = filesOf("packages/core/src/{providers,decoding,authenticators}/**/*.ts");
  expect(files.filter((file) => timely.test(codeOf(file)))).toEqual([]);
});

it("an adapter translates in at most 60 lines", () => {
  const adapters = filesOf("packages/{express,koa,fastify,fetch}/src/{middleware,plugin,handler}.ts");
  expect(adapters.length).toBe(4);
  expect(adapters.filter((file) => textOf(file).split("\n").length > 60)).toEqual([]);
});
