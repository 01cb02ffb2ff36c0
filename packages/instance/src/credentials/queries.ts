import type { CredentialCheck, CredentialFieldValue, CredentialTypeName } from '@freehold/contract'
import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'
import { deleteValues } from './value-queries.ts'

const columns = [
  'id',
  'type',
  'name',
  'environment',
  'fields',
  'masks',
  'needs_secret',
  'is_default',
  'version',
  'last_check',
  'created_by',
  'created_at',
  'updated_at',
] as const
export type CredentialRow = Pick<Selectable<Tables['instance.credential']>, (typeof columns)[number]>
export type Fields = Record<string, CredentialFieldValue>

function credentials(workspaceId: string) {
  return build.selectFrom('instance.credential').select(columns).where('workspace_id', '=', workspaceId)
}

type Filter = { type?: CredentialTypeName | undefined; environment?: string | undefined }

/** Newest first, one row more than the page; of an environment, those that may be used there. */
export function listCredentials(db: Db, workspaceId: string, page: { limit: number; after: string | null }, filter: Filter) {
  const { type, environment } = filter
  let query = credentials(workspaceId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (type !== undefined) query = query.where('type', '=', type)
  if (environment !== undefined) query = query.where((eb) => eb.or([eb('environment', 'is', null), eb('environment', '=', environment)]))
  return db.rows(query)
}

export function findCredential(db: Db, workspaceId: string, id: string): Promise<CredentialRow | undefined> {
  return db.first(credentials(workspaceId).where('id', '=', id))
}

export function findDefault(db: Db, workspaceId: string, type: CredentialTypeName): Promise<CredentialRow | undefined> {
  return db.first(credentials(workspaceId).where('type', '=', type).where('is_default', '=', true))
}

export function lockCredential(tx: Tx, workspaceId: string, id: string): Promise<CredentialRow | undefined> {
  return tx.first(credentials(workspaceId).where('id', '=', id).forUpdate())
}

/** Holds all credentials of a type, in one order, so that of two that become the default one comes after the other. */
export async function lockType(tx: Tx, workspaceId: string, type: string): Promise<void> {
  await tx.run(
    build
      .selectFrom('instance.credential')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('type', '=', type)
      .orderBy('id')
      .forUpdate(),
  )
}

export async function hasOfType(tx: Tx, workspaceId: string, type: string): Promise<boolean> {
  return (await tx.first(credentials(workspaceId).where('type', '=', type).limit(1))) !== undefined
}

export async function countCredentials(db: Db, workspaceId: string): Promise<number> {
  const row = await db.first(
    build
      .selectFrom('instance.credential')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('workspace_id', '=', workspaceId),
  )
  return Number(row?.count ?? 0)
}

type Stored = {
  name: string
  environment: string | null
  fields: Fields
  masks: Record<string, string>
  needsSecret: boolean
  isDefault: boolean
  version: number
}
export type NewCredentialRow = Stored & { workspaceId: string; id: string; type: string; createdBy: string | null; now: Date }

export async function insertCredential(
  tx: Tx,
  { workspaceId, id, type, createdBy, now, ...stored }: NewCredentialRow,
): Promise<CredentialRow> {
  const values = { workspace_id: workspaceId, id, type, created_by: createdBy, created_at: now, updated_at: now, ...toColumns(stored) }
  return (await tx.first(build.insertInto('instance.credential').values(values).returning(columns)))!
}

/** What was found by a check goes with what was checked: a changed credential has not been. */
export async function updateCredential(tx: Tx, { workspaceId, id }: Place, stored: Stored, now: Date): Promise<CredentialRow> {
  const changed = { ...toColumns(stored), last_check: null, updated_at: now }
  return (await tx.first(
    build.updateTable('instance.credential').set(changed).where('workspace_id', '=', workspaceId).where('id', '=', id).returning(columns),
  ))!
}

function toColumns({ name, environment, fields, masks, needsSecret, isDefault, version }: Stored) {
  const json = { fields: JSON.stringify(fields), masks: JSON.stringify(masks) }
  return { name, environment, ...json, needs_secret: needsSecret, is_default: isDefault, version }
}

type Place = { workspaceId: string; id: string }

export function clearDefault(tx: Tx, workspaceId: string, type: string) {
  return tx.run(
    build
      .updateTable('instance.credential')
      .set({ is_default: false })
      .where('workspace_id', '=', workspaceId)
      .where('type', '=', type)
      .where('is_default', '=', true),
  )
}

/** Undefined where the credential has changed since that version, or is gone. */
export function updateLastCheck(tx: Tx, { workspaceId, id, version }: Place & { version: number }, check: CredentialCheck) {
  return tx.first(
    build
      .updateTable('instance.credential')
      .set({ last_check: JSON.stringify(check) })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .where('version', '=', version)
      .returning(columns),
  )
}

export async function deleteCredential(tx: Tx, { workspaceId, id }: Place): Promise<void> {
  await deleteValues(tx, { workspaceId, id })
  await tx.run(build.deleteFrom('instance.credential').where('workspace_id', '=', workspaceId).where('id', '=', id))
}
