/** One event's story: its record, and the deliveries, runs and posts that this process saw. */
import { api, type Story } from "./api.ts";
import { alarm, chip, confirmed, h, say, sentenceOf, time } from "./dom.ts";
import { follow } from "./feed.ts";
import type { Place } from "./place.ts";
import { colourOf, kinds, outcome, sentence } from "./words.ts";

/** Shows the story of the key in the address, and goes on telling it. */
export function showRecord(place: Place): void {
  const { main, receiver, query, signal } = place;
  const key = query.get("key") ?? "";
  const [told, buttons, held] = [h("section", {}), h("section", {}), h("section", {})];
  main.append(told, buttons, held);
  let known: string | undefined;
  let newest = 0;

  async function tell(): Promise<void> {
    const story = await api.story({ receiver, key });
    if (signal.aborted) return;
    newest = story.seen.at(-1)?.number ?? newest;
    told.replaceChildren(...storyOf(key, story));
    // a button that somebody is about to press stays where it is
    const now = `${story.record?.state} ${story.record?.kept}`;
    if (now !== known) buttons.replaceChildren(...buttonsFor(place, key, story));
    known = now;
    held.replaceChildren(...holdings(place, story));
  }

  tell()
    .then(() =>
      follow(receiver, {
        signal,
        onState: () => {},
        onSeen({ number, record }) {
          if (record.key === key && number > newest) void tell().catch(() => {});
        },
      }),
    )
    .catch((error: unknown) => signal.aborted || told.replaceChildren(alarm(error)));
}

function storyOf(key: string, { record, seen }: Story): HTMLElement[] {
  const { name, id } = record ?? seen[0]?.record ?? {};
  const arrived = record?.arrivedAt ? [h("li", {}, time(record.arrivedAt), " It arrived.")] : [];
  const now = record
    ? h("li", {}, chip(colourOf(record.state!), record.state!), " ", outcome(record))
    : h("li", {}, "There is no record of it (any more).");
  return [
    h("h2", {}, `${name ?? "An event"}${id === undefined ? "" : ` about ${id}`}`),
    h("p", { class: "quiet" }, "Key ", h("code", {}, key)),
    h("ol", { class: "story", "aria-label": "Its story" }, ...arrived, ...inOrder(seen).map(lineOf), now),
    h("p", { class: "quiet" }, "What other processes did is seen in its record alone."),
  ];
}

/** What began first comes first: a delivery is told when it was answered, after the run that it waited for. */
function inOrder(seen: Story["seen"]): { began: number; record: Story["seen"][number]["record"] }[] {
  return seen
    .map(({ at, record }) => ({ began: "tookMs" in record ? at - record.tookMs : at, record }))
    .toSorted((a, b) => a.began - b.began || order.indexOf(a.record.kind) - order.indexOf(b.record.kind));
}

const order = ["delivery", "run", "post", "dead"];

function lineOf({ began, record }: ReturnType<typeof inOrder>[number]): HTMLElement {
  const kind = chip(colourOf(record.outcome), kinds[record.kind]);
  return h("li", {}, time(began), " ", kind, " ", sentence(record));
}

/** What can be done with work that nobody has in hand, or with an event that is kept. */
function buttonsFor(place: Place, key: string, { record }: Story): HTMLElement[] {
  if (!record || !place.shell.actions) return [];
  const { state = "held", kept } = record;
  const isLeft = ["dead", "due", "waiting", "paused"].includes(state);
  const question = "Discard it? It will not be handled any more. Its duplicates are still answered.";
  const retry = () => doing(place, "retry", key);
  const discard = async () => {
    if (await confirmed(question, "Discard it")) await doing(place, "discard", key);
  };
  const word = state === "settled" ? "Replay" : "Retry";
  const row = h(
    "div",
    { class: "row" },
    (isLeft || (state === "settled" && kept)) && h("button", { click: retry }, word),
    isLeft && h("button", { class: "bad", click: discard }, "Discard"),
  );
  return [row];
}

async function doing({ receiver, again }: Place, what: "retry" | "discard", key: string): Promise<void> {
  try {
    await api.do(what, { receiver, key });
    say(what === "retry" ? "It is due: a worker takes it." : "It is discarded.");
    again();
  } catch (error) {
    say(sentenceOf(error));
  }
}

function holdings({ shell }: Place, { record }: Story): HTMLElement[] {
  if (!record) return [];
  const { data, callback, answer } = record;
  if (!shell.payloads) {
    const status = answer ? `Its duplicates are answered with ${answer.status}. ` : "";
    return [h("p", { class: "quiet" }, `${status}This inspector shows no payloads.`)];
  }
  const parts: [string, string | undefined][] = [
    ["The event", data === undefined ? undefined : JSON.stringify(data, undefined, 2)],
    ["Its callback", callback],
    ["What its duplicates get", answer && `${answer.status} ${answer.body}`],
  ];
  return parts.flatMap(([title, text]) =>
    text === undefined ? [] : [h("h3", {}, title), h("pre", { tabindex: 0 }, text)],
  );
}
