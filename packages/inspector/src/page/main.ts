/** The page: which receiver and which view, kept in the address, so that a view can be handed on as a link. */
import { api, type Shell } from "./api.ts";
import { alarm, h } from "./dom.ts";
import { showErrors } from "./errors.ts";
import { showLive } from "./live.ts";
import { linkTo } from "./place.ts";
import { showRecord } from "./record.ts";
import { showRecords } from "./records.ts";

const views = { live: showLive, records: showRecords, errors: showErrors, record: showRecord } as const;
const named = { live: "Live", records: "Records", errors: "Errors", record: "One event" } as const;
type View = keyof typeof views;

const main = document.querySelector<HTMLElement>("#main")!;
let leaving = new AbortController();

async function show(): Promise<void> {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const { view, query } = address();
  try {
    const shell = await api.shell();
    if (signal.aborted) return;
    const receiver = query.get("receiver") ?? shell.receivers[0] ?? "";
    showReceivers(shell, view, receiver);
    showViews(view, receiver);
    document.title = `${named[view]} · ${receiver} · Answerback`;
    main.replaceChildren();
    views[view]({ main, shell, receiver, query, signal, again: () => void goOn() });
  } catch (error) {
    if (!signal.aborted) main.replaceChildren(alarm(error));
  }
}

/** The keyboard goes on where the new view begins. */
async function goOn(): Promise<void> {
  await show();
  main.focus({ preventScroll: true });
}

function address(): { view: View; query: URLSearchParams } {
  const [view = "", query = ""] = location.hash.slice(1).split("?");
  return { view: Object.hasOwn(views, view) ? (view as View) : "live", query: new URLSearchParams(query) };
}

function showReceivers({ receivers }: Shell, view: View, receiver: string): void {
  const select = document.querySelector<HTMLSelectElement>("#receiver")!;
  const options = receivers.map((name) => h("option", { selected: name === receiver }, name));
  select.replaceChildren(...options);
  // no event is of two receivers
  const next = view === "record" ? "records" : view;
  select.onchange = () => (location.hash = linkTo(next, { receiver: receivers[select.selectedIndex] }));
}

function showViews(view: View, receiver: string): void {
  const links = (["live", "records", "errors"] as const).map((name) =>
    h("a", { href: linkTo(name, { receiver }), "aria-current": name === view && "page" }, named[name]),
  );
  document.querySelector("#views")!.replaceChildren(...links);
}

addEventListener("hashchange", () => void goOn());
void show();
