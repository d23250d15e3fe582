/** The handling of events is paused, and goes on. */
import { text } from "../../contract/kinds.ts";
import { OptionError } from "../../contract/option-error.ts";
import { nearest } from "../../lib/nearest.ts";
import { lookAtPauses, changePauses } from "../record/pauses-record.ts";
import { resumeWork } from "../record/paused-work.ts";
import type { Paused, PauseState } from "../pauses.ts";
import type { RecordAccess } from "../runtime.ts";

/** Pauses all events, or those of one name. */
export async function pause(access: RecordAccess, name?: string): Promise<void> {
  if (name !== undefined) mustBeAName(access, name);
  const changing = changePauses(access, (before) =>
    name === undefined
      ? { ...before, all: true }
      : { ...before, names: [...new Set([...before.names, name])].toSorted() },
  );
  await access.tasks.track(changing);
}

/** A name that is not listed may be the provider's own, unless it is all but one that is: a pause of nothing helps nobody. */
function mustBeAName({ types }: RecordAccess, name: string): void {
  text("records.pause: name", name);
  const meant = types.includes(name) ? undefined : nearest(name, types);
  // a provider's own longer name, such as pull_request_review, is none that was misspelt
  if (meant === undefined || Math.abs(meant.length - name.length) > 2) return;
  throw new OptionError(
    "records.pause: name",
    "unknown",
    `there is no event ${name}; did you mean ${meant}?`,
  );
}

/** Ends the pause of all events, or of those of one name; what waited is due again. */
export async function resume(access: RecordAccess, name?: string): Promise<void> {
  if (name !== undefined) text("records.resume: name", name);
  const without = ({ all, names }: PauseState): PauseState => ({
    all: all && name !== undefined,
    names: name === undefined ? [] : names.filter((one) => one !== name),
    resuming: true,
  });
  await access.tasks.track(changePauses(access, without).then(() => resumeWork(access)));
}

/** What is paused. */
export async function paused(access: RecordAccess): Promise<Paused> {
  const { all, names } = await lookAtPauses(access);
  return { all, names };
}
