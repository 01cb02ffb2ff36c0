import type { SecretCategory } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { newId, type SecretValue } from '@freehold/kit'
import type { DataKey } from '../deps.ts'
import { type SecretRow, upsertSecret } from './queries.ts'
import { setReminder } from './reminder-queries.ts'
import { rotationDueAt } from './secret-answer.ts'
import { type SecretPlace, sealValue } from './sealed-value.ts'

/** How long the value before stays valid beside the new one. */
export type Overlap = { seconds: number; from: 'now' | 'first_use' }

export type Wanted = {
  /** Undefined where the value stays as it is. */
  value: SecretValue | undefined
  description?: string | undefined
  category?: SecretCategory | undefined
  rotateEveryDays?: number | null | undefined
  managed?: boolean
  overlap?: Overlap | null
  dataKey: DataKey
  actorId: string | null
  now: Date
}

/** Writes what is wanted over what is there; `before` is the locked row. A value makes a new version. */
export async function storeSecret(tx: Tx, at: SecretPlace, before: SecretRow | undefined, wanted: Wanted): Promise<SecretRow> {
  const { value, now, actorId } = wanted
  const version = (before?.version ?? 0) + (value === undefined ? 0 : 1)
  const sealed = value && sealValue(wanted.dataKey, value, at, version)
  const stored = {
    id: before?.id ?? newId(now.getTime()),
    category: wanted.category ?? before?.category ?? 'custom',
    description: wanted.description ?? before?.description ?? '',
    managed: wanted.managed ?? before?.managed ?? false,
    rotate_every_days: wanted.rotateEveryDays === undefined ? (before?.rotate_every_days ?? null) : wanted.rotateEveryDays,
    version,
    ...(value === undefined && before ? rotationOf(before) : newRotation(before, wanted)),
    created_at: before?.created_at ?? now,
    updated_at: now,
    updated_by: actorId,
  }
  const row = await upsertSecret(tx, at, stored, sealed)
  const reminds = row.rotate_every_days !== null || (before?.rotate_every_days ?? null) !== null
  if (reminds) await setReminder(tx, { secretId: row.id, workspaceId: at.workspaceId, dueAt: rotationDueAt(row) })
  return row
}

type Rotation = Pick<SecretRow, 'rotated_at' | 'previous_version' | 'previous_until' | 'previous_grace_seconds'>

function rotationOf({ rotated_at, previous_version, previous_until, previous_grace_seconds }: SecretRow): Rotation {
  return { rotated_at, previous_version, previous_until, previous_grace_seconds }
}

function newRotation(before: SecretRow | undefined, { overlap, now }: Wanted): Rotation {
  const none = { rotated_at: now, previous_version: null, previous_until: null, previous_grace_seconds: null }
  if (!before || !overlap) return none
  const ends = new Date(now.getTime() + overlap.seconds * 1000)
  const isFromNow = overlap.from === 'now'
  return {
    rotated_at: now,
    previous_version: before.version,
    previous_until: isFromNow ? ends : null,
    previous_grace_seconds: isFromNow ? null : overlap.seconds,
  }
}
