import { isIPv6 } from 'node:net'

/** The network that an address is counted under: an IPv4 address itself, the /64 of an IPv6 address, whose host part is free to choose. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(ip)) return ip
  const [head = '', tail] = ip.toLowerCase().split('%')[0]!.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  // The address was valid, so `::` stands for whatever is missing; a dotted IPv4 ending is two groups long.
  const length = back.length + (back.at(-1)?.includes('.') ? 1 : 0)
  const groups = tail === undefined ? front : [...front, ...Array<string>(Math.max(0, 8 - front.length - length)).fill('0'), ...back]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
