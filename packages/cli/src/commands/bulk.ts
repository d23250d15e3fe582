/** Something that is done to many records: counted and asked for first, with its progress, stopped between two records. */
import type { BulkOptions, BulkProgress, Found, RecordFilter } from "@answerback/core";
import type { Named } from "../backend/records.ts";
import { Complaint, exit, wrong } from "../exit.ts";
import { toJson } from "../print/json.ts";
import { shownRecords } from "../print/records.ts";
import { count } from "../print/visible.ts";
import { ask, canAsk, note, print, progress, type World } from "../world.ts";

/** The options of a command that does something to many. */
export interface BulkFlags {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What is done. */
export interface Doing {
  readonly flags: BulkFlags;
  /** `"retried"`. */
  readonly done: string;
  /** What is asked, without its number and its question mark. */
  readonly question: string;
  /** What it will be done to. */
  readonly listed: RecordFilter;
  /** Does it. */
  run(options: BulkOptions): Promise<BulkProgress>;
}

/** How far is counted before it is asked. */
const mostCounted = 1_000;

/** Asks, does it, and says what was done. Throws a Complaint for a no, and where nobody can be asked. */
export async function doAll(world: World, named: Named, doing: Doing): Promise<void> {
  const { flags, done, question } = doing;
  if (flags.dryRun) return showOnly(world, named, doing);
  if (!flags.yes) {
    if (!canAsk(world))
      throw wrong(`nobody can be asked here: add --yes to ${question}, or --dry-run to see what it is`);
    const { number } = await matching(named, doing);
    if (!(await ask(world, `${question}: ${number}?`))) throw new Complaint(exit.failed, "nothing was done");
  }
  const onProgress = ({ done: so, skipped }: BulkProgress) =>
    progress(world, `${done} ${count(so)}${skipped > 0 ? `, left alone ${count(skipped)}` : ""}`);
  const result = await doing.run({ onProgress, signal: world.signal });
  progress(world, "");
  await tell(world, named, { result, doing });
  if (world.signal.aborted) throw new Complaint(exit.stopped, "stopped; what was done stays done");
}

async function tell(
  world: World,
  { receiver }: Named,
  { result, doing: { flags, done } }: { readonly result: BulkProgress; readonly doing: Doing },
): Promise<void> {
  if (flags.json) return print(world, toJson({ receiver, [done]: result.done, skipped: result.skipped }));
  const alone =
    result.skipped > 0
      ? `; left alone ${count(result.skipped)}, which somebody has in hand or which changed`
      : "";
  await print(world, `${done} ${count(result.done)}${alone}`);
}

async function showOnly(world: World, named: Named, doing: Doing): Promise<void> {
  const { records, number } = await matching(named, doing);
  const { receiver } = named;
  if (doing.flags.json) return print(world, toJson({ receiver, dryRun: true, records }));
  if (records.length > 0) await print(world, shownRecords(world, records, { headed: true }));
  note(world, `${number} would be ${doing.done}; nothing was done`);
}

/** The records that it would be done to, at most {@link mostCounted} of them, and their number in words. */
async function matching({ records }: Named, { listed }: Doing) {
  const found: Found[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.list({ ...listed, limit: mostCounted - found.length, cursor });
    found.push(...page.records);
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < mostCounted);
  const number =
    cursor === undefined ? `${count(found.length)} records` : `more than ${count(found.length)} records`;
  return { records: found, number: found.length === 1 && cursor === undefined ? "1 record" : number };
}
