import { AppError } from '@freehold/contract'
import type { Db, Tx } from '@freehold/db'
import { seal, unseal } from '@freehold/kit'
import { randomBytes } from 'node:crypto'
import type { DataKey, InstanceDeps } from '../deps.ts'
import { type CollectionRow, type CountedCollection, findCollection, lockCollection } from './queries.ts'
import type { CollectionPlace } from './record-queries.ts'
import { type CompiledSchema, schemaOf } from './schema/compile-schema.ts'

export type VaultDeps = Pick<InstanceDeps, 'keys' | 'limits'>
export type Keys = { data: DataKey; hash: Buffer | null }

/** A collection ready to be written to. `keys` are there where it has sensitive fields. */
export type OpenCollection = { place: CollectionPlace; row: CollectionRow; schema: CompiledSchema; keys: Keys | null }

export function noCollection(name: string): AppError {
  return new AppError('not_found', `There is no collection \`${name}\` in this workspace. List them at \`GET …/vault/collections\`.`)
}

export async function requireCollection(db: Db, workspaceId: string, name: string): Promise<CountedCollection> {
  const row = await findCollection(db, workspaceId, name)
  if (!row) throw noCollection(name)
  return row
}

/** Holds a collection for a writer of records: its schema stays as it is until the transaction ends. */
export async function openForWriting(
  tx: Tx,
  deps: VaultDeps,
  { workspaceId, name, now }: { workspaceId: string; name: string; now: Date },
): Promise<OpenCollection> {
  const row = await lockCollection(tx, workspaceId, name, 'share')
  if (!row) throw noCollection(name)
  const schema = schemaOf(row)
  const keys =
    schema.sensitive.length > 0
      ? { data: await deps.keys.newest(tx, workspaceId, now), hash: await openHashKey(tx, deps, workspaceId, row) }
      : null
  return { place: { workspaceId, collectionId: row.id }, row, schema, keys }
}

/** The key of a collection's hashes; null where it has none. */
export async function openHashKey(db: Db, deps: VaultDeps, workspaceId: string, row: CollectionRow): Promise<Buffer | null> {
  if (row.hash_key === null || row.key_version === null) return null
  const { key } = await deps.keys.at(db, workspaceId, row.key_version)
  return unseal(key, row.hash_key, placeOfHashKey(workspaceId, row.id))
}

/** A new key of hashes, and as it is stored. It stays the same for good: sealed anew with the data key, it changes no hash. */
export function newHashKey(data: DataKey, workspaceId: string, collectionId: string): { key: Buffer; sealed: Buffer } {
  const key = randomBytes(32)
  return { key, sealed: seal(data.key, key, placeOfHashKey(workspaceId, collectionId)) }
}

export function placeOfHashKey(workspaceId: string, collectionId: string): string[] {
  return ['vault hash key', workspaceId, collectionId]
}
