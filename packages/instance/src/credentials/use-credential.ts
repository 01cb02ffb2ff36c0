import { AppError, type CredentialTypeName, credentialTypeOf } from '@freehold/contract'
import type { Db } from '@freehold/db'
import type { InstanceDeps } from '../deps.ts'
import { existing } from './find-credential.ts'
import { OpenedSecret } from './opened-secret.ts'
import { type CredentialRow, type Fields, findCredential, findDefault } from './queries.ts'
import { openValues } from './sealed-values.ts'

export type UsableCredential = {
  id: string
  name: string
  type: CredentialTypeName
  version: number
  fields: Fields
  /** Where it may be sent: what its secrets are revealed for. */
  destination: string
  secrets: Record<string, OpenedSecret>
}
type Wanted = { workspaceId: string; environment?: string } & ({ id: string } | { type: CredentialTypeName })

/**
 * Opens a credential of the workspace, by its id or as the default of a type, for use by a feature. The scope is the workspace. Throws
 * `not_found` where there is none that `environment` may use, `invalid_state` where its secret is missing, and `sealed`.
 */
export async function useCredential(db: Db, deps: Pick<InstanceDeps, 'keys'>, wanted: Wanted): Promise<UsableCredential> {
  const { workspaceId, environment } = wanted
  const row = 'id' in wanted ? existing(await findCredential(db, workspaceId, wanted.id)) : await findDefault(db, workspaceId, wanted.type)
  if (!row) throw new AppError('not_found', 'The workspace has no default credential of this type. Create one, or choose the default.')
  if (row.environment !== null && environment !== undefined && row.environment !== environment)
    throw new AppError('not_found', `The credential is for the environment \`${row.environment}\` alone. Choose another.`)
  if (row.needs_secret) throw new AppError('invalid_state', 'The credential lacks its secret. Send it by `PATCH …/credentials/{id}`.')
  return openCredential(db, deps, { workspaceId, row })
}

export async function openCredential(
  db: Db,
  deps: Pick<InstanceDeps, 'keys'>,
  { workspaceId, row }: { workspaceId: string; row: CredentialRow },
): Promise<UsableCredential> {
  const type = row.type as CredentialTypeName
  const destination = JSON.stringify(credentialTypeOf(type).binds.map((name) => row.fields[name] ?? null))
  const values = await openValues(db, deps, { workspaceId, id: row.id })
  const secrets = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new OpenedSecret(value, destination)]))
  return { id: row.id, name: row.name, type, version: row.version, fields: row.fields, destination, secrets }
}
