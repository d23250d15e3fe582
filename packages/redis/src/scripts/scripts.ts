/** All scripts, one atomic step each, on the server's clock; by the name of what they do. */
import { due } from "./due.ts";
import { looks } from "./looks.ts";
import type { Script } from "./script.ts";
import { upkeep } from "./upkeep.ts";
import { verbs } from "./verbs.ts";

type Name = keyof typeof due | keyof typeof looks | keyof typeof upkeep | keyof typeof verbs;

/** The scripts. */
export const scripts: Readonly<Record<Name, Script>> = { ...due, ...looks, ...upkeep, ...verbs };
