/** The form that says which records: what it is filled with stands in the address. */
import { h } from "./dom.ts";
import { linkTo, type Place } from "./place.ts";
import { states } from "./words.ts";

/** What can be searched for beside the state, and what it is called. */
const filters = { name: "Event", id: "About", error: "Error" } as const;

/** The form, filled as the address says. */
export function searchFor({ receiver, query }: Place): HTMLElement {
  const given = (name: string) => query.get(name) ?? "";
  const state = h(
    "select",
    { name: "state" },
    h("option", { value: "" }, "any"),
    ...Object.entries(states).map(([name, meaning]) =>
      h("option", { value: name, selected: given("state") === name }, `${name}: ${meaning}`),
    ),
  );
  const texts = Object.entries(filters).map(([name, label]) =>
    h("label", {}, label, h("input", { name, value: given(name), autocomplete: "off" })),
  );
  const since = h("input", { name: "since", type: "datetime-local", value: toLocal(given("since")) });
  const key = h("input", { name: "key", autocomplete: "off" });
  const search = (event: Event) => {
    event.preventDefault();
    const asked = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement)) as Record<
      string,
      string
    >;
    location.hash = addressOf(receiver, asked);
  };
  return h(
    "form",
    { class: "row", role: "search", submit: search },
    h("label", {}, "State", state),
    ...texts,
    h("label", {}, "Since", since),
    h("label", {}, "Key", key),
    h("button", {}, "Find"),
  );
}

/** A key is of one record, which needs no list. */
function addressOf(receiver: string, { key, since, ...rest }: Record<string, string>): string {
  if (key) return linkTo("record", { receiver, key: key.trim() });
  return linkTo("records", { receiver, ...rest, since: since ? String(new Date(since).getTime()) : "" });
}

/** ms since the epoch, as the input has it: local time without its zone. */
function toLocal(ms: string): string {
  if (ms === "" || Number.isNaN(new Date(Number(ms)).getTime())) return "";
  const date = new Date(Number(ms));
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
