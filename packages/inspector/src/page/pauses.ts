/** What is paused, and the buttons that pause and resume. */
import type { Paused } from "@answerback/core";
import { api } from "./api.ts";
import { h, say, sentenceOf } from "./dom.ts";
import type { Place } from "./place.ts";

/** A notice of what is paused; with actions also the way to change it. */
export function pauseControls(place: Place, paused: Paused): HTMLElement[] {
  const { actions } = place.shell;
  const { all, names } = paused;
  const isAny = all || names.length > 0;
  return [...(isAny ? [noticeOf(place, paused)] : []), ...(actions && !all ? [pauseForm(place)] : [])];
}

function noticeOf(place: Place, { all, names }: Paused): HTMLElement {
  const resume = (text: string, name?: string) =>
    h("button", { click: () => doing(place, "resume", name) }, text);
  const buttons = [resume("Resume everything"), ...names.map((name) => resume(`Resume ${name}`, name))];
  const what = all ? "all events" : names.join(", ");
  const text = h("span", {}, `The handling of ${what} is paused.`);
  return h("div", { class: "notice row", role: "alert" }, text, ...(place.shell.actions ? buttons : []));
}

function pauseForm(place: Place): HTMLElement {
  const name = h("input", { placeholder: "all events", autocomplete: "off" });
  const pause = (event: Event) => {
    event.preventDefault();
    void doing(place, "pause", name.value);
  };
  const label = h("label", {}, "Event type to pause", name);
  return h("form", { class: "row", submit: pause }, label, h("button", {}, "Pause"));
}

async function doing({ receiver, again }: Place, what: "pause" | "resume", name?: string): Promise<void> {
  try {
    await api.do(what, { receiver, name });
    say(what === "pause" ? "Paused. What arrives is accepted, and waits." : "Resumed. What waited is due.");
    again();
  } catch (error) {
    say(sentenceOf(error));
  }
}
