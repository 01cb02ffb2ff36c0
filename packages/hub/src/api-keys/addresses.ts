import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [network: Address, bits: number]

const parsed = new WeakMap<readonly string[], readonly Range[]>()

/** Whether this is an address or a CIDR range. IPv4 is written in four decimal parts: what looks octal is refused. */
export function isAddressRange(text: string): boolean {
  return parseRange(text) !== null
}

/** Whether an address is in one of the ranges. An IPv4 address is the same one when a socket maps it into IPv6. */
export function isAddressAllowed(ranges: readonly string[], ip: string): boolean {
  const read = readAddress(ip)
  if (read === null) return false
  const address = unmapped(read)
  return rangesOf(ranges).some((range) => contains(range, [address, bitsOf(address)]))
}

/** Whether every address of the `inner` ranges is in one range of the `outer`. */
export function areRangesWithin(outer: readonly string[], inner: readonly string[]): boolean {
  const within = rangesOf(outer)
  return rangesOf(inner).every((range) => within.some((wide) => contains(wide, range)))
}

/** Read once for each key: its principal keeps the array as long as it is remembered. */
function rangesOf(texts: readonly string[]): readonly Range[] {
  const known = parsed.get(texts)
  if (known) return known
  const ranges = texts.map(parseRange).filter((range) => range !== null)
  parsed.set(texts, ranges)
  return ranges
}

function contains([network, bits]: Range, [inner, innerBits]: Range): boolean {
  return network.kind() === inner.kind() && innerBits >= bits && inner.match(network, bits)
}

function parseRange(text: string): Range | null {
  const [, written = '', length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = readAddress(written)
  if (address === null) return null
  const bits = length === undefined ? bitsOf(address) : Number(length)
  if (bits > bitsOf(address)) return null
  if (!isMapped(address)) return [address, bits]
  // Wider than all of IPv4 it would be a range of neither.
  return bits < 96 ? null : [unmapped(address), bits - 96]
}

// Strictly: ipaddr.js alone would take octal and shortened forms, and read the obsolete `::192.0.2.1` as a mapped address.
function readAddress(text: string): Address | null {
  return isIP(text) === 0 || /^::\d+\./.test(text) ? null : ipaddr.parse(text)
}

function unmapped(address: Address): Address {
  return isMapped(address) ? address.toIPv4Address() : address
}

function isMapped(address: Address): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress()
}

function bitsOf(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128
}
