/** One TLS connection, to an address that was checked before and with a certificate that proves the host's name. */

import { once } from "node:events";
import { connect as connectTcp, isIP, type BlockList, type LookupFunction } from "node:net";
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from "node:tls";
import { notConnected } from "./errors.ts";

/** Where to connect to, and whom to believe. */
export interface Route {
  /** The addresses that the host resolved to, each of them checked. */
  readonly addresses: readonly string[];
  /** The addresses that Node itself refuses to connect to. */
  readonly blockList: BlockList;
  /** Certificate authorities to trust in place of Node's own. */
  readonly ca: SecureContextOptions["ca"];
}

/**
 * Connects to one of the addresses; each is held against the block list once more. The connection is destroyed when the
 * signal aborts.
 *
 * @throws GuardedFetchError `ERR_NOT_CONNECTED`
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export async function connect(
  { hostname, port }: URL,
  { addresses, blockList, ca }: Route,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const where = { host: hostname, port: Number(port || 443), autoSelectFamily: true };
  // TCP on its own: `tls.connect` and `https.request` take a block list and leave it unread
  const socket = connectTcp({ ...where, lookup: pinnedTo(addresses), blockList });
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  try {
    await once(socket, "connect", { signal });
    const secure = connectTls({ socket, servername: hostname, rejectUnauthorized: true, ca });
    // the server may reset a connection after we refused its certificate; an error that nobody hears ends the process
    secure.on("error", () => {});
    await once(secure, "secureConnect", { signal });
    return secure;
  } catch (error) {
    throw notConnected(signal.aborted ? signal.reason : error);
  }
}

/** Answers with what was checked, whatever the name resolves to by now. Later, as Node expects it of a lookup. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, _options, done) => void setImmediate(done, null, found);
}
