/** A right receiver with one mistake in it: what a mistake is, and the ones that several providers' receivers make. */
import type { Server } from "node:http";
import type { Bench, ProviderName } from "@answerback/simulator";
import type { Event, Reply, Rules } from "../right-receiver.ts";
import { receiver } from "../right-receiver.ts";
import { appInboxRules, postbackRules, uphanceRules, upsalesRules } from "../right-rules.ts";

/** A receiver with one mistake. */
export interface Wrong {
  readonly provider: ProviderName;
  readonly mistake: string;
  build(bench: Bench): Server;
  /** Who finds it out. */
  readonly scenario: string;
  readonly clause: string;
}

/** The rules of the right receivers. */
export const right = {
  upsales: upsalesRules,
  uphance: uphanceRules,
  appInbox: appInboxRules,
  postback: postbackRules,
};

/** What is got wrong. */
export type Mistake = Partial<Rules> | ((bench: Bench, right: Rules) => Partial<Rules>);

/** What it is called, what it is, which clause it breaks, and who finds it out. */
export type Row = readonly [mistake: string, is: Mistake, clause: string, scenario: string];

/** One row a mistake: the mistake, what it is, the clause and the scenario. */
export function wrongly(provider: ProviderName, rows: readonly Row[]): readonly Wrong[] {
  return rows.map(([mistake, is, clause, scenario]) => ({
    provider,
    mistake,
    clause,
    scenario,
    build(bench) {
      const rules = right[provider];
      return receiver({ ...rules, ...(typeof is === "function" ? is(bench, rules) : is) }, bench);
    },
  }));
}

/** Answers `to` for `from`. */
export const statusWhen = (from: number, to: number): Partial<Rules> => ({
  reply: (reply: Reply) => (reply.status === from ? { ...reply, status: to } : reply),
});

/** Finds these events where it should refuse. */
export const decodeOr =
  (status: number, instead: readonly Event[]): Mistake =>
  (_, rules) => ({
    decode(text, request) {
      const events = rules.decode(text, request);
      return events === status ? instead : events;
    },
  });

/** Refuses what it finds this text in. */
export const refuses =
  (word: string): Mistake =>
  (_, { decode }) => ({
    decode: (text, request) => (text.includes(word) ? 400 : decode(text, request)),
  });

/** Remembers for less than two days. */
export const forgetsAfterADay: Mistake = ({ clock }, rules) => ({
  run(memory, key = "", handle) {
    if (!memory.has(key)) clock.after(86_000_000, () => memory.delete(key));
    return rules.run(memory, key, handle);
  },
});

/** The id of an event's data. */
export const idOf = (data: unknown): unknown => Object(data).id;
