/** Elements, made of data: what came from a provider is only ever text. */
import { visible } from "./visible.ts";

/** What an element holds; `undefined` and `false` are nothing. */
export type Child = Node | string | number | undefined | false;

/** What an element may have: attributes, and handlers of its events. */
type Attributes = Readonly<
  Record<string, string | number | boolean | undefined | ((event: Event) => unknown)>
>;

/** An element. Texts are made visible, and are never markup. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(attribute, value);
    else if (value !== undefined && value !== false)
      element.setAttribute(attribute, value === true ? "" : textOf(attribute, String(value)));
  }
  for (const child of children) {
    if (child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : visible(String(child)));
  }
  return element;
}

/** What is sent back as it was is not made visible. */
function textOf(attribute: string, text: string): string {
  return attribute === "value" ? text : visible(text);
}

/** A table; on a phone each row is a card, whose cells say what they are. The roles outlive that. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const head = heads.map((text) => h("th", { scope: "col", role: "columnheader" }, text));
  const body = rows.map((cells) =>
    h(
      "tr",
      { role: "row" },
      ...cells.map((cell, at) => h("td", { role: "cell", "data-label": heads[at] }, cell)),
    ),
  );
  return h(
    "table",
    { role: "table", "aria-label": caption },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head)),
    h("tbody", { role: "rowgroup" }, ...body),
  );
}

/** A time as people read it, today's without its date; the whole of it for who wants to know. */
export function time(ms: number | undefined): HTMLElement | undefined {
  if (ms === undefined) return undefined;
  const date = new Date(ms);
  const isToday = date.toDateString() === new Date().toDateString();
  const text = isToday ? date.toLocaleTimeString() : date.toLocaleString();
  return h("time", { datetime: date.toISOString(), title: date.toISOString() }, text);
}

/** A word with a colour. */
export function chip(colour: string, word: string): HTMLElement {
  return h("span", { class: `chip ${colour}` }, word);
}

/** What went wrong, where it was to be seen. */
export function alarm(error: unknown): HTMLElement {
  return h("p", { class: "notice bad", role: "alert" }, sentenceOf(error));
}

/** What went wrong, as a sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says something to whoever looks, and to whoever listens. */
export function say(text: string): void {
  const said = document.querySelector("#said")!;
  said.textContent = visible(text);
  setTimeout(() => {
    if (said.textContent === visible(text)) said.textContent = "";
  }, 8_000);
}

/** Asks before something is done that cannot be undone. */
export function confirmed(question: string, yes: string): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = h("button", { value: "no", autofocus: true }, "Leave it");
    const go = h("button", { value: "yes", class: "bad" }, yes);
    const choice = h("form", { method: "dialog", class: "row" }, leave, go);
    const dialog = h("dialog", { "aria-label": question }, h("p", {}, question), choice);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
