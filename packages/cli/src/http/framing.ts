/** Where a request begins and ends among the bytes of its connection. */

/** Without what a sender wrote behind the request, who will send it again. */
export function wholeOf(
  bytes: Buffer,
  headers: readonly (readonly [name: string, value: string])[],
  body: Buffer,
): Buffer {
  const isChunked = headers.some(([name]) => name.toLowerCase() === "transfer-encoding");
  if (isChunked) return bytes.subarray(0, endOfChunks(bytes, endOfHead(bytes)));
  return bytes.subarray(0, endOfHead(bytes) + body.length);
}

/** Behind the empty line. */
export function endOfHead(bytes: Buffer): number {
  const [crlf, lf] = [bytes.indexOf("\r\n\r\n"), bytes.indexOf("\n\n")];
  if (crlf < 0 && lf < 0) return bytes.length;
  return lf < 0 || (crlf >= 0 && crlf < lf) ? crlf + 4 : lf + 2;
}

/** Behind the last chunk and what trails it. */
function endOfChunks(bytes: Buffer, start: number): number {
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf("\n", at);
    const length = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (lineEnd < 0 || Number.isNaN(length)) return bytes.length;
    if (length === 0) return endOfTrailers(bytes, lineEnd + 1);
    at = lineEnd + 1 + length + 2;
  }
}

function endOfTrailers(bytes: Buffer, start: number): number {
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf("\n", at);
    if (lineEnd < 0) return bytes.length;
    if (bytes.toString("latin1", at, lineEnd).trim() === "") return lineEnd + 1;
    at = lineEnd + 1;
  }
}
