import type { Resealer } from '@freehold/db'
import { seal, unseal } from '@freehold/kit'
import { placeOfHashKey } from './open-collection.ts'
import { lockHashKeysToReseal, lockRecordsToReseal, updateHashKey, updateSealed } from './reseal-queries.ts'
import { sealValue, unsealValue } from './sealing.ts'

/** Seals the keys of hashes under a workspace's new data key. They stay what they are, so no hash changes. */
const collectionResealer: Resealer = {
  table: 'instance.vault_collection',
  async reseal(tx, { workspaceId, newest, at, limit }) {
    const collections = await lockHashKeysToReseal(tx, workspaceId, { version: newest.version, limit })
    for (const { id, hash_key: sealed, key_version: version } of collections) {
      const place = placeOfHashKey(workspaceId, id)
      const hashKey = seal(newest.key, unseal((await at(version)).key, sealed, place), place)
      await updateHashKey(tx, workspaceId, { id, hashKey, version: newest.version })
    }
    return collections.length
  },
}

/** Same of the sensitive fields of records. */
const recordResealer: Resealer = {
  table: 'instance.vault_record',
  async reseal(tx, { workspaceId, newest, at, limit }) {
    const records = await lockRecordsToReseal(tx, workspaceId, { version: newest.version, limit })
    for (const { collection_id: collectionId, id, version, sealed, key_version: keyVersion } of records) {
      const place = { workspaceId, collectionId, recordId: id, version }
      const { key } = await at(keyVersion)
      const again = Object.entries(sealed).map(([path, value]) => {
        return [path, sealValue(newest.key, unsealValue(key, value, place, path), place, path)] as const
      })
      await updateSealed(tx, workspaceId, { collectionId, id, sealed: Object.fromEntries(again), version: newest.version })
    }
    return records.length
  },
}

export const vaultResealers = [collectionResealer, recordResealer]
