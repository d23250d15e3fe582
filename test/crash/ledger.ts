/** The ledger: what was sent, what handlers, callbacks and rows came of it, and what is wrong with that. */
import { existsSync, readFileSync } from "node:fs";
import type { CallbackUse, RawDelivery } from "@answerback/simulator";
import type { Standing } from "./orders.ts";

export type ReceiverName = "inline" | "late" | "contacts" | "rows" | "late-rows" | SlowName;

/** Whose handlers take longer than their provider waits, and whose provider never sends again. */
export type SlowName = "slack" | "discord";

/** Whose events come from Postback, and have no callback. */
export const fromPostback: readonly ReceiverName[] = ["contacts", "rows"];

/** Whose handlers write a row. */
const writing: readonly ReceiverName[] = ["rows", "late-rows"];

/** One event of a receiver's, to be sent until it is acknowledged. */
export interface Sent {
  readonly receiver: ReceiverName;
  readonly delivery: RawDelivery;
  readonly callbackUrl: string | undefined;
}

/** A time that a handler ran. */
export interface Ran {
  /** Of which receiver and which delivery. */
  readonly name: string;
  readonly key: string;
  /** The process's name. */
  readonly by: string;
}

/** What came of what was sent. */
export interface Ledger {
  readonly ran: readonly Ran[];
  /** The names of what was written, once for each row. */
  readonly rows: readonly string[];
  readonly uses: readonly CallbackUse[];
  /** Of the events that are looked at, in their order. */
  readonly records: readonly Standing[];
}

/** What the ledger calls an event. */
export function nameOf({ receiver, delivery }: Sent): string {
  return `${receiver} ${delivery.id}`;
}

/** The runs, as the processes wrote them down. */
export function readRuns(file: string): Ran[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  return lines.map((line) => {
    const [receiver, id, key = "", by = ""] = line.split(" ");
    return { name: `${receiver} ${id}`, key, by };
  });
}

/** What is wrong with events that were acknowledged. */
export function faultsIn({ ran, rows, uses, records }: Ledger, events: readonly Sent[]): string[] {
  const handled = new Set(ran.map(({ name }) => name));
  const rowsOf = Map.groupBy(rows, (row) => row);
  const usesOf = Map.groupBy(uses, ({ url }) => url);
  return events.flatMap((event, index) => {
    const name = nameOf(event);
    const written = rowsOf.get(name)?.length ?? 0;
    const faults = {
      "was never handled": !handled.has(name),
      [`is not settled: ${JSON.stringify(records[index])}`]:
        records[index]?.work !== null || !records[index]?.answered,
      [`was written ${written} times`]: writing.includes(event.receiver) && written !== 1,
      ...(event.callbackUrl && faultsOfCallback(usesOf.get(event.callbackUrl) ?? [])),
    };
    return Object.entries(faults).flatMap(([fault, isSo]) => (isSo ? `${name} ${fault}` : []));
  });
}

function faultsOfCallback(uses: readonly CallbackUse[]): Record<string, boolean> {
  const accepted = uses.filter(({ concluded }) => concluded.kind === "callback accepted").length;
  return {
    [`had ${accepted} callbacks`]: accepted !== 1,
    // one that is posted twice cannot always be helped; a reply always knows
    "had a callback inline after it had one": uses.some((use) => use.how === "inline" && use !== uses[0]),
  };
}
