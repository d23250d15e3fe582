/** What keeps the page to itself: nothing is loaded from elsewhere, and nothing elsewhere can make it act. */
import type { Asked } from "./plain.ts";

const policy = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "connect-src": "'self'",
  "img-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
  // no text becomes markup, or code
  "require-trusted-types-for": "'script'",
  "trusted-types": "'none'",
};

/** The headers of every answer. */
export const protectedBy: Readonly<Record<string, string>> = {
  "content-security-policy": Object.entries(policy)
    .map((directive) => directive.join(" "))
    .join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** The header that the page sends: no other site can, without a preflight that nobody answers. */
const ownHeader = "x-answerback-inspector";

/** Does a request that changes something come from the page itself? The browser says so, where it is one. */
export function mayAct({ headers }: Pick<Asked, "headers">): boolean {
  if (headers[ownHeader] !== "1") return false;
  const site = headers["sec-fetch-site"];
  // behind a proxy the host may be another than the browser's, so that this says more than the origin
  if (site !== undefined) return site === "same-origin";
  const { origin, host } = headers;
  return origin === undefined || (URL.canParse(String(origin)) && new URL(String(origin)).host === host);
}
