import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, maxSecretBytes, type Secret } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { SecretValue } from '@freehold/kit'
import type { DataKey, InstanceDeps } from '../deps.ts'
import { refuseKey, refuseManaged } from './refusals.ts'
import { countSecrets, lockSecret, type SecretRow } from './queries.ts'
import { resourceOf, snapshotOf, toSecret } from './secret-answer.ts'
import { openValue, type SealedValue, type SecretPlace } from './sealed-value.ts'
import { type Overlap, storeSecret } from './store-value.ts'
import { findVersion } from './version-queries.ts'

type Input = InputOf<'putSecret'>

/** Makes a secret or changes what is named of it. Only a value that differs makes a new version, so the same request may come twice. */
export async function putSecret(ctx: RequestContext, deps: InstanceDeps, { params, query, body }: Input): Promise<Secret> {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  const now = ctx.clock.now()
  const at = { workspaceId: workspace.id, environment: query.environment ?? '', key: params.key }
  const overlap = overlapOf(body)
  const value = valueOf(body)
  refuseKey(at.key)
  return ctx.mutate('secret.put', workspace, async (tx) => {
    const [held, dataKey] = await Promise.all([
      lockSecret(tx, at),
      deps.keys.newest(tx, workspace.id, now),
      at.environment !== '' && deps.environments.require(tx, workspace.id, at.environment),
    ])
    const before = held?.row
    if (before) refuseManaged(before)
    else await refuseNew(tx, deps, at, value)
    const isSame = value !== undefined && held !== undefined && (await holds(tx, deps, { at, held, dataKey, value }))
    const wanted = {
      value: isSame ? undefined : value,
      description: body.description,
      category: body.category,
      rotateEveryDays: body.rotate_every_days,
      overlap,
      dataKey,
      actorId: ctx.principal.id,
      now,
    }
    const after = before && isUnchanged(before, wanted) ? before : await storeSecret(tx, at, before, wanted)
    return {
      resource: resourceOf(after),
      before: before ? snapshotOf(before, now) : null,
      after: snapshotOf(after, now),
      result: toSecret(after, now),
    }
  })
}

function valueOf({ value }: Input['body']): SecretValue | undefined {
  if (value === undefined) return undefined
  const secret = new SecretValue(value)
  if (secret.sizeBytes > maxSecretBytes) throw invalid('value', 'must be at most 65536 bytes of UTF-8', 'Store the bytes as a file.')
  return secret
}

function overlapOf({ value, previous_valid_seconds: seconds, previous_until: until }: Input['body']): Overlap | null {
  if (seconds === undefined && until === undefined) return null
  if (value === undefined) throw invalid('value', 'is required', 'The value before gets an end only by a new one: send it.')
  return { seconds: seconds ?? 0, from: until === 'first_use' ? 'first_use' : 'now' }
}

async function refuseNew(tx: Tx, { limits }: InstanceDeps, { workspaceId }: SecretPlace, value: SecretValue | undefined): Promise<void> {
  if (value === undefined) throw invalid('value', 'is required', 'There is no such secret yet: send a value.')
  await limits.refuseOver(tx, workspaceId, 'secrets', () => countSecrets(tx, workspaceId))
}

type Holding = { at: SecretPlace; held: { row: SecretRow; current: SealedValue | null }; dataKey: DataKey; value: SecretValue }

/** Whether a locked secret holds this value already. One that does not open is written anew. */
export async function holds(tx: Tx, { keys }: InstanceDeps, { at, held, dataKey, value }: Holding): Promise<boolean> {
  const { version } = held.row
  const current = held.current ?? (await findVersion(tx, at, version))
  if (!current) return false
  const key = current.keyVersion === dataKey.version ? dataKey : await keys.at(tx, at.workspaceId, current.keyVersion)
  try {
    return openValue(key, current, at, version).equals(value)
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

type Changes = {
  value: SecretValue | undefined
  description?: string | undefined
  category?: string | undefined
  rotateEveryDays?: number | null | undefined
}

function isUnchanged(before: SecretRow, { value, description, category, rotateEveryDays }: Changes): boolean {
  const isKept = <T>(wanted: T | undefined, held: T) => wanted === undefined || wanted === held
  const keeps = isKept(description, before.description) && isKept(category, before.category)
  return value === undefined && keeps && isKept(rotateEveryDays, before.rotate_every_days)
}

function invalid(field: string, message: string, advice: string): AppError {
  return new AppError('invalid_request', `Mend /body/${field}: it ${message}. ${advice}`, {
    errors: [{ pointer: `/body/${field}`, message }],
  })
}
