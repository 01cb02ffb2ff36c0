import { isIP, type LookupFunction } from 'node:net'
import { EgressError } from './egress-error.ts'
import type { IsPermitted } from './permitted-address.ts'

/** Every address of a name. */
export type Resolve = (name: string) => Promise<Addresses>
export type Addresses = readonly { address: string; family: number }[]

/** The addresses of a URL's host that are connected to: these and no others, however the name resolves a moment later. */
export async function findAddresses(
  hostname: string,
  { resolve, isPermitted }: { resolve: Resolve; isPermitted: IsPermitted },
): Promise<Addresses> {
  // The URL parser has turned every way to write an IPv4 address (decimal, octal, hexadecimal, short) into the usual one.
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(host)
  const found = family === 0 ? await resolve(host) : [{ address: host, family }]
  const permitted = found.filter(({ address }) => isPermitted(address))
  if (permitted.length === 0) {
    throw new EgressError('address', 'The address is not public. Whoever runs the server can allow it by FREEHOLD_EGRESS_ALLOW.')
  }
  return permitted
}

/** Answers the addresses that were checked instead of asking again. */
export function pin(addresses: Addresses): LookupFunction {
  return (_name, { all }, callback) => {
    if (all) callback(null, [...addresses])
    else callback(null, addresses[0]!.address, addresses[0]!.family)
  }
}
