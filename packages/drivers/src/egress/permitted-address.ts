import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
/** Tells whether an address in text form may be connected to. */
export type IsPermitted = (address: string) => boolean

// Of IPv6 only this has been given out as global unicast; what ipaddr.js calls unicast is whatever it knows nothing of.
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/** Lets through public addresses, and those in the allowed ranges (CIDR). Throws for a range that is none. */
export function permitAddresses(allow: readonly string[]): IsPermitted {
  const ranges = allow.map((range) => normalizeRange(ipaddr.parseCIDR(range)))
  return (text) => {
    const address = read(text)
    if (address === null) return false
    return isPublic(address) || ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))
  }
}

/** A whole address. Null for the short forms, which systems read differently, and for one that names an interface. */
function read(text: string): Address | null {
  const family = isIP(text)
  if (family === 4) return ipaddr.parse(text)
  // Spelt out by the URL parser first: ipaddr.js takes the deprecated `::1.2.3.4` for `::ffff:1.2.3.4`.
  const url = family === 6 && !text.includes('%') ? new URL(`http://[${text}]/`) : null
  return url && normalize(ipaddr.parse(url.hostname.slice(1, -1)))
}

function isPublic(address: Address): boolean {
  // Everything that has a meaning of its own: private, loopback, link-local with the clouds' metadata, carrier NAT, multicast, and the
  // ranges that carry an IPv4 address inside (NAT64, 6to4, Teredo), which would lead to it.
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast)
}

/** An IPv4 address written as IPv6 (`::ffff:…`) is that IPv4 address: the system connects to it. */
function normalize(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

function normalizeRange([base, bits]: [Address, number]): [Address, number] {
  const inner = normalize(base)
  return inner === base ? [base, bits] : [inner, Math.max(0, bits - 96)]
}
