/** Which addresses are on the public internet: asked before a connection, and again by the connection itself. */

import { BlockList, isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** All that is given out for the public use of IPv6 (RFC 4291, section 2.4, and IANA's registry). */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Where one's own machines and the clouds' metadata services are. Without `::ffff:0:0/96`, by which Node would block
 * every IPv4 address; it holds IPv4-mapped ones against the IPv4 ranges by itself.
 */
const innerRanges = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10", // carrier-grade NAT; 100.100.100.200 is Alibaba's metadata
  "127.0.0.0/8",
  "168.63.129.16/32", // Azure's own services, in the midst of public addresses
  "169.254.0.0/16", // link-local; 169.254.169.254 is nearly everybody's metadata
  "172.16.0.0/12",
  "192.168.0.0/16",
  "::/96", // unspecified, loopback, IPv4-compatible
  "64:ff9b::/96", // NAT64
  "64:ff9b:1::/48", // NAT64 of one's own
  "2001::/32", // Teredo
  "2002::/16", // 6to4
  "fc00::/7", // unique local; fd00:ec2::254 is Amazon's metadata
  "fe80::/10", // link-local
];

const inner = createBlockList([]);

/**
 * Is this anything but an address on the public internet, plainly written? Private, local, reserved, multicast and
 * documentation ranges are forbidden, and so is what only wraps an IPv4 address, whichever it is.
 *
 * @example
 * isForbidden("169.254.169.254"); // true
 * isForbidden("::ffff:8.8.8.8"); // true
 * isForbidden("8.8.8.8"); // false
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export function isForbidden(address: string): boolean {
  const family = isIP(address);
  // a zone names a network interface of this machine
  if (family === 0 || address.includes("%")) return true;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast" || inner.check(address, familyOf(address))) return true;
  return family === 6 && !parsed.match(globalUnicast);
}

/** What Node holds each address against right before it connects, whoever resolved it. Ranges with an address of `allow` are left out. */
export function createBlockList(allow: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of innerRanges) {
    const one = addRange(new BlockList(), range);
    if (!allow.some((address) => one.check(address, familyOf(address)))) addRange(list, range);
  }
  return list;
}

function addRange(list: BlockList, range: string): BlockList {
  const [network = "", prefix] = range.split("/");
  list.addSubnet(network, Number(prefix), familyOf(network));
  return list;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}
