/** What happens from outside, and what goes wrong: all that a run of the model is made of, beside its schedule. */
import fc from "fast-check";

/** What becomes of one call of a backend's verb. */
export type VerbFate = "works" | "lost" | "unanswered" | "hangs";
/** What becomes of one post to a callback address. */
export type PostFate =
  | "works"
  | "unconnected"
  | "lost"
  | "unanswered"
  | "hangs"
  | "fails"
  | "takes and fails"
  | "busy"
  | "rejects";
/** How far a reply gets, and what the adapter says of it. */
export type ReplyFate = "fully" | "perhaps, and arrives" | "perhaps, and is lost" | "not";
/** What a run of the handler does. */
export type Behaviour =
  | "answers"
  | "calls back"
  | "calls back beside a reply"
  | "calls back late"
  | "calls back after a lease"
  | "promises"
  | "fails"
  | "fails late"
  | "gives up"
  | "gives up late"
  | "hangs";

/** One thing that happens; `at` is a process, `event` one of the events. */
export type Action =
  | { readonly kind: "deliver"; readonly event: number; readonly at: number; readonly reply: ReplyFate }
  | { readonly kind: "crash" | "restart" | "close"; readonly at: number }
  | { readonly kind: "answer" | "retry"; readonly event: number; readonly at: number }
  | { readonly kind: "wait"; readonly ms: number };

/** One run: what is not said goes well. */
export interface Plan {
  readonly processes: number;
  readonly answerWithin: "25s" | 0;
  readonly whenDead: boolean;
  readonly actions: readonly Action[];
  /** By event, then by run. */
  readonly behaviours: readonly (readonly Behaviour[])[];
  readonly verbs: readonly VerbFate[];
  readonly posts: readonly PostFate[];
  /** Time stands still while a message is under way: no verb is late. */
  readonly prompt: boolean;
  /** Nothing is lost, and nobody crashes or closes. */
  readonly calm: boolean;
}

export const events = 3;

const event = fc.nat({ max: events - 1 });
const at = fc.nat({ max: 2 });
const behaviour = fc.constantFrom<Behaviour[]>(
  "calls back",
  "answers",
  "calls back beside a reply",
  "calls back late",
  "calls back after a lease",
  "promises",
  "fails",
  "fails late",
  "gives up",
  "gives up late",
  "hangs",
);
const reply = fc.constantFrom<ReplyFate[]>("fully", "perhaps, and arrives", "perhaps, and is lost", "not");
const deliver = fc.record({ kind: fc.constant("deliver" as const), event, at, reply });
const wait = fc.record({
  kind: fc.constant("wait" as const),
  ms: fc.constantFrom(0, 100, 2_000, 5_000, 10_000, 25_000, 31_000, 36_000, 61_000, 3_600_000),
});
const answer = fc.record({ kind: fc.constantFrom("answer" as const, "retry" as const), event, at });
const stop = fc.record({ kind: fc.constantFrom("crash" as const, "close" as const, "restart" as const), at });

function mostly<Fate>(usual: Fate, ...others: Fate[]): fc.Arbitrary<Fate[]> {
  const fate = fc.oneof(
    { arbitrary: fc.constant(usual), weight: 3 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );
  return fc.array(fate, { maxLength: 40 });
}

const common = {
  answerWithin: fc.constantFrom("25s" as const, "25s" as const, 0 as const),
  whenDead: fc.boolean(),
  behaviours: fc.array(fc.array(behaviour, { maxLength: 4 }), { minLength: events, maxLength: events }),
};

/** Everything goes wrong that can. */
export const hostile: fc.Arbitrary<Plan> = fc.record({
  ...common,
  processes: fc.integer({ min: 1, max: 3 }),
  actions: fc.array(
    fc.oneof(
      { arbitrary: deliver, weight: 4 },
      { arbitrary: wait, weight: 4 },
      { arbitrary: stop, weight: 1 },
      { arbitrary: answer, weight: 1 },
    ),
    { minLength: 1, maxLength: 24 },
  ),
  verbs: mostly<VerbFate>("works", "lost", "unanswered", "hangs"),
  posts: mostly<PostFate>(
    "works",
    ...([
      "unconnected",
      "lost",
      "unanswered",
      "hangs",
      "fails",
      "takes and fails",
      "busy",
      "rejects",
    ] as const),
  ),
  prompt: fc.boolean(),
  calm: fc.constant(false),
});

/** Nothing goes wrong but handlers, and some clients go away. */
export const calm: fc.Arbitrary<Plan> = fc.record({
  ...common,
  processes: fc.integer({ min: 1, max: 2 }),
  actions: fc.array(
    fc.oneof(
      { arbitrary: deliver, weight: 4 },
      { arbitrary: wait, weight: 4 },
      { arbitrary: answer, weight: 1 },
    ),
    { minLength: 1, maxLength: 24 },
  ),
  verbs: fc.constant([]),
  posts: fc.constant([]),
  prompt: fc.constant(true),
  calm: fc.constant(true),
});
