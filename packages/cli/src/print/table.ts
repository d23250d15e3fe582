/** A table of columns, for people. */

/** Lines of cells, padded so that columns stand below each other; the last one is not. */
export function table(rows: readonly (readonly string[])[], gap = "  "): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
        .join(gap)
        .trimEnd(),
    )
    .join("\n");
}
