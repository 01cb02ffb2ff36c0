import type { RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import type { MintedToken } from '@freehold/kit'
import { insertRelationship } from '../relationships/index.ts'
import { roleOfKey } from './end-key.ts'
import { upsertNotices } from './notice-queries.ts'
import { noticesOf } from './notice-times.ts'
import { type ApiKeyRow, findApiKey, insertApiKey, type NewApiKeyRow } from './queries.ts'

type Wanted = Pick<NewApiKeyRow, 'name' | 'description' | 'role' | 'settings' | 'expiresAt' | 'replacesId' | 'graceSeconds'>

/** Stores a key with the tuple that gives it its role, and when to tell of its end. */
export async function storeKey(
  ctx: RequestContext,
  tx: Tx,
  { workspaceId, token, now, ...wanted }: Wanted & { workspaceId: string; token: MintedToken; now: Date },
): Promise<ApiKeyRow> {
  const { id, hash, hint } = token
  const createdBy = ctx.principal.kind === 'user' ? ctx.principal.id : null
  await insertApiKey(tx, workspaceId, { ...wanted, id, hash, hint, createdBy, createdAt: now })
  const { expiresAt } = wanted
  await insertRelationship(tx, { ...roleOfKey(workspaceId, { id, role: wanted.role }), expiresAt, createdAt: now, createdBy })
  await upsertNotices(tx, noticesOf({ id, workspaceId, createdAt: now, expiresAt }))
  return (await findApiKey(tx, workspaceId, id))!
}
