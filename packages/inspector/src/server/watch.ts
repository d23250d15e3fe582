/** What the inspector has seen of the receivers: their newest observations, and counts over time while somebody looks. */
import { randomUUID } from "node:crypto";
import type { Observation, RecordCounts, Receiver } from "@answerback/core";
import type { Settings } from "../options.ts";
import { cut } from "./cut.ts";
import { said } from "./failures.ts";

/** How many observations of a receiver are remembered, and how many counts. */
const [mostSeen, mostSamples] = [1_000, 180];

/** How old counts may be before they are asked for again: ms. */
const sampleEveryMs = 10_000;

/** An observation, with its place among all of its process. */
export interface Seen {
  /** Counts up from 1. */
  readonly number: number;
  /** ms since the epoch. */
  readonly at: number;
  /** Its long texts cut. */
  readonly record: Observation;
}

/** How many records there were at one time. */
export interface Sample extends Pick<RecordCounts, "counts"> {
  /** ms since the epoch. */
  readonly at: number;
}

/** Counts as they are now, or why nobody knows. */
export type Counted = RecordCounts | { readonly away: string };

/** Who hears of what a receiver observes. */
export interface Listener {
  readonly receiver: string;
  readonly heard: (seen: Seen) => void;
  /** The inspector is closed. */
  readonly ended: () => void;
}

/** Watches the receivers until it is closed. */
export class Watch {
  /** Tells the numbers of this process from those of one before. */
  readonly era: string = randomUUID().slice(0, 8);
  /** Was the app told that `authorize` throws? */
  isRefusalTold = false;
  isClosed = false;
  readonly #settings: Settings;
  readonly #seen = new Map<string, Seen[]>();
  readonly #samples = new Map<string, Sample[]>();
  readonly #counting = new Map<string, { readonly at: number; readonly counted: Promise<Counted> }>();
  readonly #listeners = new Set<Listener>();
  readonly #stops: (() => void)[];
  #number = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#stops = [...settings.receivers.values()].map((receiver) =>
      receiver.watch((record) => this.#note(receiver.name, record)),
    );
  }

  /** The observations of a receiver, the oldest first; of one event, where a key is given. */
  seen(receiver: string, key?: string): readonly Seen[] {
    const seen = this.#seen.get(receiver) ?? [];
    return key === undefined ? seen : seen.filter(({ record }) => record.key === key);
  }

  /** The number in the id of an event of the feed; 0 where that is of another process, or none. */
  numberOf(id: unknown): number {
    const [era, number] = String(id).split(".");
    return era === this.era ? Number(number) : 0;
  }

  /** Counts over time, the oldest first. */
  samples(receiver: string): readonly Sample[] {
    return this.#samples.get(receiver) ?? [];
  }

  /** Counts, asked for once in a while for any number who look. */
  counted(receiver: Receiver): Promise<Counted> {
    const last = this.#counting.get(receiver.name);
    const now = Date.now();
    if (last && now - last.at < sampleEveryMs) return last.counted;
    const counted = this.#count(receiver);
    this.#counting.set(receiver.name, { at: now, counted });
    return counted;
  }

  /** Something changed by hand: whoever asks next gets new counts. */
  recount(receiver: string): void {
    this.#counting.delete(receiver);
  }

  /** Lets somebody hear of every observation until the function that it returns is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  close(): void {
    this.isClosed = true;
    for (const stop of this.#stops) stop();
    for (const { ended } of [...this.#listeners]) ended();
  }

  async #count({ name, records }: Receiver): Promise<Counted> {
    try {
      const counts = await records.stats();
      const samples = [...this.samples(name), { at: Date.now(), counts: counts.counts }];
      this.#samples.set(name, samples.slice(-mostSamples));
      return counts;
    } catch (error) {
      return { away: said(error, this.#settings).message };
    }
  }

  #note(receiver: string, observed: Observation): void {
    const seen = this.#seen.get(receiver) ?? [];
    const one = { number: (this.#number += 1), at: Date.now(), record: cut(observed) as Observation };
    seen.push(one);
    if (seen.length > mostSeen) seen.shift();
    this.#seen.set(receiver, seen);
    for (const listener of this.#listeners) if (listener.receiver === receiver) listener.heard(one);
  }
}
