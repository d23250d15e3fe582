/** Request targets: which part of one is path, which is query, and what is left of a path under a mount. */

/**
 * Splits what `req.url` holds, percent-encoding untouched. A proxy's absolute form loses its scheme and host.
 *
 * @example
 * splitTarget("/orderinsert/1?secret=x"); // { path: "/orderinsert/1", query: "secret=x" }
 */
export function splitTarget(target: string): { path: string; query: string } {
  const relative = target.startsWith("/") ? target : target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, "");
  const mark = relative.indexOf("?");
  const path = mark < 0 ? relative : relative.slice(0, mark);
  return { path: path || "/", query: mark < 0 ? "" : relative.slice(mark + 1) };
}

/**
 * What `path` is under `prefix`, starting with a slash; `undefined` when it is elsewhere. A prefix ends at a slash or
 * at the end, and `""` holds every path.
 *
 * @example
 * pathUnder("/hooks/x", "/hooks/x/1"); // "/1"
 * pathUnder("/hooks/x", "/hooks/x"); // "/"
 * pathUnder("/hooks/x", "/hooks/xyz"); // undefined
 */
export function pathUnder(prefix: string, path: string): string | undefined {
  if (prefix === "") return path;
  if (path === prefix) return "/";
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}
