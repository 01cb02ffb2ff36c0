import { build, type Db, type Tx } from '@freehold/db'

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
  'last_used_at',
  'last_ip',
  'allowed_ips',
  'allowed_origins',
  'environments',
  'replaces_id',
] as const

export type ApiKeyRow = Awaited<ReturnType<typeof listApiKeys>>[number]

function liveKeys(workspaceId: string) {
  return build
    .selectFrom('hub.credential')
    .leftJoin('hub.credential_use', 'hub.credential_use.credential_id', 'hub.credential.id')
    .select(columns)
    .where('hub.credential.workspace_id', '=', workspaceId)
    .where('kind', '=', 'api_key')
    .where('revoked_at', 'is', null)
}

/** Newest first, without those revoked; expired ones stay to be seen. */
export function listApiKeys(db: Db, workspaceId: string, page: { limit: number; after: string | null }) {
  let query = liveKeys(workspaceId)
    .orderBy('hub.credential.id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('hub.credential.id', '<', page.after)
  return db.rows(query)
}

export function findApiKey(db: Db, workspaceId: string, keyId: string) {
  return db.first(liveKeys(workspaceId).where('hub.credential.id', '=', keyId))
}

export async function countApiKeys(db: Db, workspaceId: string): Promise<number> {
  const row = await db.first(
    build
      .selectFrom('hub.credential')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('workspace_id', '=', workspaceId)
      .where('kind', '=', 'api_key')
      .where('revoked_at', 'is', null),
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
  createdBy: string | null
  createdAt: Date
  expiresAt: Date | null
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
      created_by: key.createdBy,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    }),
  )
}

/** Answers whether the key was there and alive. */
export async function revokeKey(tx: Tx, workspaceId: string, keyId: string, now: Date): Promise<boolean> {
  const revoked = await tx.run(
    build
      .updateTable('hub.credential')
      .set({ revoked_at: now })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', keyId)
      .where('kind', '=', 'api_key')
      .where('revoked_at', 'is', null),
  )
  return revoked === 1
}
