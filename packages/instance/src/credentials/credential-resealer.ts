import type { Tx } from '@freehold/db'
import type { DataKey } from '../deps.ts'
import { openValue, sealValue } from './sealed-values.ts'
import { lockValuesUnderOtherKeys, upsertValue } from './value-queries.ts'

/** Moves what credentials hold to a new key of the workspace: call it until it answers 0. Each call is one transaction's. */
export const credentialResealer = {
  table: 'instance.credential_value',

  /** Answers how many values it has sealed anew. Throws for one whose key is not among `from`. */
  async resealBatch(
    tx: Tx,
    workspaceId: string,
    { from, to, limit }: { from: readonly DataKey[]; to: DataKey; limit: number },
  ): Promise<number> {
    const values = await lockValuesUnderOtherKeys(tx, workspaceId, to.version, limit)
    for (const value of values) {
      const key = from.find(({ version }) => version === value.keyVersion)
      if (!key) throw new Error(`no key of version ${value.keyVersion} was given to open what it sealed`)
      const { credentialId, field, version } = value
      await upsertValue(tx, workspaceId, sealValue(to, openValue(key, value, workspaceId), { workspaceId, credentialId, field, version }))
    }
    return values.length
  },
}
