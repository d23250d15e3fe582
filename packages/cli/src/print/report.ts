/** What the judge found, scenario by scenario, in lines for people. */
import { printJournal, type Finding, type Report } from "@answerback/simulator";
import { styled, type World } from "../world.ts";
import { indented, visible, visibleLines } from "./visible.ts";

/** The report of one scenario, or of several. */
export function shownReport(world: World, { findings, passed, skipped }: Report): string {
  return [
    ...findings.map((finding) => shownFinding(world, finding)),
    ...passed.map((name) => `${styled(world, "green", "✓")} ${visible(name)}`),
    ...skipped.map(({ scenario, lacks }) =>
      styled(world, "dim", `– ${visible(scenario)} (not judged: ${why[lacks]})`),
    ),
  ].join("\n");
}

const why = {
  handler: "it needs a handler of the judge's; judge it from a test, with @answerback/simulator",
  callbacks: "it needs --callbacks",
  credentials: "it needs --user",
  secret: "it needs --secret",
  authenticationKey: "it needs --secret",
} as const;

function shownFinding(world: World, { clause, scenario, says, journal }: Finding): string {
  const head = `${styled(world, "red", "✗")} ${clause} ${visible(scenario)}`;
  const below = [`the receiver ${says}`, ...(journal.length > 0 ? [printJournal(journal)] : [])].join("\n");
  return `${head}\n${indented(visibleLines(below, 10_000), "    ")}`;
}

/** How many there were of each. */
export function shownSummary(
  world: World,
  { provider, findings, passed, skipped, seed }: Report & { readonly seed: number },
): string {
  const counts = `${findings.length} found, ${passed.length} passed, ${skipped.length} not judged`;
  return styled(world, findings.length > 0 ? "red" : "green", `${provider}: ${counts} (seed ${seed})`);
}
