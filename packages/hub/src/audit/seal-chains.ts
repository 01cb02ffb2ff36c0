import type { Scope, Tx, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { firstPrevHash, hashEvent } from '@freehold/kit/audit-chain'
import type { Chain } from './event.ts'
import { signHead } from './head.ts'
import { insertSeals, listUnsealed, type Seal, tryLockChain, type Unsealed } from './seal-queries.ts'
import type { SigningKey } from './signing-key.ts'
import { toHashedEvent } from './stored-event.ts'

export type SealDeps = { writes: WritePool; signingKey: SigningKey; clock: Clock }
/** How many events got their place, and whether more wait in these chains than one pass takes. */
export type SealedCount = { sealed: number; more: boolean }

/** Seals what waits in a few chains, in one transaction. A chain that another sealer holds is left to it. */
export async function sealChains(deps: SealDeps, chains: Chain[], eventsAChain: number): Promise<SealedCount> {
  const [first] = chains
  if (!first) return { sealed: 0, more: false }
  return deps.writes.transaction(scopeOf(first), async (tx) => {
    let sealed = 0
    let more = false
    for (const chain of chains) {
      const unsealed = await enterChain(tx, chain, eventsAChain)
      if (!unsealed || unsealed.events.length === 0) continue
      await sealEvents(deps, tx, chain, unsealed)
      sealed += unsealed.events.length
      more ||= unsealed.events.length === eventsAChain
    }
    return { sealed, more }
  })
}

// Sent together, answered in order: under READ COMMITTED the list takes its snapshot once the lock is held, so it sees the head
// that the sealer before us committed.
async function enterChain(tx: Tx, chain: Chain, limit: number): Promise<Unsealed | null> {
  const [, isOurs, unsealed] = await Promise.all([tx.enter(scopeOf(chain)), tryLockChain(tx, chain), listUnsealed(tx, chain, limit)])
  return isOurs ? unsealed : null
}

async function sealEvents({ clock, signingKey }: SealDeps, tx: Tx, chain: Chain, { head, events }: Unsealed): Promise<void> {
  const from = head?.seq ?? 0
  const seals: Seal[] = []
  let prevHash = head?.hash ?? firstPrevHash
  for (const row of events) {
    const seq = from + seals.length + 1
    const hash = hashEvent(toHashedEvent(row, seq, prevHash))
    seals.push({ id: row.id, seq, prevHash, hash })
    prevHash = hash
  }
  const next = { chain: chain.id, seq: from + seals.length, hash: prevHash, at: clock.now().toISOString() }
  await insertSeals(tx, chain, seals, { ...next, from, signature: signHead(next, signingKey()) })
}

function scopeOf(chain: Chain): Scope {
  if (chain.kind === 'workspace') return { workspaceId: chain.id }
  return chain.kind === 'account' ? { accountId: chain.id } : { principalId: chain.id }
}
