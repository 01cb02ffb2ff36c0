import type { Db, Tx } from '@freehold/db'
import { seal, unseal } from '@freehold/kit'
import type { DataKey, InstanceDeps } from '../deps.ts'
import { listValues, type SealedValue, upsertValue } from './value-queries.ts'

type Place = { workspaceId: string; id: string }

/** Seals secrets under the workspace's newest key, in place of those of the same fields. */
export async function storeValues(
  tx: Tx,
  deps: Pick<InstanceDeps, 'keys'>,
  { workspaceId, id, version, secrets, now }: Place & { version: number; secrets: Record<string, string>; now: Date },
): Promise<void> {
  const entries = Object.entries(secrets)
  if (entries.length === 0) return
  const dataKey = await deps.keys.newest(tx, workspaceId, now)
  for (const [field, value] of entries) {
    const place = { credentialId: id, field, version }
    await upsertValue(tx, workspaceId, sealValue(dataKey, value, { workspaceId, ...place }))
  }
}

/** What a credential holds, by field. Throws `sealed` without a root key. */
export async function openValues(db: Db, deps: Pick<InstanceDeps, 'keys'>, place: Place): Promise<Record<string, string>> {
  const values = await listValues(db, place)
  const versions = [...new Set(values.map(({ keyVersion }) => keyVersion))]
  const keys = new Map(
    await Promise.all(versions.map(async (version) => [version, await deps.keys.at(db, place.workspaceId, version)] as const)),
  )
  return Object.fromEntries(
    values.map((value) => [value.field, openValue(keys.get(value.keyVersion)!, value, place.workspaceId).toString('utf8')]),
  )
}

export function sealValue(
  { key, version: keyVersion }: DataKey,
  value: string | Buffer,
  { workspaceId, ...place }: { workspaceId: string; credentialId: string; field: string; version: number },
): SealedValue {
  return { ...place, keyVersion, sealed: seal(key, value, placeOf(workspaceId, place)) }
}

export function openValue({ key }: DataKey, value: SealedValue, workspaceId: string): Buffer {
  return unseal(key, value.sealed, placeOf(workspaceId, value))
}

// A value that was moved to another workspace, credential, field or version does not open.
function placeOf(workspaceId: string, { credentialId, field, version }: Pick<SealedValue, 'credentialId' | 'field' | 'version'>): string[] {
  return ['credential', workspaceId, credentialId, field, String(version)]
}
