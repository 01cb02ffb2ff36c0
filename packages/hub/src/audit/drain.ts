import { DatabaseUnavailable, type ReadPool } from '@freehold/db'
import type { Chain } from './event.ts'
import { sealChains, type SealDeps, type SealedCount } from './seal-chains.ts'
import { findUnsealedChains } from './seal-queries.ts'

const eventsAPass = 2000
const eventsAChain = 500
const chainsATransaction = 16

export type DrainDeps = SealDeps & { reads: ReadPool; logger: { error(detail: object, message: string): void } }

/** Seals until nothing is left that this process can take. Work is left where another sealer holds a chain, or one failed. */
export async function drain(deps: DrainDeps): Promise<{ sealed: number; isWorkLeft: boolean }> {
  deps.signingKey() // Without it no chain can be sealed, so none is entered.
  let sealed = 0
  for (;;) {
    const chains = await findUnsealedChains(deps.reads, eventsAPass)
    const found = chains.reduce((sum, { events }) => sum + events, 0)
    const pass = await sealInGroups(
      deps,
      chains.map(({ chain }) => chain),
    )
    sealed += pass.sealed
    const isWorkLeft = pass.sealed < found
    if (pass.sealed === 0 || !(pass.more || isWorkLeft || found === eventsAPass)) return { sealed, isWorkLeft }
  }
}

async function sealInGroups(deps: DrainDeps, chains: Chain[]): Promise<SealedCount> {
  const total = { sealed: 0, more: false }
  for (let at = 0; at < chains.length; at += chainsATransaction) {
    for (const { sealed, more } of await sealGroup(deps, chains.slice(at, at + chainsATransaction))) {
      total.sealed += sealed
      total.more ||= more
    }
  }
  return total
}

// What fails in one chain must not hold up the others of its transaction, so then each is tried in one of its own.
async function sealGroup(deps: DrainDeps, chains: Chain[]): Promise<SealedCount[]> {
  try {
    return [await sealChains(deps, chains, eventsAChain)]
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    if (chains.length === 1) {
      deps.logger.error({ err: error, chain: chains[0]?.id }, 'an audit chain could not be sealed; trying again')
      return []
    }
  }
  const counts: SealedCount[] = []
  for (const chain of chains) counts.push(...(await sealGroup(deps, [chain])))
  return counts
}
