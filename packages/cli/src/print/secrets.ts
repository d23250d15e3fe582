/** Requests as they may be shown: no credential, and of an address for callbacks its host alone. */
import { count, indented, visible, visibleLines } from "./visible.ts";

/** Names of headers and fields whose values are nobody's business. */
const secret = /key$|token|secret|passw|signature|hmac|authorization|cookie|trigger_id/i;

/** Names of fields that hold an address to which a callback is posted. */
const addressed = /(callback|response|answer|subscribe)_?-?(url|to)$|^simulated-url$/i;

/** Hosts that take callbacks, whatever the field is called. */
const takesCallbacks =
  /^https?:\/\/([\w-]+\.)*(upsales\.com|hooks\.slack(-gov)?\.com|discord\.com|api\.github\.com|sns\.[\w-]+\.amazonaws\.com)[/?]/i;

/** How much of a body is shown, and of one value in it: characters. */
const [mostShown, mostOfValue] = [4_000, 1_000];

/** Of an address its host: `https://hooks.slack.com/…`. */
export function hostAlone(address: string): string {
  if (!URL.canParse(address)) return hidden(address);
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}/…`;
}

/** The path of a request without what may be a secret in it: its long parts, and the values of its query. */
export function shownPath(path: string): string {
  const [before = "", query] = path.split("?", 2);
  const parts = before.split("/").map((part) => (part.length >= 16 ? `…(${part.length})` : part));
  return visible(parts.join("/") + (query === undefined ? "" : `?…(${query.length})`), 200);
}

/** Headers, one a line. */
export function shownHeaders(headers: Iterable<readonly [name: string, value: string]>): string {
  return Array.from(headers, ([name, value]) => {
    if (secret.test(name)) return `${visible(name, 100)}: ${hidden(value)}`;
    return `${visible(name, 100)}: ${visible(addressed.test(name) ? hostAlone(value) : value, 200)}`;
  }).join("\n");
}

/** A body, as JSON or as the fields of a form where it is one. */
export function shownBody(body: Uint8Array | string): string {
  const text = typeof body === "string" ? body : textOf(body);
  if (text === undefined) return `(${count(body.length)} bytes that are no text)`;
  if (text === "") return "";
  const value = parsed(text) ?? formOf(text);
  if (value === undefined) return cut(text, (shown) => visibleLines(textWithoutSecrets(shown)));
  return visibleLines(JSON.stringify(withoutSecrets(value), undefined, 2), mostShown);
}

/** What is cut says how long it was. It is cut before it is looked through, which takes its time. */
function cut(text: string, show: (shown: string) => string): string {
  if (text.length <= mostShown) return show(text);
  return `${show(text.slice(0, mostShown))}… (${count(text.length)} characters)`;
}

/** A value, as JSON. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") return shownBody(value);
  return visibleLines(JSON.stringify(withoutSecrets(value ?? null), undefined, 2), mostShown);
}

/** A body, set off from our own lines. */
export const shownBelow = (body: Uint8Array | string): string => indented(shownBody(body), "    ");

/** A value without its secrets, as it is shown. */
export function withoutSecrets(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, part: unknown) => {
      if (typeof part === "number" && secret.test(name)) return hidden(String(part));
      if (typeof part !== "string" || part === "") return part;
      if (secret.test(name)) return hidden(part);
      if (addressed.test(name) || takesCallbacks.test(part)) return hostAlone(part);
      // Slack's payload and Postback's data are JSON in a field of a form
      const inner = /^[[{]/.test(part) ? parsed(part) : undefined;
      return inner ?? shortened(part);
    }),
  );
}

/** What is neither JSON nor a form, or is so no more: broken off, with a control character in it, or XML. */
function textWithoutSecrets(text: string): string {
  return text
    .replaceAll(nameAndValue, (_, name: string, value: string) => `${name}${hidden(value)}`)
    .replaceAll(/https?:\/\/[^\s"'<>\\]+/gi, (address) =>
      takesCallbacks.test(address) ? hostAlone(address) : address,
    );
}

/** `"apiKey": "…`, `token=…`, `<Token>…`; what stands behind the name goes to the end of the text where nothing ends it. */
const nameAndValue =
  /([\w-]{0,80}(?:key|token|secret|passw\w{0,8}|signature|hmac|authorization|cookie|callback_?url|response_?url|subscribe_?url)["']?\s{0,9}[:=>]\s{0,9})("(?:[^"\\]|\\.)*"?|[^\s"&,<][^\s&,<]*)/gi;

function shortened(text: string): string {
  if (text.length <= mostOfValue) return text;
  return `${text.slice(0, mostOfValue)}… (${count(text.length)} characters)`;
}

function hidden(value: string): string {
  return `(hidden, ${count(value.length)} characters)`;
}

/** JSON that is an object or a list, and not so deep that showing it would fail. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    JSON.stringify(value);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function formOf(text: string): object | undefined {
  if (!/^[\w.[\]%+-]+=[^\s<>{}"]*$/.test(text)) return undefined;
  return Object.fromEntries(new URLSearchParams(text));
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
