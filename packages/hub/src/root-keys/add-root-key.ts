import type { Clock } from '@freehold/kit'
import { isForeignKeyViolation, type WritePool } from '@freehold/db'
import { openLasting, sealLasting } from './lasting-keys.ts'
import { rootScope } from './load-root-keys.ts'
import { deleteRootKey, insertRootKey, listLastingKeys, updateLastingKey } from './queries.ts'
import { createRootKey, sealCheck } from './root-key.ts'
import type { NewRootKey, RootKey, RootKeys } from './types.ts'

type Deps = { writes: WritePool; clock: Clock }

/** Makes a version the newest, which seals from now on. */
export async function addRootKey({ writes, clock }: Deps, version: number, { key, kms, wrapped }: NewRootKey): Promise<void> {
  const row = { version, ...sealCheck(createRootKey(version, key)), kms, wrapped, created_at: clock.now() }
  await writes.transaction(rootScope, (tx) => insertRootKey(tx, row))
}

/** Seals the keys that outlive root keys under this one. */
export async function resealLastingKeys({ writes }: Deps, roots: Pick<RootKeys, 'at'>, root: RootKey): Promise<void> {
  await writes.transaction(rootScope, async (tx) => {
    for (const row of await listLastingKeys(tx)) {
      if (row.root_version >= root.version) continue
      const key = openLasting(await roots.at(row.root_version), row)
      await updateLastingKey(tx, sealLasting(root, row.name, key), row.sealed)
    }
  })
}

/** False where something is sealed under the version still, or again. */
export async function retireRootKey({ writes }: Deps, version: number): Promise<boolean> {
  try {
    await writes.transaction(rootScope, (tx) => deleteRootKey(tx, version))
    return true
  } catch (error) {
    if (isForeignKeyViolation(error)) return false
    throw error
  }
}
