/** An app in between that changes a response where its head is written, as compressing middleware does. */

import type { ServerResponse } from "node:http";

/** Calls `change` when all headers are there, and none is written. */
export function atHead(res: ServerResponse, change: () => void): void {
  const writeHead = res.writeHead.bind(res);
  res.writeHead = ((status: number, headers: Record<string, string> = {}) => {
    res.statusCode = status;
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    change();
    return writeHead(res.statusCode);
  }) as never;
}
