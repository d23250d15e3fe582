/** A hook written by hand on nothing but Node: it reads the stream, and says status and text. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { answerTo, isAuthorized, parsed, textOf } from "../work/by-hand.ts";
import { path, type Format } from "../work/deliveries.ts";

/** What a hook says. */
export interface Said {
  readonly status: number;
  readonly text: string;
}

/** Answers one request. Never rejects. */
export async function hook(format: Format, req: IncomingMessage): Promise<Said> {
  if (!isAuthorized(req.headers.authorization)) return { status: 401, text: '{"code":"unauthorized"}' };
  try {
    const answer = answerTo(format, parsed(format, await textOf(req)));
    if (answer) return { status: 200, text: JSON.stringify(answer) };
  } catch {
    // not the provider's
  }
  return { status: 400, text: '{"code":"malformed"}' };
}

/** The hook as a whole server: what everybody else is held against. */
export function bare(format: Format): RequestListener {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const isOurs = req.method === "POST" && req.url === path;
    write(res, isOurs ? await hook(format, req) : { status: 404, text: "" });
  };
  return (req, res) => void answer(req, res);
}

/** Writes what a hook says, on Node or on Express. */
export function write(res: ServerResponse, { status, text }: Said): void {
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  res.end(text);
}
