/** Which records: the options of list, retry and discard. */
import type { Found, RecordFilter } from "@answerback/core";
import { Option, type Command } from "commander";
import type { Named } from "../backend/records.ts";
import { visible } from "../print/visible.ts";
import { oneOf, since } from "../typed.ts";

/** A filter as it was typed. */
export interface FilterOptions {
  readonly state?: Found["state"];
  readonly name?: string;
  readonly id?: string;
  readonly since?: Date;
  readonly error?: string;
}

/** Adds the options of a filter; `states` are those that make sense. */
export function withFilter(command: Command, states: readonly Found["state"][]): Command {
  return command
    .addOption(new Option("--state <state>", states.join(", ")).argParser(oneOf(...states)))
    .option("--name <event>", "of this event type, or of this name of the provider's")
    .option("--id <id>", "about this: the provider's own id of a contact, an order, a message")
    .addOption(
      new Option(
        "--since <time>",
        "that arrived (dead letters: died) since then: 2h, 2026-11-26, 2026-11-26T20:00Z",
      ).argParser(since),
    )
    .option("--error <error>", "with this last error: a code, or a group as records errors prints it");
}

/** The filter without the other options of a command. */
export function filterOf({ state, name, id, since: from, error }: FilterOptions): RecordFilter {
  return { state, name, id, since: from, error };
}

/** Does it leave anything out? */
export const isOpen = (filter: RecordFilter): boolean =>
  Object.values(filter).every((value) => value === undefined);

/**
 * The filter as the records take it: an error that was copied from the terminal had its control characters made visible, so
 * the group is found by how it is shown.
 */
export async function meant(filter: RecordFilter, { records }: Named): Promise<RecordFilter> {
  const { error } = filter;
  if (error === undefined || !error.includes("\\")) return filter;
  const groups = await records.errors();
  return { ...filter, error: groups.find((group) => visible(group.error) === error)?.error ?? error };
}

/** The filter in words: `state dead, name contact.create`. */
export function inWords(filter: RecordFilter): string {
  const parts = Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `${name} ${value instanceof Date ? value.toISOString() : visible(String(value), 200)}`,
    );
  return parts.join(", ");
}
