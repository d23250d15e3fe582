/** Dead letters in groups by what they died of. */
import { api, type Causes } from "./api.ts";
import { actionsFor } from "./bulk.ts";
import { alarm, h, table } from "./dom.ts";
import { linkTo, type Place } from "./place.ts";

/** Shows the groups. */
export function showErrors(place: Place): void {
  const { main, receiver, signal } = place;
  main.append(h("h2", {}, "What dead letters died of"));
  api.causes(receiver).then(
    (causes) => signal.aborted || main.append(...groupsOf(place, causes)),
    (error: unknown) => signal.aborted || main.append(alarm(error)),
  );
}

function groupsOf(place: Place, causes: Causes): HTMLElement[] {
  const { groups, newest, left } = causes;
  if (groups.length === 0) return [h("p", {}, "There are no dead letters.")];
  const of = newest === undefined ? "" : `Counted among the newest ${newest.toLocaleString()}. `;
  const more = left > 0 ? `${left} smaller groups are not shown.` : "";
  return [tableOf(place, causes), h("p", { class: "quiet" }, of + more)];
}

function tableOf(place: Place, { groups }: Causes): HTMLElement {
  const { receiver, shell } = place;
  const rows = groups.map((group) => {
    const { count, error, names } = group;
    const link = h("a", { href: linkTo("records", { receiver, state: "dead", error }) });
    link.append(h("span", {}, error || "without an error"));
    const row = [count.toLocaleString(), link, names.join(", ")];
    // those without an error have no name to be called by
    return shell.actions ? [...row, error !== "" && actionsFor(place, group)] : row;
  });
  const heads = ["How many", "Error", "Events", ...(shell.actions ? ["What to do"] : [])];
  return table("Dead letters by error", heads, rows);
}
