/** Counts over time as a line. */

/** A count at a time: ms since the epoch. */
export interface Point {
  readonly at: number;
  readonly count: number;
}

/** A line through the points; nothing where there are none to compare. */
export function sparkline(points: readonly Point[]): SVGElement {
  const svg = drawn("svg", { class: "spark", viewBox: "0 0 100 20", preserveAspectRatio: "none" });
  svg.setAttribute("aria-hidden", "true");
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return svg;
  const most = Math.max(...points.map(({ count }) => count), 1);
  const places = points.map(({ at, count }) => {
    const [x, y] = [(100 * (at - first.at)) / (last.at - first.at || 1), 19 - (18 * count) / most];
    return `${x.toFixed(2)},${y.toFixed(2)}`;
  });
  svg.append(drawn("polyline", { points: places.join(" ") }));
  return svg;
}

function drawn(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name) as SVGElement;
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}
