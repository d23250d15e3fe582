/** The handler of every process: what a run does is the plan's to say. */
import { later, PermanentError, reply } from "@answerback/core";
import type { Behaviour } from "./plan.ts";
import { turn, type Process } from "./process.ts";
import { types, type World } from "./world.ts";

/** How long it takes when it is late: longer than `answerWithin`, longer than a lease, longer than it may: ms. */
const tookMs: { readonly [One in Behaviour]?: number } = {
  "calls back late": 27_000,
  "calls back after a lease": 70_000,
  "fails late": 27_000,
  "gives up late": 27_000,
  hangs: 3_600_000,
};

/** Runs the handler once, and writes down what must hold. */
export async function handle(
  this: World,
  process: Process,
  { type, key }: { readonly type: string; readonly key: string },
  { signal }: { readonly signal: AbortSignal },
): Promise<unknown> {
  const known = this.event(type);
  known.key = key;
  if (this.model.isSettled(key)) this.violations.push(`${type} is settled, and its handler runs`);
  const run = known.runs++;
  const behaviour = this.plan.behaviours[types.indexOf(type as never)]?.[run] ?? "calls back";
  await turn(this, process, `${type} ${behaviour}`);
  const ms = tookMs[behaviour];
  if (ms) {
    await new Promise<void>((resolve) => void this.clock.after(ms, resolve));
    await turn(this, process, `${type} is done`);
  }
  const answer = answerOf(behaviour, run);
  if (signal.aborted) return answer;
  known.successes += 1;
  const over = this.model.rows.get(key)?.takenOver || known.retried;
  if (known.successes > 1 && !over) this.violations.push(`${type} was handled twice`);
  known.calledBack ||= behaviour.startsWith("calls back");
  return answer;
}

function answerOf(behaviour: Behaviour, run: number): unknown {
  const callback = { message: `run ${run}` };
  if (behaviour.startsWith("fails")) throw new Error("failed");
  if (behaviour.startsWith("gives up")) throw new PermanentError("never");
  if (behaviour === "promises") return later();
  if (behaviour === "answers") return { run };
  if (behaviour === "calls back beside a reply") return reply({ run }, { callback });
  return { run, callback };
}
