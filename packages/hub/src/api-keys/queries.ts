import { build, type Db, type Tx } from '@freehold/db'
import type { KeySettings } from './key-settings.ts'

const columns = [
  'hub.credential.id',
  'name',
  'description',
  'role',
  'scopes',
  'hint',
  'created_at',
  'created_by',
  'expires_at',
  'revoked_at',
  'last_used_at',
  'last_ip',
  'allowed_ips',
  'allowed_origins',
  'environments',
  'replaces_id',
  'grace_seconds',
] as const

export type ApiKeyRow = Awaited<ReturnType<typeof listApiKeys>>[number]

function keysOf(workspaceId: string) {
  return build
    .selectFrom('hub.credential')
    .leftJoin('hub.credential_use', 'hub.credential_use.credential_id', 'hub.credential.id')
    .select(columns)
    .where('hub.credential.workspace_id', '=', workspaceId)
    .where('kind', '=', 'api_key')
}

/** Newest first, without those revoked; expired ones stay to be seen. */
export function listApiKeys(db: Db, workspaceId: string, page: { limit: number; after: string | null }) {
  let query = keysOf(workspaceId)
    .where('revoked_at', 'is', null)
    .orderBy('hub.credential.id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('hub.credential.id', '<', page.after)
  return db.rows(query)
}

export function findApiKey(db: Db, workspaceId: string, keyId: string) {
  return db.first(keysOf(workspaceId).where('hub.credential.id', '=', keyId).where('revoked_at', 'is', null))
}

/** The key, revoked or not, held until the transaction ends: whoever else wants to end or replace it waits. */
export async function lockApiKey(tx: Tx, workspaceId: string, keyId: string): Promise<ApiKeyRow | undefined> {
  await tx.run(
    build
      .selectFrom('hub.credential')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', keyId)
      .where('kind', '=', 'api_key')
      .forUpdate(),
  )
  return tx.first(keysOf(workspaceId).where('hub.credential.id', '=', keyId))
}

/** Whether a key has been rotated, and what replaces it is alive. */
export async function hasLiveSuccessor(tx: Tx, workspaceId: string, keyId: string, now: Date): Promise<boolean> {
  const row = await tx.first(
    build
      .selectFrom('hub.credential')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('replaces_id', '=', keyId)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      .limit(1),
  )
  return row !== undefined
}

/** How many keys count against the limit: those not revoked, and not replaced by one that counts itself. */
export async function countApiKeys(db: Db, workspaceId: string): Promise<number> {
  const row = await db.first(
    build
      .selectFrom('hub.credential as key')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('key.workspace_id', '=', workspaceId)
      .where('key.kind', '=', 'api_key')
      .where('key.revoked_at', 'is', null)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('hub.credential as successor')
              .select('successor.id')
              .where('successor.workspace_id', '=', workspaceId)
              .whereRef('successor.replaces_id', '=', 'key.id')
              .where('successor.revoked_at', 'is', null),
          ),
        ),
      ),
  )
  return Number(row?.count ?? 0)
}

export type NewApiKeyRow = {
  id: string
  hash: Buffer
  hint: string
  name: string
  description: string
  role: 'admin' | 'edit' | 'view'
  settings: KeySettings
  createdBy: string | null
  createdAt: Date
  expiresAt: Date | null
  replacesId: string | null
  /** Where the predecessor's grace begins at the first use of this key. */
  graceSeconds: number | null
}

export function insertApiKey(tx: Tx, workspaceId: string, key: NewApiKeyRow) {
  return tx.run(
    build.insertInto('hub.credential').values({
      id: key.id,
      kind: 'api_key',
      workspace_id: workspaceId,
      hash: key.hash,
      hint: key.hint,
      name: key.name,
      description: key.description,
      role: key.role,
      scopes: key.settings.scopes,
      allowed_ips: key.settings.allowedIps,
      allowed_origins: key.settings.allowedOrigins,
      environments: key.settings.environments,
      created_by: key.createdBy,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      replaces_id: key.replacesId,
      grace_seconds: key.graceSeconds,
    }),
  )
}

export function updateKeyEnd(tx: Tx, workspaceId: string, keyId: string, end: { revoked_at: Date } | { expires_at: Date }) {
  return tx.run(build.updateTable('hub.credential').set(end).where('workspace_id', '=', workspaceId).where('id', '=', keyId))
}

/** The predecessor's grace has begun. */
export function clearGrace(tx: Tx, workspaceId: string, keyId: string) {
  return tx.run(
    build.updateTable('hub.credential').set({ grace_seconds: null }).where('workspace_id', '=', workspaceId).where('id', '=', keyId),
  )
}

export async function listEnvironmentSlugs(db: Db, workspaceId: string): Promise<string[]> {
  const rows = await db.rows(build.selectFrom('hub.environment').select('slug').where('workspace_id', '=', workspaceId))
  return rows.map(({ slug }) => slug)
}

/** The longest life, in seconds, that the workspace's account allows a key; null is any. The scope holds both. */
export async function findLongestLifetime(tx: Tx, workspaceId: string): Promise<number | null> {
  const row = await tx.first(
    build
      .selectFrom('hub.account as account')
      .innerJoin('hub.workspace as workspace', 'workspace.account_id', 'account.id')
      .select('account.max_api_key_lifetime_seconds')
      .where('workspace.id', '=', workspaceId),
  )
  if (!row) throw new Error(`the account of workspace ${workspaceId} is out of scope`)
  return row.max_api_key_lifetime_seconds
}
