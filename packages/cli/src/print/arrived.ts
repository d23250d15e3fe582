/** A request that arrived, in lines for people, and as JSON. */
import type { Conclusion } from "@answerback/simulator";
import type { Arrived } from "../http/requests.ts";
import { styled, type World } from "../world.ts";
import { shownBody, shownHeaders, shownPath } from "./secrets.ts";
import { count, indented, visible } from "./visible.ts";

/** What is told of a request. */
export interface ArrivedFacts {
  readonly arrived: Arrived;
  /** Where it is kept; `undefined`: nowhere. */
  readonly file: string | undefined;
  /** What it was answered. */
  readonly status: number;
  /** Of a callback, what its provider concluded. */
  readonly concluded?: Conclusion | undefined;
  /** Without its headers and its body. */
  readonly short?: boolean | undefined;
}

/** For people. */
export function shownArrived(world: World, { arrived, file, status, short }: ArrivedFacts): string {
  const { method, path, headers, body, at } = arrived;
  const time = styled(world, "dim", new Date(at).toISOString().slice(11, 19));
  const what = method === "" ? "no HTTP request" : `${visible(method, 20)} ${shownPath(path)}`;
  const kept = file === undefined ? "" : `, kept as ${visible(file)}`;
  const head = `${time} ${styled(world, "bold", what)} ${count(body.length)} bytes → ${status}${kept}`;
  if (short) return head;
  const below = [shownHeaders(headers), shownBody(body)].filter((part) => part !== "").join("\n\n");
  return below === "" ? head : `${head}\n${indented(below, "    ")}`;
}

/** For programs. Secrets are in the file alone. */
export function arrivedAsJson({ arrived, file, status, concluded }: ArrivedFacts): object {
  const { at, method, path, headers, body } = arrived;
  return {
    at: new Date(at).toISOString(),
    method,
    path: shownPath(path),
    headers: shownHeaders(headers).split("\n").filter(Boolean),
    bytes: body.length,
    body: shownBody(body),
    status,
    file,
    concluded,
  };
}
