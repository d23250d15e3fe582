/** What the page asks for, and nothing of it changes anything: receivers and counts, records, one record's story, causes. */
import type { Found, Receiver, RecordDetails, RecordFilter } from "@answerback/core";
import type { Settings } from "../options.ts";
import { cut } from "./cut.ts";
import { NotFound } from "./failures.ts";
import type { Asked, Inside } from "./plain.ts";

/** How many dead letters are looked at for their errors, and how many groups are shown. */
const [mostDead, mostGroups] = [10_000, 100];

/** Answers a question of the page with plain data. */
export async function look({ settings, watch }: Inside, { path, query: text }: Asked): Promise<unknown> {
  const query = new URLSearchParams(text);
  const { actions, payloads } = settings;
  if (path === "/api/receivers") return { actions, payloads, receivers: [...settings.receivers.keys()] };
  const receiver = receiverOf(settings, query.get("receiver"));
  switch (path) {
    case "/api/counts":
      return { counted: await watch.counted(receiver), samples: watch.samples(receiver.name) };
    case "/api/records":
      return pageOf(receiver, query);
    case "/api/record":
      return storyOf({ settings, watch }, receiver, query.get("key") ?? "");
    case "/api/errors":
      return causesOf(receiver);
    default:
      throw new NotFound("the page asks for nothing of this name");
  }
}

/** The receiver of a name. */
export function receiverOf({ receivers }: Settings, name: unknown): Receiver {
  const receiver = receivers.get(String(name));
  if (receiver) return receiver;
  throw new NotFound(`there is no receiver ${JSON.stringify(String(name))} here`);
}

/** The filter that the page sends: texts, of which an empty one is none. */
export function filterOf({ state, name, id, since, error }: Record<string, string>): RecordFilter {
  return {
    // one that there is not is refused by the receiver, with the cure
    state: (state || undefined) as Found["state"] | undefined,
    name: name || undefined,
    id: id || undefined,
    since: since ? Number(since) : undefined,
    error: error || undefined,
  };
}

async function pageOf({ records }: Receiver, query: URLSearchParams): Promise<unknown> {
  const filter = filterOf(Object.fromEntries(query));
  const page = await records.list({ ...filter, cursor: query.get("cursor") ?? undefined });
  return { ...page, records: page.records.map(cut) };
}

async function causesOf({ records }: Receiver): Promise<unknown> {
  const groups = await records.errors({ limit: mostDead });
  const looked = groups.reduce((sum, { count }) => sum + count, 0);
  return {
    groups: groups.slice(0, mostGroups).map(({ names, ...group }) => ({ ...group, names: cut(names) })),
    left: Math.max(0, groups.length - mostGroups),
    // undefined: all were looked at
    newest: looked >= mostDead ? mostDead : undefined,
  };
}

/** A record, and what this process saw of it. */
async function storyOf(
  { settings, watch }: Inside,
  { name, records }: Receiver,
  key: string,
): Promise<unknown> {
  const record = key === "" ? undefined : await records.get(key);
  const seen = watch.seen(name, key);
  if (!record && seen.length === 0) throw new NotFound("nothing is known under this key");
  return { record: record && cut(shown(settings, record)), seen };
}

/** Without its payloads, unless they may be seen. */
function shown({ payloads }: Settings, record: RecordDetails): Partial<RecordDetails> {
  if (payloads) return record;
  const { data: _data, callback: _callback, answer, ...rest } = record;
  return { ...rest, answer: answer && { status: answer.status, body: "" } };
}
