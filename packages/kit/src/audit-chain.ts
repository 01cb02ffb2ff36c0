import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** `seq` counts from 1 without a gap; each `hash` covers the event, its `seq` and the `prev_hash` before it. */
export type ChainFault = { seq: number; reason: string }
export type ChainReport = {
  valid: boolean
  /** Events that were found sound, before the fault if there is one. */
  events: number
  /** The last sound event's place and hash. Compare it with a head kept elsewhere: events cut off the end leave no other trace. */
  head: { seq: number; hash: string } | null
  fault: ChainFault | null
}

/** `prev_hash` of a chain's first event. */
export const firstPrevHash = '0'.repeat(64)

/**
 * SHA-256, in hex, of the event's RFC 8785 canonical JSON. The event is a whole export line but its `hash`.
 */
export function hashEvent(eventWithoutHash: object): string {
  return hash('sha256', canonicalJson(eventWithoutHash), 'hex')
}

/** RFC 8785. Throws on what JSON cannot hold: lone surrogates, NaN, cycles. */
export function canonicalJson(value: object): string {
  return canonicalize(value) ?? ''
}

/** Follows a chain from its first event and stops at the first fault. Memory does not grow with its length. */
export async function verifyChain(lines: AsyncIterable<unknown> | Iterable<unknown>): Promise<ChainReport> {
  let head: ChainReport['head'] = null
  for await (const line of lines) {
    const seq: number = (head?.seq ?? 0) + 1
    const reason = findFault(line, seq, head?.hash ?? firstPrevHash)
    if (reason !== null) return { valid: false, events: seq - 1, head, fault: { seq, reason } }
    head = { seq, hash: (line as { hash: string }).hash }
  }
  return { valid: true, events: head?.seq ?? 0, head, fault: null }
}

function findFault(line: unknown, seq: number, prevHash: string): string | null {
  if (typeof line !== 'object' || line === null || Array.isArray(line)) return 'The line is not a JSON object as it was exported.'
  const { hash: claimed, ...event } = line as Record<string, unknown>
  if (event.seq !== seq) return `Event ${seq} is missing: ${JSON.stringify(event.seq) ?? 'a line without seq'} is in its place.`
  if (event.prev_hash !== prevHash) return 'It does not follow the event before it: prev_hash differs.'
  try {
    if (claimed !== hashEvent(event)) return 'The event is not the one that was sealed: its hash differs.'
  } catch {
    return 'The event cannot be hashed: it is no valid Unicode.'
  }
  return null
}
