/** Whether a scene went as it had to. */
import type { Came, Played, Scene } from "./scene.ts";

/** What went otherwise than the scene expects, a sentence each; empty: nothing did. */
export function complaints(
  { expected, warns = [] }: Pick<Scene, "expected" | "warns">,
  { lines, warnings, deadLetters }: Played,
): string[] {
  const count = Math.max(expected.length, lines.length);
  const pairs = Array.from(
    { length: count },
    (_, at) => [told(lines[at]?.came), told(expected[at])] as const,
  );
  const wrong = pairs.flatMap(([came, wanted], at) =>
    came === wanted ? [] : [`line ${at + 1} came to ${came}, and not to ${wanted}`],
  );
  const unwanted = warnings
    .filter((code) => !warns.includes(code))
    .map((code) => `a receiver warned: ${code}`);
  const dead = deadLetters > 0 ? [`dead letters are left: ${deadLetters}`] : [];
  return [...wrong, ...unwanted, ...dead];
}

function told(came: Came | undefined): string {
  return came ? came.map((part) => JSON.stringify(part)).join(" · ") : "nothing";
}
