/** A request is answered: let in or refused, then by a file of the page, by the API, or by the live feed. */
import { Readable } from "node:stream";
import { act } from "./actions.ts";
import { said } from "./failures.ts";
import { feed } from "./feed.ts";
import { fileAt } from "./files.ts";
import { look } from "./looks.ts";
import { json, refusal, type Asked, type Inside, type Reply } from "./plain.ts";
import { mayAct, protectedBy } from "./protection.ts";

/** The reply to a request. Never rejects. */
export async function answer(inside: Inside, asked: Asked): Promise<Reply> {
  const { status, headers, body } = await replyTo(inside, asked).catch((error: unknown) => {
    const { status: failed, ...why } = said(error, inside.settings);
    return json(failed, why);
  });
  const length = body instanceof Readable ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return { status, headers: { ...protectedBy, ...length, ...headers }, body };
}

async function replyTo(inside: Inside, asked: Asked): Promise<Reply> {
  const { method, path, wholePath } = asked;
  const verdict = await verdictOn(inside, asked);
  if (verdict !== true) return refused(verdict);
  if (path === "/" && !wholePath.endsWith("/")) return toSlash(asked);
  if (path.startsWith("/api/do/")) return doing(inside, asked);
  if (method !== "GET" && method !== "HEAD")
    return refusal(405, "there is only something to look at", { allow: "GET, HEAD" });
  if (path === "/api/feed") return feed(inside, asked);
  if (path.startsWith("/api/")) return json(200, await look(inside, asked));
  return fileAt(asked) ?? refusal(404, "there is nothing here");
}

/** What `authorize` throws is a refusal, too, and told once, since nobody would see why. */
async function verdictOn({ settings, watch }: Inside, asked: Asked): Promise<boolean | string> {
  const { method, path, headers, remoteAddress } = asked;
  try {
    return await settings.authorize({ method, path, headers, remoteAddress });
  } catch (error) {
    const name = error instanceof Error ? error.constructor.name : "what is no Error";
    if (!watch.isRefusalTold)
      settings.warn({ code: "authorize_failed", message: `inspector: authorize threw ${name}` });
    watch.isRefusalTold = true;
    return false;
  }
}

/** A text is the challenge that makes a browser ask for a name and a password (RFC 9110, section 11.6.1). */
function refused(verdict: unknown): Reply {
  const why = "this is not for you";
  if (typeof verdict !== "string") return refusal(403, why);
  return refusal(401, why, { "www-authenticate": verdict });
}

/** The page's addresses are relative, so its own must end with a slash. */
function toSlash({ wholePath, query }: Asked): Reply {
  const last = wholePath.slice(wholePath.lastIndexOf("/") + 1);
  return refusal(308, "it is at the address with a slash", {
    location: `./${last}/${query && `?${query}`}`,
  });
}

async function doing(inside: Inside, asked: Asked): Promise<Reply> {
  if (asked.method !== "POST") return refusal(405, "this is done by POST", { allow: "POST" });
  if (!inside.settings.actions)
    return refusal(403, "this inspector only looks: it was made without actions: true");
  if (!mayAct(asked)) return refusal(403, "this did not come from the inspector's own page");
  return act(inside, asked);
}
