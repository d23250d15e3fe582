/** What the page asks the inspector, and what it has it do. All addresses are relative to the page's own. */
import type { ErrorGroup, Observation, RecordCounts, RecordDetails, RecordPage } from "@answerback/core";

/** What this inspector is. */
export interface Shell {
  /** May the page change anything? */
  readonly actions: boolean;
  /** Are payloads shown? */
  readonly payloads: boolean;
  readonly receivers: readonly string[];
}

/** How many records a receiver has, now and over time; or why nobody knows. */
export interface Counts {
  readonly counted: RecordCounts | { readonly away: string };
  readonly samples: readonly { readonly at: number; readonly counts: RecordCounts["counts"] }[];
}

/** Dead letters by what they died of. */
export interface Causes {
  readonly groups: readonly ErrorGroup[];
  /** How many smaller groups there are. */
  readonly left: number;
  /** Only so many of the newest dead letters were looked at. */
  readonly newest?: number;
}

/** An observation, and when it was made. */
export interface Seen {
  readonly number: number;
  readonly at: number;
  readonly record: Observation;
}

/** A record, and what this process saw of it. */
export interface Story {
  readonly record?: Partial<RecordDetails>;
  readonly seen: readonly Seen[];
}

/** What is asked for, or ordered. What is absent or empty is left out. */
export type Query = Readonly<Record<string, string | undefined>>;

/** How work on many goes on. */
export interface Following {
  readonly onProgress: (done: number, skipped: number) => void;
  /** Stops it between two records. */
  readonly signal: AbortSignal;
}

/** A line of the answer to work on many. */
interface Line {
  readonly done?: number;
  readonly skipped?: number;
  readonly isOver?: boolean;
  readonly failed?: string;
}

export const api = {
  shell: (): Promise<Shell> => get("receivers", {}),
  counts: (receiver: string): Promise<Counts> => get("counts", { receiver }),
  records: (query: Query): Promise<RecordPage> => get("records", query),
  story: (query: Query): Promise<Story> => get("record", query),
  causes: (receiver: string): Promise<Causes> => get("errors", { receiver }),

  /** Does something, at once. Rejects with the receiver's own sentence. */
  async do(what: string, order: Query): Promise<void> {
    await readAll(await post(what, order));
  },

  /** Does something to many, until it is over. Rejects with what failed. */
  async doToAll(what: string, order: Query, { onProgress, signal }: Following): Promise<void> {
    const response = await post(what, order, signal);
    if (!response.ok) return void (await readAll(response));
    let last: Line = {};
    for await (last of linesOf(response)) {
      if (last.failed) throw new Error(last.failed);
      onProgress(last.done ?? 0, last.skipped ?? 0);
    }
    if (!last.isOver) throw new Error("The connection ended before the work did");
  },
};

/** A query as it stands in an address. */
export function paramsOf(query: Query): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return String(new URLSearchParams(given));
}

async function get<Value>(what: string, query: Query): Promise<Value> {
  return (await readAll(await fetch(`api/${what}?${paramsOf(query)}`))) as Value;
}

function post(what: string, order: Query, signal?: AbortSignal): Promise<Response> {
  const headers = { "content-type": "application/json", "x-answerback-inspector": "1" };
  const body = JSON.stringify(order);
  return fetch(`api/do/${what}`, { method: "POST", headers, body, signal: signal ?? null });
}

async function readAll(response: Response): Promise<unknown> {
  const answer = (await response.json().catch(() => ({}))) as { message?: string };
  if (!response.ok) throw new Error(answer.message ?? `the inspector answered ${response.status}`);
  return answer;
}

async function* linesOf(response: Response): AsyncGenerator<Line> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line) as Line;
  }
}
