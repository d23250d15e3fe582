/** A hook written by hand on nothing but Node: it reads the stream, and says status and text. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { answerTo, bytesOf, isAuthorized, parsed } from "../../work/by-hand.ts";
import { path, type Format } from "../../work/deliveries.ts";
import type { Said } from "../../work/floor.ts";

/** Answers one request. Never rejects. */
export async function hook(format: Format, req: IncomingMessage): Promise<Said> {
  if (!isAuthorized(req.headers.authorization)) return { status: 401, text: '{"code":"unauthorized"}' };
  try {
    const answer = answerTo(format, parsed(format, (await bytesOf(req)).toString()));
    if (answer) return { status: 200, text: JSON.stringify(answer) };
  } catch {
    // not the provider's
  }
  return { status: 400, text: '{"code":"malformed"}' };
}

/** A whole server of an answer to a request. */
export function serve(answer: (req: IncomingMessage) => Promise<Said>): RequestListener {
  const respond = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const isOurs = req.method === "POST" && req.url === path;
    write(res, isOurs ? await answer(req) : { status: 404, text: "" });
  };
  return (req, res) => void respond(req, res);
}

/** Writes what is said, on Node or on Express. */
export function write(res: ServerResponse, { status, text }: Said): void {
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  res.end(text);
}
