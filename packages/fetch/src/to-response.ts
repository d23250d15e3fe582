/** Writing a reply as a Response. */

import { failed, type Reply } from "@answerback/core/adapter";

/** A reply as a Response. One that HTTP cannot carry, say with a line break in a header, becomes a 500. Never throws. */
export function toResponse(reply: Reply): Response {
  try {
    return write(reply);
  } catch {
    return write(failed);
  }
}

/** The body goes as bytes: for a text a type would be guessed. Its length is said for HEAD, too, whose body the host drops. */
function write({ status, headers: given, body }: Reply): Response {
  const headers = new Headers(given);
  if (bodiless.has(status)) return new Response(null, { status, headers });
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  headers.set("content-length", String(bytes.length));
  return new Response(bytes.length > 0 ? bytes : null, { status, headers });
}

const bodiless = new Set([204, 205, 304]);
