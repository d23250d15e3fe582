/** An app on a real HTTP/2 server, behind a gateway that speaks HTTP/1.1 to the suites, as most gateways do. */

import { connect, constants, createServer, type ClientHttp2Session, type Http2Server } from "node:http2";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** What the two protocols say in different ways, or one of them cannot say at all. */
const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "host", "upgrade", "expect"]);

/** Can this Node be the gateway? */
export const hasGateway = Number.parseInt(process.versions.node) >= 24;

/** The gateway: each request goes on over one HTTP/2 connection to the app, its body as it arrives. */
export function overHttp2(app: RequestListener): RequestListener {
  let opening: Promise<ClientHttp2Session> | undefined;
  return (req, res) => {
    opening ??= open(
      createServer({ maxHeaderListPairs: 2_000 }, app as never),
      (req.socket as Socket & { server: Server }).server,
    );
    void opening.then((session) => forward(session, req, res)).catch(() => res.destroy());
  };
}

/** Connects to the app, until the gateway closes. */
function open(app: Http2Server, gateway: Server): Promise<ClientHttp2Session> {
  return new Promise((resolve) => {
    app.listen(0, "127.0.0.1", () => {
      const { port } = app.address() as AddressInfo;
      // a client may send twice what it should not, and Node's own refuses to unless it is told
      const options: object = { strictSingleValueFields: false };
      const session = connect(`http://127.0.0.1:${port}`, options);
      session.on("error", () => {});
      gateway.once("close", () => (session.destroy(), app.close()));
      resolve(session);
    });
  });
}

function forward(session: ClientHttp2Session, req: IncomingMessage, res: ServerResponse): void {
  const stream = session.request(headOf(req) as never, { endStream: false });
  const giveUp = (): void => stream.close(constants.NGHTTP2_CANCEL);
  res.once("close", () => !res.writableFinished && giveUp());
  stream.once("response", (headers) => {
    for (const [name, value] of Object.entries(headers))
      if (!name.startsWith(":")) res.setHeader(name, value!);
    res.writeHead(headers[":status"]!);
    stream.pipe(res);
  });
  stream.once("error", () => res.destroy());
  stream.once("close", () => res.writableEnded || res.destroy());
  req.once("aborted", giveUp).pipe(stream);
}

/** As a list, which may name a header twice. Node's own client takes one from 24 on. */
function headOf({ method, url, rawHeaders, headers }: IncomingMessage): string[] {
  const path = url!.replace(/^[a-z]+:\/\/[^/?]*/i, "") || "/";
  const head = [":method", method!, ":path", path, ":scheme", "http", ":authority", headers.host ?? "test"];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!hopByHop.has(name)) head.push(name, rawHeaders[i + 1]!);
  }
  return head;
}
