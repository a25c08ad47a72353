import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Reads a textual IP address; an IPv4 one that is written as IPv6 counts as IPv4. Undefined when it is none. */
function parseAddress(text: string): Address | undefined {
  return ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}

/** Reads an address or a network (`10.0.0.0/8`) as a network; undefined when it is none. */
function parseNetwork(text: string): [Address, number] | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = parseAddress(text);
  return address && [address, address.kind() === 'ipv6' ? 128 : 32];
}

/** Whether text is an address or a network in CIDR form. */
export function isAddressOrNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** Whether an address lies in one of these addresses or networks; every one does when none are named. */
export function isFrom(address: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true;
  const from = parseAddress(address);
  if (from === undefined) return false;
  return allowed.some((text) => {
    const network = parseNetwork(text);
    return network !== undefined && network[0].kind() === from.kind() && from.match(network);
  });
}
