/**
 * Draws a line of time from a few lines of text: moments (`25 | acknowledged`), in seconds, and below them what takes from one time to
 * another (`0-40 | the handler runs`).
 */

const width = 460;
const margin = 8;
const headHeight = 48;
const rowHeight = 44;

interface Entry {
  readonly from: number;
  readonly to: number | undefined;
  readonly words: string;
}

/** The picture as SVG. Throws where a line is neither a moment nor a span. */
export function drawLine(text: string): string {
  const entries = text.trim().split("\n").map(read);
  const moments = entries.filter(({ to }) => to === undefined);
  const spans = entries.filter(({ to }) => to !== undefined);
  const end = Math.max(...entries.map(({ from, to = from }) => to));
  const x = (seconds: number) => Math.round(margin + (seconds / end) * (width - 2 * margin));
  const height = headHeight + spans.length * rowHeight;

  // what lies above comes last
  const drawn = [
    ...moments.map(
      ({ from }) =>
        `<line class="moment" x1="${x(from)}" y1="${headHeight - 8}" x2="${x(from)}" y2="${height}" />`,
    ),
    ...spans.map(({ from, to, words }, index) => {
      const y = headHeight + index * rowHeight;
      const bar = `<rect class="span" x="${x(from)}" y="${y}" width="${x(to!) - x(from)}" height="12" rx="6" />`;
      return `${bar}<text x="${x(from) + 2}" y="${y + 29}">${escape(words)}</text>`;
    }),
    ...moments.map(({ from, words }, index) => {
      // the label of the last has room behind it; of those in the middle, before it
      const isBetween = index > 0 && index < moments.length - 1;
      const place = `x="${x(from) + (isBetween ? 2 : -2)}" text-anchor="${isBetween ? "end" : "start"}"`;
      return `<text class="time" ${place} y="14">${from} s</text><text ${place} y="32">${escape(words)}</text>`;
    }),
  ];
  const box = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>${drawn.join("")}</svg>`;
}

function read(line: string): Entry {
  const [, from, to, words] = /^(\d+)(?:-(\d+))? \| (.+)$/.exec(line) ?? [];
  if (!words) throw new Error(`neither a moment nor a span of time: ${line}`);
  return { from: Number(from), to: to === undefined ? undefined : Number(to), words };
}

function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
