import type { Tx } from '@freehold/db'
import type { SecretValue } from '@freehold/kit'
import type { DataKey, WorkspaceKeys } from '../deps.ts'
import { openValue, type SealedValue, type SecretPlace } from './sealed-value.ts'

/** Opens values of one workspace, each of its data keys asked for once. */
export function createOpening(tx: Tx, keys: WorkspaceKeys, workspaceId: string) {
  const asked = new Map<number, Promise<DataKey>>()
  return async (value: SealedValue, at: SecretPlace, version: number): Promise<SecretValue> => {
    const key = asked.get(value.keyVersion) ?? keys.at(tx, workspaceId, value.keyVersion)
    asked.set(value.keyVersion, key)
    return openValue(await key, value, at, version)
  }
}
