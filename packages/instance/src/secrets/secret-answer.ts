import type { ListedSecret, Secret } from '@freehold/contract'
import type { ListedSecretRow, SecretRow } from './queries.ts'

const dayMs = 86_400_000

export function toSecret(row: SecretRow, now: Date): Secret {
  return {
    id: row.id,
    key: row.key,
    environment: row.environment === '' ? null : row.environment,
    category: row.category,
    description: row.description,
    version: row.version,
    managed: row.managed,
    rotate_every_days: row.rotate_every_days,
    rotation_due_at: rotationDueAt(row)?.toISOString() ?? null,
    previous: previousOf(row, now),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    updated_by: row.updated_by,
  }
}

export function toListedSecret(row: ListedSecretRow, now: Date): ListedSecret {
  const { last_read_at: at, last_read_by_kind: kind, last_read_by_id: id, last_read_by_label: label } = row
  return {
    ...toSecret(row, now),
    last_read_at: at?.toISOString() ?? null,
    last_read_by: kind !== null && id !== null && label !== null ? { kind, id, label } : null,
  }
}

/** A secret as audit events name it. */
export function resourceOf({ id, environment, key }: Pick<SecretRow, 'id' | 'environment' | 'key'>) {
  return { kind: 'secret', id, label: environment === '' ? key : `${environment}/${key}` }
}

/** A secret as audit events show it, never with a value. A field called `key` is refused there, for what such fields elsewhere hold. */
export function snapshotOf(row: SecretRow, now: Date): Record<string, unknown> {
  const { key, id: _, created_at: __, updated_at: ___, updated_by: ____, ...shown } = toSecret(row, now)
  return { name: key, ...shown }
}

export function rotationDueAt({ rotated_at, rotate_every_days }: Pick<SecretRow, 'rotated_at' | 'rotate_every_days'>): Date | null {
  return rotate_every_days === null ? null : new Date(rotated_at.getTime() + rotate_every_days * dayMs)
}

function previousOf({ previous_version: version, previous_until: until }: SecretRow, now: Date): Secret['previous'] {
  if (version === null || (until !== null && until <= now)) return null
  return { version, valid_until: until?.toISOString() ?? null }
}
