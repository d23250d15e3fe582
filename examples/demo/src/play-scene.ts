/** Plays one scene at apps of its own, with receivers and providers on one virtual clock. */
import { memory } from "@answerback/core";
import { callbackUrls, play, virtualClock, type JournalEntry } from "@answerback/simulator";
import { createApps } from "./apps.ts";
import { createReceivers } from "./receivers.ts";
import type { Came, Line, Played, Scene } from "./scene.ts";

export async function playScene({ app, steps, options, callbackFaults }: Scene): Promise<Played> {
  const clock = virtualClock();
  const callbacks = callbackUrls({ clock, ...(callbackFaults && { faults: callbackFaults }) });
  const warnings: string[] = [];
  const notes: string[] = [];
  const receivers = createReceivers({
    clock,
    random: () => 0.5,
    // as good as any for one that ends before it could forget
    backend: memory({ clock }),
    transport: callbacks.transport,
    warn: ({ code }) => warnings.push(code),
    saw: (what) => notes.push(what),
  });
  const lines: Line[] = [];
  // the notebook is emptied into the line that was concluded next
  const observe = (entry: JournalEntry) => void lines.push(lineOf(entry, notes.splice(0).join(", ")));
  await play(createApps(receivers)[app], steps, { ...options, clock, callbacks, observe });

  const all = Object.values(receivers);
  await Promise.all(all.map((receiver) => receiver.idle()));
  const dead = await Promise.all(all.map((receiver) => receiver.deadLetters.list()));
  await Promise.all(all.map((receiver) => receiver.close()));
  return { lines, warnings, deadLetters: dead.flat().length };
}

function lineOf(entry: JournalEntry, saw: string): Line {
  const what = entry.kind === "attempt" ? `${entry.event} #${entry.attempt}` : `callback, ${entry.how}`;
  const came: Came = [gotOf(entry), saw, entry.concluded.says];
  return { atMs: entry.atMs, what, came };
}

function gotOf(entry: JournalEntry): string {
  if (entry.kind === "callback") return entry.body;
  const { seen } = entry;
  if (seen.kind !== "answered") return seen.kind;
  const after = seen.tookMs > 0 ? ` after ${seen.tookMs / 1_000} s` : "";
  return `${seen.status}${after} ${seen.body}`.trimEnd();
}
