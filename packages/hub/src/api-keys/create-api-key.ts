import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { mintToken } from '@freehold/kit'
import { refuseOverLimit } from '../limits/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { toApiKey } from './api-key-answer.ts'
import { countApiKeys, findApiKey, insertApiKey } from './queries.ts'

const ninetyDaysSeconds = 7_776_000

export async function createApiKey(ctx: RequestContext, { body }: InputOf<'createApiKey'>) {
  const workspace = ctx.granted('workspace', 'manage_members')
  const now = ctx.clock.now()
  const expiresAt = expiryOf(ctx, body.lifetime_seconds === undefined ? ninetyDaysSeconds : body.lifetime_seconds, now)
  const key = mintToken('fhk')
  const role = body.role ?? 'edit'

  const row = await ctx.mutate('api_key.create', workspace, async (tx) => {
    await refuseOverLimit(tx, workspace.id, 'api_keys', () => countApiKeys(tx, workspace.id))
    await insertApiKey(tx, workspace.id, {
      id: key.id,
      hash: key.hash,
      hint: key.hint,
      name: body.name.trim(),
      description: body.description ?? '',
      role,
      createdBy: ctx.principal.kind === 'user' ? ctx.principal.id : null,
      createdAt: now,
      expiresAt,
    })
    await insertRelationship(tx, {
      resource: { type: 'workspace', id: workspace.id },
      relation: role,
      subject: { type: 'api_key', id: key.id },
      expiresAt,
      createdAt: now,
      createdBy: ctx.principal.kind === 'user' ? ctx.principal.id : null,
    })
    const created = (await findApiKey(tx, workspace.id, key.id))!
    return { resource: { kind: 'api_key', id: key.id, label: created.name }, after: toApiKey(created), result: created }
  })
  return { ...toApiKey(row), key: key.plaintext }
}

/** Throws where the key would outlive the key that makes it. */
function expiryOf(ctx: RequestContext, lifetimeSeconds: number | null, now: Date): Date | null {
  const expiresAt = lifetimeSeconds === null ? null : new Date(now.getTime() + lifetimeSeconds * 1000)
  const { kind, expiresAt: makersExpiry } = ctx.principal.credential
  if (kind === 'api_key' && makersExpiry !== null && (expiresAt === null || expiresAt > makersExpiry)) {
    throw new AppError(
      'forbidden',
      `A key makes no key that outlives it: choose a lifetime that ends before ${makersExpiry.toISOString()}.`,
      {
        members: { permission: 'manage_members' },
      },
    )
  }
  return expiresAt
}
