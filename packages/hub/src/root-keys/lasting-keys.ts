import { randomBytes } from 'node:crypto'
import { seal, unseal } from '@freehold/kit'
import { insertLastingKey, type LastingRow, listLastingKeys } from './queries.ts'
import { type LoadDeps, type Loaded, rootScope } from './load-root-keys.ts'
import { keyLength } from './root-key.ts'
import type { LastingKey, RootKey } from './types.ts'

const purpose = 'installation keys'

/**
 * The keys that outlive root keys. They were derived from the root key before it had versions, so where anything may have been signed they
 * begin as what they were; on an empty installation they are random.
 */
export async function loadLastingKeys(deps: LoadDeps, { rows, held, isFresh }: Loaded): Promise<Map<string, Buffer>> {
  const newest = held.get(rows[0]?.version ?? 0)
  const db = deps.reads.under(rootScope)
  let stored = await listLastingKeys(db)
  const missing = (['workspace tokens', 'audit chain heads'] as const).filter((name) => stored.every((row) => row.name !== name))
  const first = held.get(1)
  if (missing.length > 0 && newest && first) {
    await deps.writes.transaction(rootScope, async (tx) => {
      for (const name of missing) {
        const key = firstValue(name, first, { isFresh, auditSeed: name === 'audit chain heads' ? deps.sources.auditSeed() : null })
        await insertLastingKey(tx, sealLasting(newest, name, key), deps.clock.now())
      }
    })
    stored = await listLastingKeys(db)
  }
  const keys = stored.flatMap((row) => {
    const root = held.get(row.root_version)
    return root ? [[row.name, openLasting(root, row)] as const] : []
  })
  return new Map(keys)
}

function firstValue(name: LastingKey, first: RootKey, { isFresh, auditSeed }: { isFresh: boolean; auditSeed: Buffer | null }): Buffer {
  return auditSeed ?? (isFresh ? randomBytes(keyLength) : first.derive(name))
}

export function sealLasting(root: RootKey, name: string, key: Uint8Array): LastingRow {
  return { name, root_version: root.version, sealed: seal(root.derive(purpose), key, placeOf(name, root.version)) }
}

export function openLasting(root: RootKey, { name, sealed }: LastingRow): Buffer {
  return unseal(root.derive(purpose), sealed, placeOf(name, root.version))
}

function placeOf(name: string, version: number): string[] {
  return ['installation key', name, String(version)]
}
