import { type Credential, type CredentialTypeName, credentialTypeOf } from '@freehold/contract'
import type { CredentialRow } from './queries.ts'

export function toCredential(row: CredentialRow): Credential {
  const type = row.type as CredentialTypeName
  const secretNames = Object.keys(credentialTypeOf(type).secrets.properties)
  return {
    id: row.id,
    name: row.name,
    type,
    environment: row.environment,
    fields: row.fields,
    secrets: Object.fromEntries(secretNames.map((name) => [name, row.masks[name] ?? null])),
    needs_secret: row.needs_secret,
    is_default: row.is_default,
    version: row.version,
    last_check: row.last_check,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    updated_at: row.updated_at.toISOString(),
  }
}

/** A credential as audit events show it: of its secrets only which there are. */
export function snapshotOf(row: CredentialRow): Record<string, unknown> {
  const { type, name, environment, fields, masks, needs_secret, is_default, version } = row
  return { type, name, environment, fields, secrets_held: Object.keys(masks).toSorted(), needs_secret, is_default, version }
}
