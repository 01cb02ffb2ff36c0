import { randomBytes } from 'node:crypto'
import type { Database } from '@freehold/db'
import { systemClock } from '@freehold/kit'
import { createRootKeys, type OpenedRootKeys, type RootKeySources } from '../root-keys/index.ts'

/** Keys that are at hand as the environment's would be. A test may change what is given, and reload. */
export function givenSources(...keys: Buffer[]): RootKeySources & { keys: Buffer[] } {
  const sources = {
    keys,
    given: () => sources.keys,
    first: () => sources.keys[0] ?? null,
    kms: [],
    auditSeed: () => null,
    advice: 'Bring the right one.',
  }
  return sources
}

/** Root keys over a database, retrying fast. */
export async function openTestRootKeys(
  { reads, writes }: Pick<Database, 'reads' | 'writes'>,
  sources: RootKeySources = givenSources(randomBytes(32)),
): Promise<OpenedRootKeys> {
  const logger = { warn: () => undefined, info: () => undefined }
  const roots = createRootKeys({ reads, writes, sources, clock: systemClock, logger, retryMs: { first: 20, most: 100 } })
  await roots.start()
  return roots
}
