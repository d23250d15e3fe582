/** What comes in, live, below the counts. */
import type { Seen } from "./api.ts";
import { showCounts } from "./counts.ts";
import { chip, h, time } from "./dom.ts";
import { follow } from "./feed.ts";
import { linkTo, type Place } from "./place.ts";
import { colourOf, kinds, sentence } from "./words.ts";

/** How many lines of the feed stay. */
const mostLines = 200;

/** Shows the counts and the feed. */
export function showLive(place: Place): void {
  const { main, receiver, signal } = place;
  main.append(h("h2", {}, "What there is"));
  showCounts(place);
  const none = h("p", { class: "quiet" }, "Nothing has come in since this process began.");
  const lines = h("ol", { class: "feed", "aria-label": "What comes in" });
  const state = h("span", { class: "bad", role: "status" });
  const hold = h("button", { "aria-pressed": "false" }, "Hold");
  main.append(h("div", { class: "row" }, h("h2", {}, "What comes in"), hold, state), none, lines);
  let waiting: Seen[] = [];

  /** Many at a time, as often as the screen is drawn. */
  function draw(): void {
    if (isHeld()) return;
    lines.prepend(...waiting.toReversed().map((seen) => lineOf(receiver, seen)));
    waiting = [];
    none.hidden = lines.childElementCount > 0;
    while (lines.childElementCount > mostLines) lines.lastElementChild!.remove();
    // what was there before is not read out
    lines.ariaLive = "polite";
  }

  function isHeld(): boolean {
    return hold.getAttribute("aria-pressed") === "true";
  }

  hold.addEventListener("click", () => {
    hold.setAttribute("aria-pressed", String(!isHeld()));
    draw();
  });
  follow(receiver, {
    signal,
    onState: (text) => (state.textContent = text),
    onSeen(seen) {
      if (waiting.length === 0) requestAnimationFrame(draw);
      waiting = [...waiting, seen].slice(-mostLines);
    },
  });
}

function lineOf(receiver: string, { at, record }: Seen): HTMLElement {
  const what = record.name ?? "a delivery";
  const { key } = record;
  const event = key ? h("a", { href: linkTo("record", { receiver, key }) }, what) : h("span", {}, what);
  const about = h("span", { class: "quiet" }, record.id);
  const said = h("span", {}, sentence(record));
  return h("li", {}, time(at), chip(colourOf(record.outcome), kinds[record.kind]), event, about, said);
}
