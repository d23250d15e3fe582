/** A name of an event that no record has may be misspelt. */
import { nearest } from "@answerback/core/provider";
import type { Named } from "../backend/records.ts";
import { visible } from "../print/visible.ts";
import { note, type World } from "../world.ts";

/** Says so, with the name that was probably meant, of those that the newest records have. */
export async function tellOfNearName(
  world: World,
  { receiver, records }: Named,
  name: string,
): Promise<void> {
  const { records: having } = await records.list({ name, limit: 1 });
  if (having.length > 0) return;
  const { records: newest } = await records.list({ limit: 500 });
  const names = [...new Set(newest.flatMap((record) => record.name ?? []))];
  const near = nearest(name, names);
  const offer = near === undefined ? "" : `; did you mean ${visible(near, 100)}?`;
  note(world, `${receiver}: no record has the name ${JSON.stringify(name)}${offer}`);
}
