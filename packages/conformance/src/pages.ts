/** Reading a list, page by page to its end. */
import type { Entry, ListOptions, Place, Records } from "@answerback/core/backend";

/** Which records, and how many a page. */
type Asked = Omit<ListOptions, "limit" | "after"> & { readonly limit?: number };

/** A list that does not end by then goes round in circles. */
const mostPages = 1_000;

/** All pages of a list, 10 records each unless said otherwise. */
export async function pagesOf(
  { records }: { readonly records: Pick<Records, "list"> },
  { limit = 10, ...filter }: Asked = {},
): Promise<Entry[][]> {
  const pages: Entry[][] = [];
  let after: Place | undefined;
  while (pages.length < mostPages) {
    const { entries, next } = await records.list({ limit, after, ...filter });
    pages.push([...entries]);
    if (!next) return pages;
    after = next;
  }
  throw new Error(`a list that has no end after ${mostPages} pages`);
}

/** All records of a list. */
export async function allOf(
  scene: { readonly records: Pick<Records, "list"> },
  asked?: Asked,
): Promise<Entry[]> {
  return (await pagesOf(scene, asked)).flat();
}

/** The keys of all records of a list. */
export async function keysOf(
  scene: { readonly records: Pick<Records, "list"> },
  asked?: Asked,
): Promise<string[]> {
  return (await allOf(scene, asked)).map(({ key }) => key);
}
