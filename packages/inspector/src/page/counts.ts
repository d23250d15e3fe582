/** How much there is in each state, now and over time; and what is paused. */
import type { RecordCounts } from "@answerback/core";
import { api, type Counts } from "./api.ts";
import { alarm, h } from "./dom.ts";
import { pauseControls } from "./pauses.ts";
import { linkTo, type Place } from "./place.ts";
import { sparkline } from "./spark.ts";
import { colourOf, states, took } from "./words.ts";

/** How often the counts are asked for: ms. */
const againMs = 10_000;

/** Shows the counts, and asks again as long as somebody looks. */
export function showCounts(place: Place): void {
  const { main, receiver, signal } = place;
  const pauses = h("div", {});
  const counts = h("div", {});
  let known = "";
  main.append(counts, pauses);

  function show({ counted, samples }: Counts): void {
    if ("away" in counted) return counts.replaceChildren(alarm(counted.away));
    const paused = JSON.stringify(counted.paused);
    // somebody may be typing there
    if (paused !== known) pauses.replaceChildren(...pauseControls(place, counted.paused));
    known = paused;
    counts.replaceChildren(cardsOf(receiver, counted, samples), underWay(counted, samples));
  }

  async function ask(): Promise<void> {
    if (document.hidden) return;
    try {
      const now = await api.counts(receiver);
      if (!signal.aborted) show(now);
    } catch (error) {
      counts.replaceChildren(alarm(error));
    }
  }

  const again = setInterval(() => void ask(), againMs);
  signal.addEventListener("abort", () => clearInterval(again));
  void ask();
}

function cardsOf(receiver: string, { counts, upTo }: RecordCounts, samples: Counts["samples"]): HTMLElement {
  const cards = Object.entries(states).map(([name, meaning]) => {
    const state = name as keyof typeof counts;
    const isSome = counts[state] > 0;
    const count = `${counts[state].toLocaleString()}${counts[state] === upTo ? "+" : ""}`;
    const line = sparkline(samples.map((sample) => ({ at: sample.at, count: sample.counts[state] })));
    const card = h("a", { href: linkTo("records", { receiver, state }), class: isSome && colourOf(state) });
    card.append(h("b", {}, count), h("span", {}, state), h("small", {}, meaning), line);
    return h("li", {}, card);
  });
  return h("ul", { class: "counts", "aria-label": "Records by state" }, ...cards);
}

function underWay({ dueForMs, runs, posts }: RecordCounts, samples: Counts["samples"]): HTMLElement {
  const late = dueForMs > 0 ? `What has been due longest has been due for ${took(dueForMs)}. ` : "";
  const here = `Handlers that run in this process: ${runs}. Callbacks that it posts: ${posts}.`;
  const [first, last] = [samples[0], samples.at(-1)];
  const over = first && last && first !== last ? ` The lines show the last ${took(last.at - first.at)}.` : "";
  return h("p", { class: "quiet" }, late + here + over);
}
