/** Records by state and search, the newest first, page by page. */
import type { Found } from "@answerback/core";
import { api } from "./api.ts";
import { alarm, chip, h, table, time } from "./dom.ts";
import { linkTo, type Place } from "./place.ts";
import { searchFor } from "./search.ts";
import { colourOf } from "./words.ts";

/** How many more are shown at a time. */
const atATime = 50;

/** Shows the records that the address asks for. */
export function showRecords(place: Place): void {
  const { main, receiver, query, signal } = place;
  const asked = Object.fromEntries(query);
  const list = h("div", {});
  const state = h("p", { class: "quiet", role: "status" });
  const more = h("button", {}, "More");
  main.append(h("h2", {}, "Records"), searchFor(place), list, state, more);
  const found: Found[] = [];
  let cursor: string | undefined;
  let isWanted = false;

  /** A page may be short, or empty, where many records have to be passed over; it goes on until somebody stops it. */
  async function goOn(): Promise<void> {
    const enough = found.length + atATime;
    isWanted = true;
    more.textContent = "Stop";
    state.textContent = "Looking …";
    do {
      const page = await api.records({ ...asked, receiver, cursor });
      if (signal.aborted) return;
      found.push(...page.records);
      cursor = page.cursor;
      if (page.records.length > 0) list.replaceChildren(rowsOf(receiver, found));
    } while (isWanted && cursor && found.length < enough);
  }

  function rest(): void {
    isWanted = false;
    more.textContent = "More";
    more.hidden = cursor === undefined;
    const all = cursor === undefined ? "" : " There are older ones to look through.";
    state.textContent = `${found.length || "None"} found.${all}`;
  }

  const toggle = () => {
    if (isWanted) isWanted = false;
    else
      goOn().then(rest, (error: unknown) => {
        rest();
        list.append(alarm(error));
      });
  };
  more.addEventListener("click", toggle);
  toggle();
}

function rowsOf(receiver: string, records: readonly Found[]): HTMLElement {
  const rows = records.map(({ key, state, name, id, arrivedAt, diedAt, attempts, error }) => [
    time(diedAt ?? arrivedAt),
    h("a", { href: linkTo("record", { receiver, key }) }, name ?? "without a name"),
    id,
    chip(colourOf(state), state),
    attempts,
    error && `${error.code}: ${error.message}`,
  ]);
  return table("Records", ["When", "Event", "About", "State", "Attempts", "Error"], rows);
}
