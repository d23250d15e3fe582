/** A curl line of a README as the request that it makes, and the answer that the README promises. */

/** What the README says. */
export interface Promised {
  /** The variables in front of `npm start`. */
  readonly env: Readonly<Record<string, string>>;
  readonly path: string;
  readonly init: { readonly method: "POST"; readonly headers: Headers; readonly body: string };
  readonly status: number;
  /** Empty for "with nothing in it". */
  readonly body: string;
}

/** Reads a README: its `npm start`, its only curl line, and the sentence "The answer is 200, …". */
export function promisedBy(readme: string): Promised {
  const env = /^((?:\w+=\S+ )+)npm start$/m.exec(readme)?.[1] ?? "";
  const curl = /^curl (.*?)^```$/ms.exec(readme)?.[1] ?? "";
  const [, status, body = ""] = /^The answer is (\d+), (?:`(.*)`|with nothing in it)\./m.exec(readme) ?? [];
  return {
    env: Object.fromEntries(env.split(" ").flatMap((one) => (one ? [splitAt(one, "=")] : []))),
    ...requestOf(words(curl)),
    status: Number(status),
    body,
  };
}

/** The words of a shell line without escapes; quotes stand around whole words. */
function words(line: string): string[] {
  return [...line.replaceAll("\\\n", " ").matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );
}

function requestOf(given: readonly string[]): Pick<Promised, "path" | "init"> {
  const headers = new Headers();
  const data: string[] = [];
  let url = "";
  for (let at = 0; at < given.length; at++) {
    const word = given[at] ?? "";
    const value = () => given[++at] ?? "";
    if (word === "-H") headers.append(...splitAt(value(), ": "));
    else if (word === "-u") headers.set("authorization", `Basic ${btoa(value())}`);
    else if (word === "-d") data.push(value());
    else if (word === "--data-urlencode") data.push(urlencoded(...splitAt(value(), "=")));
    else if (word !== "-i") url = word;
  }
  if (!headers.has("content-type")) headers.set("content-type", "application/x-www-form-urlencoded");
  const path = url.slice(url.indexOf("/"));
  return { path, init: { method: "POST", headers, body: data.join("&") } };
}

function urlencoded(name: string, content: string): string {
  return `${name}=${encodeURIComponent(content)}`;
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
