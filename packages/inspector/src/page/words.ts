/** Records and observations in words. */
import type { Found, Observation, PostObservation } from "@answerback/core";

/** The states, in the order in which they matter, and what each means. */
export const states: Readonly<Record<Found["state"], string>> = {
  dead: "given up",
  due: "a worker takes it next",
  waiting: "for its next attempt",
  paused: "until the pause ends",
  held: "in somebody's hands",
  free: "the provider sends it again",
  settled: "handled",
};

/** How a state, or an outcome, is coloured. */
export function colourOf(word: string): string {
  if (["settled", "handled", "accepted", "duplicate", "presumed_delivered"].includes(word)) return "good";
  return ["dead", "failed", "refused", "rejected"].includes(word) ? "bad" : "wait";
}

/** What an observation is of. */
export const kinds: Readonly<Record<Observation["kind"], string>> = {
  delivery: "Delivery",
  run: "Run",
  post: "Post",
  dead: "Given up",
};

/** An observation as a sentence, its kind beside it. */
export function sentence(record: Observation): string {
  const why = record.reason ? `: ${record.reason}` : "";
  switch (record.kind) {
    case "delivery":
      return `${record.outcome}, answered with ${record.status} after ${took(record.tookMs)}${why}`;
    case "run":
      return `${record.outcome}, ${ordinal(record.attempt)} run, ${took(record.tookMs)}${why}`;
    case "post":
      return `${wordsOf(record)}, ${ordinal(record.attempt)} use of the address, ${took(record.tookMs)}${why}`;
    case "dead":
      return `its ${record.work} is a dead letter${why}`;
  }
}

function wordsOf({ outcome, status, final }: PostObservation): string {
  const part = final ? "" : "a part of the answer, ";
  const answered = status === undefined ? "" : `, answered with ${status}`;
  return `${part}${outcome.replaceAll("_", " ")}${answered}`;
}

function ordinal(number: number): string {
  const last = number % 100 > 10 && number % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][number % 10];
  return `${number}${last ?? "th"}`;
}

/** What became of a record, as a sentence. */
export function outcome({ state, attempts, forMs, work, error }: Partial<Found>): string {
  const times = `${attempts ?? 0} ${attempts === 1 ? "attempt" : "attempts"}`;
  const left =
    forMs === undefined
      ? ""
      : ` ${state === "dead" || state === "settled" ? "It is kept for another" : "This changes by itself in"} ${took(forMs)}.`;
  const why = error ? ` The last error is ${error.code}: ${error.message}.` : "";
  const what = work ? ` What is left is its ${work}.` : "";
  return `${states[state ?? "held"]}, after ${times}.${what}${why}${left}`;
}

/** A length of time. */
export function took(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1_000],
  ] as const;
  const [unit, each] = units.find(([, length]) => ms >= length)!;
  return `${Math.round((10 * ms) / each) / 10} ${unit}`;
}
