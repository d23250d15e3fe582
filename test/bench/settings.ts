/** What the command line says: what is measured, for how long, and where the figures go. */
import { parseArgs } from "node:util";
import { formats, type Format } from "./work/deliveries.ts";

/** How long everything is measured. */
export interface Settings {
  /** The names of the groups to run. */
  readonly only: readonly string[];
  /** Rounds after each start of the servers. */
  readonly rounds: number;
  /** Starts of the servers, whose rounds are pooled. */
  readonly restarts: number;
  /** How long one server is measured in one round: ms. */
  readonly sliceMs: number;
  /** How many requests a server gets before it is measured: ours takes some 25,000 until V8 has optimised all of it. */
  readonly warmUp: number;
  /** What is sent over HTTP. */
  readonly formats: readonly Format[];
  /** What sizes of memory, queues and so on are multiplied with. */
  readonly scale: number;
  /** The file that the figures are written to. */
  readonly json: string | undefined;
}

const thorough = { rounds: 12, restarts: 3, sliceMs: 200, warmUp: 40_000, scale: 1, formats };
const quick = { rounds: 6, restarts: 1, sliceMs: 200, warmUp: 30_000, scale: 0.1, formats };
/** Not to be believed: it shows that everything runs. */
export const smoke: Settings = {
  ...{ only: [], rounds: 1, restarts: 1, sliceMs: 20, warmUp: 20, scale: 0.002 },
  ...{ formats: ["json"], json: undefined },
};

/** The settings of a command line. `names`: the groups there are. Throws for what it does not know. */
export function settingsOf(args: readonly string[], names: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      restarts: { type: "string" },
      json: { type: "string" },
    },
  });
  const only = values.only.flatMap((list) => list.split(","));
  const stranger = only.find((name) => !names.includes(name));
  if (stranger !== undefined) throw new TypeError(`no group "${stranger}": there are ${names.join(", ")}`);
  const preset = values.quick ? quick : thorough;
  return {
    ...preset,
    only: only.length > 0 ? only : names,
    rounds: wholeNumber(values.rounds ?? preset.rounds),
    restarts: wholeNumber(values.restarts ?? preset.restarts),
    json: values.json,
  };
}

function wholeNumber(given: string | number): number {
  const number = Number(given);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new TypeError(`${given} is not a whole number above 0`);
}
