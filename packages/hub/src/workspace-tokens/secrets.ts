import { randomBytes } from 'node:crypto'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { base62, newId, seal, unseal } from '@freehold/kit'
import { raiseGates } from '../gates/index.ts'
import type { WorkspaceKeys } from '../workspace-keys/index.ts'
import type { SecretRotation } from './deps.ts'
import type { LiveSecret } from './queries.ts'
import { awaitSuccessor, countSecrets, deleteSecrets, endSecrets, insertSecret } from './secret-queries.ts'

// HS512 asks for a key as long as its hash, 64 bytes, and some libraries refuse to sign with a shorter one.
const secretBytes = 64
const secretLength = 86

// Each live secret is one more that a token is tried against.
const mostOlder = 10

export async function createSecret(keys: WorkspaceKeys, tx: Tx, { workspaceId, now }: { workspaceId: string; now: Date }): Promise<string> {
  const { version, key } = await keys.newest(tx, workspaceId, now)
  const id = newId(now.getTime())
  const secret = base62(randomBytes(secretBytes), secretLength)
  await insertSecret(tx, { workspaceId, id, sealed: seal(key, secret, secretPlace(workspaceId, id, version)), keyVersion: version, now })
  return secret
}

/** Answers when the older secrets end: now, later, or null where that is not known yet or there were none. */
export async function rotateSecret(
  keys: WorkspaceKeys,
  tx: Tx,
  { workspaceId, graceSeconds, graceFrom, now }: SecretRotation,
): Promise<{ secret: string; previousExpiresAt: Date | null }> {
  const isImmediate = graceFrom === 'now' && graceSeconds === 0
  const endsAt = new Date(now.getTime() + graceSeconds * 1000)
  await deleteSecrets(tx, workspaceId, { all: false, now })
  const older = await countSecrets(tx, workspaceId)
  if (!isImmediate && older > mostOlder) {
    throw new AppError(
      'conflict',
      `${older} older secrets still work. Rotate without a grace, which ends them, or wait until they have ended.`,
    )
  }
  if (isImmediate) await deleteSecrets(tx, workspaceId, { all: true, now })
  else if (graceFrom === 'now') await endSecrets(tx, workspaceId, endsAt)
  else await awaitSuccessor(tx, workspaceId, graceSeconds)
  const secret = await createSecret(keys, tx, { workspaceId, now })
  await raiseGates(tx, [workspaceId])
  return { secret, previousExpiresAt: older > 0 && graceFrom === 'now' ? endsAt : null }
}

/** The secret itself; throws under another root key, or where the row is another workspace's. */
export async function openSecret(keys: WorkspaceKeys, workspaceId: string, secret: LiveSecret): Promise<Buffer> {
  const { id, sealed, keyVersion, wrapped, rootVersion } = secret
  const { key } = await keys.open({ workspaceId, version: keyVersion, wrapped, rootVersion })
  return unseal(key, sealed, secretPlace(workspaceId, id, keyVersion))
}

export function secretPlace(workspaceId: string, id: string, keyVersion: number): string[] {
  return [workspaceId, id, String(keyVersion)]
}
