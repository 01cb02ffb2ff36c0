import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { SecretCategory } from '@freehold/contract'
import { type Selectable, sql } from 'kysely'
import type { SealedValue, SecretPlace } from './sealed-value.ts'

const columns = [
  'environment',
  'key',
  'id',
  'category',
  'description',
  'managed',
  'version',
  'rotated_at',
  'rotate_every_days',
  'previous_version',
  'previous_until',
  'previous_grace_seconds',
  'created_at',
  'updated_at',
  'updated_by',
] as const
const readColumns = ['last_read_at', 'last_read_by_kind', 'last_read_by_id', 'last_read_by_label'] as const
export type SecretRow = Pick<Selectable<Tables['instance.secret']>, (typeof columns)[number]>
export type ListedSecretRow = SecretRow & Pick<Selectable<Tables['instance.secret']>, (typeof readColumns)[number]>

function secrets(workspaceId: string) {
  return build.selectFrom('instance.secret').select(columns).where('workspace_id', '=', workspaceId)
}

function secretAt({ workspaceId, environment, key }: SecretPlace) {
  return secrets(workspaceId).where('environment', '=', environment).where('key', '=', key)
}

export type SecretFilter = { category?: SecretCategory | undefined; q?: string | undefined }
type PageByKey = { limit: number; after: string | null }

/** What an environment sees, its own over the shared, by key; one row more than the page. */
export function listSecrets(
  db: Db,
  { workspaceId, environment }: { workspaceId: string; environment: string },
  page: PageByKey,
  { category, q }: SecretFilter,
): Promise<ListedSecretRow[]> {
  let query = secrets(workspaceId)
    .select(readColumns)
    .where('environment', 'in', ['', environment])
    .orderBy('key')
    .limit(page.limit + 1)
  if (environment !== '') {
    query = query.where(({ or, eb, not, exists, selectFrom }) =>
      or([
        eb('environment', '=', environment),
        not(
          exists(
            selectFrom('instance.secret as own')
              .select('own.id')
              .where('own.workspace_id', '=', workspaceId)
              .where('own.environment', '=', environment)
              .whereRef('own.key', '=', 'instance.secret.key'),
          ),
        ),
      ]),
    )
  }
  if (page.after !== null) query = query.where('key', '>', page.after)
  if (category !== undefined) query = query.where('category', '=', category)
  const wanted = q?.trim()
  if (wanted) query = query.where('key', 'ilike', `%${wanted.replace(/[\\%_]/g, '\\$&')}%`)
  return db.rows(query)
}

/** Of all environments, by id. */
export function listAllSecrets(db: Db, workspaceId: string, page: { limit: number; after: string | null }): Promise<ListedSecretRow[]> {
  let query = secrets(workspaceId).select(readColumns).orderBy('id').limit(page.limit)
  if (page.after !== null) query = query.where('id', '>', page.after)
  return db.rows(query)
}

export function findSecret(db: Db, at: SecretPlace): Promise<SecretRow | undefined> {
  return db.first(secretAt(at))
}

/**
 * The row, held until the transaction ends, with what it holds. The value is null where the lock has waited for a writer: its version
 * came after this statement began.
 */
export async function lockSecret(tx: Tx, at: SecretPlace): Promise<{ row: SecretRow; current: SealedValue | null } | undefined> {
  const held = await tx.first(
    secretAt(at)
      .select((eb) => [
        eb.selectFrom('instance.secret_version as v').select('v.sealed').where(isVersionOf).as('sealed'),
        eb.selectFrom('instance.secret_version as v').select('v.key_version').where(isVersionOf).as('key_version'),
      ])
      .forUpdate(),
  )
  if (!held) return undefined
  const { sealed, key_version: keyVersion, ...row } = held
  return { row, current: sealed === null || keyVersion === null ? null : { sealed, keyVersion } }
}

const isVersionOf = sql<boolean>`(v.workspace_id, v.environment, v.key, v.version)
  = (instance.secret.workspace_id, instance.secret.environment, instance.secret.key, instance.secret.version)`

/** The row alone, by its id. */
export function lockSecretById(tx: Tx, workspaceId: string, id: string): Promise<SecretRow | undefined> {
  return tx.first(secrets(workspaceId).where('id', '=', id).forUpdate())
}

/** Several of one environment. In the order of their keys, so that two that hold several do not wait for each other. */
export function lockSecrets(tx: Tx, workspaceId: string, environment: string, keys: readonly string[]): Promise<SecretRow[]> {
  return tx.rows(
    secrets(workspaceId)
      .where('environment', '=', environment)
      .where((eb) => eb('key', '=', eb.fn.any(eb.val([...keys]))))
      .orderBy('key')
      .forUpdate(),
  )
}

/** What counts for the limit: the platform's own do not. */
export async function countSecrets(tx: Tx, workspaceId: string): Promise<number> {
  const row = await tx.first(
    build
      .selectFrom('instance.secret')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('workspace_id', '=', workspaceId)
      .where('managed', '=', false),
  )
  return Number(row?.count ?? 0)
}

export type StoredSecret = Omit<SecretRow, 'environment' | 'key'>

/** How many versions of a secret are kept. */
const keptVersions = 100

/** Writes a secret as it shall be, whether or not it is there; a value becomes its version, and versions that are too many go. */
export async function upsertSecret(
  tx: Tx,
  { workspaceId, environment, key }: SecretPlace,
  stored: StoredSecret,
  value: SealedValue | undefined,
): Promise<SecretRow> {
  const { id: _, created_at: __, ...changes } = stored
  const { version } = stored
  const place = { workspace_id: workspaceId, environment, key }
  const made = value && {
    ...place,
    version,
    sealed: value.sealed,
    key_version: value.keyVersion,
    created_at: stored.updated_at,
    created_by: stored.updated_by,
  }
  const rowOf = (query: Pick<typeof build, 'insertInto'>) =>
    query
      .insertInto('instance.secret')
      .values({ ...place, ...stored })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'environment', 'key']).doUpdateSet(changes))
      .returning(columns)
  // One statement: the version's reference to its secret is checked at its end.
  const withVersion = made && build.with('made', (db) => db.insertInto('instance.secret_version').values(made))
  const row = await tx.first(rowOf(withVersion ?? build))
  if (made && version > keptVersions) await dropVersions(tx, { workspaceId, environment, key }, version - keptVersions)
  return row!
}

function dropVersions(tx: Tx, { workspaceId, environment, key }: SecretPlace, upTo: number) {
  return tx.run(
    build
      .deleteFrom('instance.secret_version')
      .where('workspace_id', '=', workspaceId)
      .where('environment', '=', environment)
      .where('key', '=', key)
      .where('version', '<=', upTo),
  )
}

/** With all its versions. */
export function deleteSecret(tx: Tx, { workspaceId, environment, key }: SecretPlace) {
  return tx.run(
    build
      .deleteFrom('instance.secret')
      .where('workspace_id', '=', workspaceId)
      .where('environment', '=', environment)
      .where('key', '=', key),
  )
}
