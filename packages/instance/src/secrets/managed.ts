import type { SecretCategory } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import type { SecretValue } from '@freehold/kit'
import type { InstanceDeps } from '../deps.ts'
import { holds } from './put-secret.ts'
import { lockSecret, type SecretRow } from './queries.ts'
import type { SecretPlace } from './sealed-value.ts'
import { storeSecret } from './store-value.ts'

type Managed = SecretPlace & { value: SecretValue; category?: SecretCategory; description?: string; now: Date }

/**
 * Sets a secret that the platform keeps: everybody may read it as any other, and nobody change it. It takes over what is there under
 * its key, and does not count for the limit. In a transaction of the workspace's scope that writes its own audit event.
 */
export async function putManagedSecret(
  tx: Tx,
  deps: InstanceDeps,
  { value, category, description, now, ...at }: Managed,
): Promise<SecretRow> {
  const [held, dataKey] = await Promise.all([lockSecret(tx, at), deps.keys.newest(tx, at.workspaceId, now)])
  if (held?.row.managed && (await holds(tx, deps, { at, held, dataKey, value }))) return held.row
  return storeSecret(tx, at, held?.row, { value, category, description, managed: true, dataKey, actorId: null, now })
}
