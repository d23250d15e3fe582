/** The groups of the benchmark, in the order in which they run. */
import type { Group } from "./group.ts";
import { due } from "./groups/due.ts";
import { durable } from "./groups/durable.ts";
import { http } from "./groups/http.ts";
import { backendInMemory } from "./groups/memory.ts";
import { outcomes } from "./groups/outcomes.ts";
import { load } from "./groups/load.ts";
import { receive } from "./groups/receive.ts";
import { records } from "./groups/records.ts";

export const groups: readonly Group[] = [
  http,
  outcomes,
  backendInMemory,
  durable,
  due,
  records,
  receive,
  load,
];
