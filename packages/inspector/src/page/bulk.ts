/** A whole group of dead letters is retried, or discarded: with its progress, and a way to stop. */
import type { ErrorGroup } from "@answerback/core";
import { api } from "./api.ts";
import { confirmed, h, say, sentenceOf } from "./dom.ts";
import type { Place } from "./place.ts";

/** The buttons of a group. */
export function actionsFor(place: Place, group: ErrorGroup): HTMLElement {
  const box = h("div", { class: "row" });
  const { count, error } = group;
  const question = `Discard ${count} dead letters that died of “${error}”? They will not be handled any more.`;
  const discard = async () => {
    if (await confirmed(question, "Discard all"))
      await doToAll(place, box, { ...group, what: "discard-all" });
  };
  box.append(
    h("button", { click: () => doToAll(place, box, { ...group, what: "retry-all" }) }, "Retry all"),
    h("button", { class: "bad", click: discard }, "Discard all"),
  );
  return box;
}

interface Work extends ErrorGroup {
  readonly what: "retry-all" | "discard-all";
}

/** What was done until it is stopped, or fails, stays done. */
async function doToAll(place: Place, box: HTMLElement, { what, error, count }: Work): Promise<void> {
  const { receiver, again, signal: left } = place;
  const stop = new AbortController();
  const bar = h("progress", { max: count, value: 0, "aria-label": "Progress" });
  const button = h("button", { click: () => stop.abort() }, "Stop");
  const far = h("span", {}, `0 of ${count}`);
  box.replaceChildren(bar, far, button);
  button.focus();
  let sum = "Nothing was done.";
  const onProgress = (done: number, skipped: number) => {
    bar.value = done + skipped;
    far.textContent = `${done + skipped} of ${Math.max(count, done + skipped)}`;
    const alone = skipped > 0 ? `, ${skipped} were left alone: they changed, or cannot be` : "";
    sum = `${done} ${what === "retry-all" ? "are due again" : "are discarded"}${alone}.`;
  };
  try {
    await api.doToAll(what, { receiver, error }, { onProgress, signal: stop.signal });
    say(sum);
  } catch (failure) {
    say(`${stop.signal.aborted ? "Stopped" : sentenceOf(failure)}. ${sum}`);
  }
  // whoever went elsewhere is left there
  if (!left.aborted) again();
}
