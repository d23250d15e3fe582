/** The mistakes that show when a delivery comes: told to the developer, while the provider gets a status of its table. */
import type { Chapter, Told } from "./mistake.ts";
import { answers } from "./rows/answers.ts";
import { arrivals } from "./rows/arrivals.ts";
import { surroundings } from "./rows/surroundings.ts";

/** The table. */
export const atRunTime: readonly Chapter<Told>[] = [...arrivals, ...answers, ...surroundings];
