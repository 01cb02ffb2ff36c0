import type { InputOf, RequestContext } from '@freehold/authz/request'
import { mintToken } from '@freehold/kit'
import { refuseOverLimit } from '../limits/index.ts'
import { toApiKey } from './api-key-answer.ts'
import { chooseExpiry } from './key-lifetime.ts'
import { readSettings, refuseWiderKey } from './key-settings.ts'
import { countApiKeys, findLongestLifetime } from './queries.ts'
import { storeKey } from './store-key.ts'

export async function createApiKey(ctx: RequestContext, { body }: InputOf<'createApiKey'>) {
  const workspace = ctx.granted('workspace', 'manage_members')
  const settings = await readSettings(ctx, workspace.id, body)
  refuseWiderKey(ctx.principal, settings)
  const now = ctx.clock.now()
  const token = mintToken('fhk')

  const row = await ctx.mutate('api_key.create', workspace, async (tx) => {
    const policySeconds = await findLongestLifetime(tx, workspace.id)
    const expiresAt = chooseExpiry(body.lifetime_seconds, { maker: ctx.principal, policySeconds, now })
    await refuseOverLimit(tx, workspace.id, 'api_keys', () => countApiKeys(tx, workspace.id))
    const created = await storeKey(ctx, tx, {
      workspaceId: workspace.id,
      token,
      now,
      name: body.name.trim(),
      description: body.description ?? '',
      role: body.role ?? 'edit',
      settings,
      expiresAt,
      replacesId: null,
      graceSeconds: null,
    })
    return { resource: { kind: 'api_key', id: created.id, label: created.name }, after: toApiKey(created), result: created }
  })
  return { ...toApiKey(row), key: token.plaintext }
}
